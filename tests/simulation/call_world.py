"""A world of agents: calls are scheduled, chained, cancelled and made; the tenant's dialler answers as it likes."""

import json
from collections.abc import Callable
from dataclasses import replace
from random import Random

from drumbeat.adapters.dynamodb.answers import AnswerStore
from drumbeat.adapters.dynamodb.contacts import ContactStore
from drumbeat.adapters.dynamodb.items import from_wire
from drumbeat.adapters.dynamodb.lane_items import lane_of
from drumbeat.adapters.dynamodb.noted_calls import NotedCallStore
from drumbeat.adapters.dynamodb.references import ReferenceStore
from drumbeat.application.call_results import CallResultPorts
from drumbeat.application.check_request import CheckPorts
from drumbeat.application.connector_answers import AnswerPorts
from drumbeat.domain.errors import DomainError
from drumbeat.domain.sequence import SequenceStatus
from drumbeat.domain.times import DAY, HOUR, MINUTE, SECOND
from tests.memory.client import MemoryClient, Perform
from tests.memory.store import Answer, Params
from tests.memory.stream import Record
from tests.memory.values import Item
from tests.simulation.cadence_world import AskingWorld, WatchedAttempts
from tests.simulation.call_feed import CallFeed
from tests.simulation.call_money import CallMoney
from tests.simulation.call_office import CallOffice, follows
from tests.simulation.call_options import CallOptions, drawn_calls
from tests.simulation.call_oracle import CallOracle
from tests.simulation.call_orders import drawn_cancels, drawn_orders
from tests.simulation.call_records import Order
from tests.simulation.call_requests import CallRequests
from tests.simulation.call_scenery import APP, CallScenery
from tests.simulation.call_users import CallUsers
from tests.simulation.diallers import Diallers, Manner, What, When
from tests.simulation.faults import Faults, RandomFaults
from tests.simulation.oracle import ANSWER
from tests.simulation.queue import Letter, SendQueue
from tests.simulation.reckoning import _check_lane, _senders
from tests.simulation.records import kind_of
from tests.simulation.scenery import TABLE
from tests.simulation.schedule import Result, finish
from tests.simulation.scheduler import Process

_BATCH_VISIBILITY = 12 * MINUTE
_SWEPT_EVERY = 5 * MINUTE
_LONG = 6 * HOUR + MINUTE
"""After so long everything that stands still is looked at."""
PATIENT = 10_000
"""How often those try who do not give up."""
_WHEN = (*When, When.SOON, When.SOON, When.SOON, When.AT_ONCE, When.TWICE)
_WHAT = (*What, What.REACHED, What.REACHED, What.NOT_REACHED, What.NOT_REACHED, What.BUSY)


class CallWorld(AskingWorld):
    """A world in which calls are made."""

    options: CallOptions
    users: CallUsers

    def __init__(
        self, options: CallOptions, scenery: CallScenery, rng: Random, faults: Faults, manner: Callable[[], Manner]
    ) -> None:
        self._settled: Callable[[], None] = lambda: None
        super().__init__(options, scenery, rng, faults)
        agents = dict.fromkeys(scenery.sequences, options.price)
        self.calls = CallOracle(self.oracle)
        self.money = CallMoney(self.calls, self.oracle, agents)
        self.requests = CallRequests(self.calls, self.oracle, options.steps_of_agents, options.retries)
        self._settled, self.looks = self.calls.settled, self.requests.looks
        self.users = CallUsers(self.table, scenery, rng, self.oracle.promised, known=lambda: self.calls)
        self.batches = SendQueue(
            self.scheduler, rng, self.wire, self._work_on, batch=2, duplicates=options.duplicates,
            visibility=_BATCH_VISIBILITY,
        )  # fmt: skip
        self.office = CallOffice(self.table, self.batches.client, self.users, rng)
        users = self.users
        keys_ = self.send_ports.keys
        ports = AnswerPorts(users.enrollments, users.sequences, AnswerStore(self.table), users.lanes, keys_)
        results = CallResultPorts(users.enrollments, users.sequences, NotedCallStore(self.table), users.lanes, keys_)
        checks = CheckPorts(
            users.enrollments, users.sequences, ContactStore(self.table), ReferenceStore(self.table), keys_
        )
        diallers = Diallers(
            self.scheduler, faults, self.requests, ports, results, checks, self._answer, self._find, manner, rng
        )
        attempts = WatchedAttempts(self.table, noted=self._look)
        self.send_ports = replace(self.send_ports, connector=diallers, attempts=attempts)
        self.feed = CallFeed(self.scheduler, rng, faults, self.store, TABLE, options.feeding, follows, self._follow)

    def client(self) -> MemoryClient:
        """The oracle hears when a call to the store is done."""

        def around(operation: str, params: Params, perform: Perform) -> Answer:
            def watched(asked: Params) -> Answer:
                try:
                    return perform(asked)
                finally:
                    self._settled()

            return self.wire.around(operation, params, watched)

        return MemoryClient(self.store, around)

    def _answer(self, at: int, act: Callable[[int], object]) -> None:
        self.act(at, ANSWER, act, retries=PATIENT)

    # --- Orders and cancels ---

    def order(self, at: int, order: Order, *, tries: int = PATIENT) -> None:
        """A customer schedules calls, and tries again with the same key until it is answered, or gives up."""
        self.calls.orders.append(order)
        order.begun_first = at
        self._order(at, order, tries)

    def _order(self, at: int, order: Order, tries: int) -> None:
        process = self.process("schedule", lambda ended: self._ordered(ended, order, tries))
        clock = self.clock_of(process)
        self.calls.order_of[process] = order
        self.scheduler.spawn(at, process, lambda: self.office.schedule(order, clock()))

    def _ordered(self, process: Process, order: Order, tries: int) -> None:
        self._check_end(process)
        failed = process.dead or (process.error is not None and not isinstance(process.error, DomainError))
        if failed and tries > 1:
            self._order(self.scheduler.now + self.rng.randrange(5 * SECOND), order, tries - 1)
        elif not failed and process.error is None:
            self.calls.answered(order)
        elif not failed:
            self.oracle.tell(f"order {order.intent} refused: {process.error}")

    def cancel(self, at: int, variable: str, value: str) -> None:
        """A customer cancels, and tries again until it is answered."""

        def act(now: int) -> None:
            cancel = self.calls.cancel_begins(1, variable, value)
            self.office.cancel(cancel, now)
            cancel.ended = self.calls.now()

        self.act(at, f"cancel {variable}={value}", act, retries=PATIENT)

    # --- What goes on behind ---

    def _work_on(self, letters: list[Letter]) -> None:
        for letter in letters:
            self._hand_out(letter)

    def _hand_out(self, letter: Letter) -> None:
        def ended(process: Process) -> None:
            self._check_end(process)
            if process.dead or process.error is not None:
                letter.receipts = 1
                self.batches.again([letter])

        process = self.process("batch", ended)
        process.lifetime = 120 * SECOND
        clock, late = self.clock_of(process), self.scheduler.now + 100 * SECOND
        message = json.loads(letter.body)
        self.scheduler.spawn(
            self.scheduler.now,
            process,
            lambda: self.office.work(message, now=clock(), out_of_time=lambda: self.scheduler.now > late),
        )

    def _follow(self, records: list[Record]) -> None:
        def ended(process: Process) -> None:
            self._check_end(process)
            if process.dead or process.error is not None:
                self.feed.again(records)

        process = self.process("follow", ended)
        process.lifetime = 60 * SECOND
        clock = self.clock_of(process)
        self.scheduler.spawn(self.scheduler.now, process, lambda: self.office.follow(records, now=clock()))

    def sweep(self, at: int) -> None:
        """The sweeper's timer fires."""
        process = self.process("sweep")
        process.lifetime = 55 * SECOND
        clock = self.clock_of(process)
        self.scheduler.spawn(at, process, lambda: self.office.sweep(now=clock()))

    # --- Trouble and peace ---

    def trouble(self) -> None:
        """Phase 1, with orders and cancels among what users do."""
        options, rng = self.options, self.rng
        end = options.start + options.trouble_for
        for order in drawn_orders(options, rng):
            at = self._busy_instant(end)
            self.order(at, order, tries=rng.choice((1, 3, PATIENT)))
            if rng.random() < 0.15:
                self._order(at + rng.randrange(SECOND), order, 1)  # the same call twice at once
        for variable, value in drawn_cancels(options, rng):
            self.cancel(self._busy_instant(end), variable, value)
        for at in range(options.start, end, _SWEPT_EVERY):
            self.sweep(at)
        super().trouble()

    def heal(self) -> None:
        """Phase 2: no more faults; what stands still is swept, who is in doubt is sometimes decided on."""
        super().heal()
        now = self.scheduler.now
        for hours in (0, _LONG, 2 * _LONG, 5 * DAY, 5 * DAY + _LONG):
            self.sweep(now + hours)
        for member in self.calls.members.values():
            if member.state == "parked" and self.rng.random() < 0.5:
                what = self.rng.choice(("accepted", "not accepted", "resend"))
                self.act(now, what, self.users.named(what, self.users.target_of(member.who)))

    def reckon(self) -> None:
        """At rest."""
        self.calls.reckon()
        self.money.reckon(self.feed.lost)
        stored = list(self.store.items(TABLE))
        senders = _senders(stored)
        for item in stored:
            kind, tenant = kind_of(item["PK"]["S"])
            if kind == "enrollment":
                self.requests.reckon(tenant, item)
            elif kind == "lane":
                self._reckon_lane(item, senders)

    def _reckon_lane(self, item: Item, senders: set[tuple[int, int]]) -> None:
        lane = lane_of({"woken_at": 0} | from_wire(item))
        if lane.sender != APP:  # who never mails has nothing to count
            _check_lane(self.oracle, lane, is_retired=(lane.tenant, lane.sender) not in senders)

    @property
    def patience(self) -> int:
        """A day for every call that nobody hears of, and days for what is put off."""
        return 60 * DAY


def run(seed: int) -> Result:
    """The schedule of a seed."""
    rng = Random(seed + 1)
    options = drawn_calls(seed)
    faults = RandomFaults(rng, options.fault_rate, options.fault_kinds, options.slow)
    scenery = CallScenery(options, SequenceStatus.ACTIVE, 0)
    world = CallWorld(options, scenery, rng, faults, lambda: Manner(rng.choice(_WHEN), rng.choice(_WHAT)))
    return finish(world, world.trouble, replay=f"call {seed}")
