"""Batches in virtual time: production use cases on production adapters, workers, sweeps, users; trouble, then peace."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Any, cast

from botocore.exceptions import BotoCoreError, ClientError

from drumbeat.adapters.dynamodb.batches import BatchStore
from drumbeat.adapters.dynamodb.numbers import Counters
from drumbeat.adapters.dynamodb.table import Table, TransactionRefused
from drumbeat.adapters.sqs import QueueRefused, SqsBatchQueue
from drumbeat.application.batch_actions import Action
from drumbeat.application.batch_bury import bury_batch_work
from drumbeat.application.batch_ports import BatchPorts, BatchRunPorts
from drumbeat.application.batch_sweep import sweep_batches
from drumbeat.application.batch_work import WorkPorts, continue_batch_work
from drumbeat.application.batches import Order, batch_items, cancel_batch, confirm_batch, start_batch
from drumbeat.domain.batch import BatchState, TargetKind
from drumbeat.domain.errors import BatchOver, DomainError
from drumbeat.domain.times import HOUR, MINUTE, SECOND
from drumbeat.entrypoints.queue import attempted
from tests.batch_stage import MARK, MARK_IN_ORDER, START, TENANT, Marking, Numbered
from tests.memory.client import MemoryClient
from tests.memory.store import Store
from tests.simulation.batch_oracle import BatchOracle, check_batch
from tests.simulation.faults import Faults
from tests.simulation.queue import Letter, SendQueue
from tests.simulation.records import Violation
from tests.simulation.scenery import TABLE, table_shape
from tests.simulation.scheduler import Process, Scheduler, Work
from tests.simulation.wire import Wire

MOST_RECEIPTS = 5
_VISIBILITY = 12 * MINUTE
_BURIED_AGAIN = 3 * HOUR
_EXPECTED = (BotoCoreError, ClientError, TransactionRefused, QueueRefused, DomainError)
_PATIENCE = 48 * HOUR


@dataclass(frozen=True, slots=True)
class BatchOptions:
    """A schedule of batches. `lost` is how many messages never arrive; the times are milliseconds after the start."""

    targets: tuple[tuple[int, ...] | None, ...] = (tuple(range(1, 251)),)
    there: int = 250
    ordered: bool = False
    poisoned: frozenset[int] = frozenset()
    cancel_at: int | None = None
    confirm_at: int | None = None
    trouble_for: int = 10 * MINUTE
    lost: float = 0.0
    duplicates: float = 0.0
    lag: int = 0
    torn: float = 0.0


class BatchWorld:
    """Everything a schedule runs on."""

    def __init__(self, options: BatchOptions, rng: Random, faults: Faults) -> None:
        self.options, self.rng, self.faults = options, rng, faults
        self.scheduler = scheduler = Scheduler(rng, START)
        self.oracle = BatchOracle(scheduler)
        self.violation: Violation | None = None
        wire = Wire(scheduler, faults, rng.random, options.torn)
        self.store = Store(lambda: scheduler.now, [table_shape()], lag=lambda *_: int(rng.random() * options.lag))
        self.store.observers.append(self.oracle.changed)
        self.table = Table(MemoryClient(self.store, wire.around), TABLE)  # type: ignore[arg-type]
        self.queue = SendQueue(
            scheduler, rng, wire, self._deliver, batch=3, duplicates=options.duplicates, visibility=_VISIBILITY
        )
        self.batches = BatchStore(self.table)
        queue = SqsBatchQueue(self.queue.client, "https://queue.invalid/batch")  # type: ignore[arg-type]
        self.ports = BatchPorts(self.batches, Counters(self.table), queue)
        marking = Marking(self.table, poisoned=set(options.poisoned))
        actions = {MARK: Action(marking.run), MARK_IN_ORDER: Action(marking.run, ordered=True)}
        run = BatchRunPorts(self.batches, queue, actions, {TargetKind.CONTACTS: Numbered(options.there)})
        self.work_ports = WorkPorts(run, *(4 * [cast(Any, None)]))
        self.numbers: dict[int, int] = {}

    # --- Processes ---

    def spawn(self, name: str, lifetime: int, work: Work, ended: Callable[[Process], None]) -> None:
        """Begins a process now."""
        process = Process(name, on_end=ended)
        process.lifetime = lifetime
        self.scheduler.spawn(self.scheduler.now, process, work)

    def _check(self, process: Process) -> None:
        if isinstance(process.error, Violation):
            self.violation = process.error
        elif process.error is not None and not isinstance(process.error, (*_EXPECTED, RuntimeError)):
            self.violation = Violation("error", f"{process.name}: {process.error!r}")

    def _deliver(self, letters: list[Letter]) -> None:
        for letter in letters:
            if self.faults.on and self.rng.random() < self.options.lost:
                continue
            self._hand_out(letter)

    def _hand_out(self, letter: Letter) -> None:
        buried = letter.receipts > MOST_RECEIPTS

        def work() -> None:
            now, message = self.scheduler.now, json.loads(letter.body)
            late = now + (240 if buried else 100) * SECOND
            if buried:
                bury_batch_work(
                    self.work_ports, message, attempt=attempted, out_of_time=lambda: self.scheduler.now > late, now=now
                )
            else:
                continue_batch_work(self.work_ports, message, out_of_time=lambda: self.scheduler.now > late, now=now)

        def ended(process: Process) -> None:
            self._check(process)
            if process.dead or process.error is not None:
                self._again(letter, buried=buried)

        self.spawn("worker", (300 if buried else 120) * SECOND, work, ended)

    def _again(self, letter: Letter, *, buried: bool) -> None:
        if letter.receipts < MOST_RECEIPTS:
            self.queue.again([letter])
            return
        letter.receipts = MOST_RECEIPTS + 1
        when = self.scheduler.now + (_BURIED_AGAIN if buried else SECOND)
        self.scheduler.at(when, lambda: self._hand_out(letter))

    def sweep(self) -> None:
        """The timer fires."""
        late = self.scheduler.now + 45 * SECOND
        self.spawn(
            "sweep",
            55 * SECOND,
            lambda: sweep_batches(
                self.batches,
                self.ports.queue,
                out_of_time=lambda: self.scheduler.now > late,
                now=self.scheduler.now,
            ),
            self._check,
        )

    def _insist(self, name: str, act: Callable[[], object], over: tuple[type[Exception], ...] = ()) -> None:
        """A user who tries again until it is done, or can't be any more."""

        def ended(process: Process) -> None:
            if isinstance(process.error, over):
                return
            self._check(process)
            if process.dead or process.error is not None:
                self.scheduler.at(self.scheduler.now + 30 * SECOND, lambda: self._insist(name, act, over))

        self.spawn(name, 29 * SECOND, act, ended)

    # --- Users ---

    def start(self, place: int) -> None:
        """A user starts the batch at this place of the options."""
        ids = self.options.targets[place]
        action = MARK_IN_ORDER if self.options.ordered else MARK
        order = Order(action, TargetKind.CONTACTS, ids=ids, skip_confirmation=self.options.confirm_at is None)

        def act() -> None:
            started = start_batch(
                self.ports, tenant=TENANT, order=order, all_unconfirmed=True, intent=f"i{place}", now=self.scheduler.now
            )
            self.numbers[place] = started.number

        self._insist("start", act)

    def confirm(self, place: int) -> None:
        """A user confirms."""
        number = self.numbers.get(place)
        if number is None:
            self.scheduler.at(self.scheduler.now + MINUTE, lambda: self.confirm(place))
            return
        at = lambda: self.scheduler.now  # noqa: E731 - read anew at every try
        self._insist(
            "confirm",
            lambda: confirm_batch(self.ports, tenant=TENANT, number=number, count=None, now=at()),
            (BatchOver,),
        )

    def cancel(self, place: int) -> None:
        """A user cancels."""
        number = self.numbers.get(place)
        if number is not None:
            self._insist(
                "cancel",
                lambda: cancel_batch(self.ports, tenant=TENANT, number=number, now=self.scheduler.now),
                (BatchOver,),
            )

    # --- The whole ---

    def play(self) -> None:
        """Trouble, peace, reckoning. Raises Violation."""
        options, scheduler = self.options, self.scheduler
        for place in range(len(options.targets)):
            scheduler.at(START + place * SECOND, lambda place=place: self.start(place))  # type: ignore[misc]
            if options.confirm_at is not None:
                scheduler.at(START + options.confirm_at, lambda place=place: self.confirm(place))  # type: ignore[misc]
        if options.cancel_at is not None:
            scheduler.at(START + options.cancel_at, lambda: self.cancel(0))
        while not self._at_rest():
            if scheduler.now > START + _PATIENCE:
                raise Violation("stuck", "batches are not over after two days")
            if scheduler.now >= START + options.trouble_for:
                self.faults.on = False
            self.sweep()
            scheduler.run_until(scheduler.now + 5 * MINUTE)
            if self.violation is not None:
                raise self.violation
        self._reckon()

    def _at_rest(self) -> bool:
        if self.scheduler.now < START + self.options.trouble_for or len(self.numbers) < len(self.options.targets):
            return False
        if any(self.batches.open(until=self.scheduler.now + 2 * _PATIENCE)):
            return False
        found = [self.batches.get(TENANT, number) for number in self.numbers.values()]
        return all(batch is not None and batch.state.over and not batch.pending for batch in found)

    def _reckon(self) -> None:
        marks = {int(item["SK"]): item["tag"] for item in self.table.items(f"T#{TENANT}#MARK")}
        for place, number in self.numbers.items():
            batch = self.batches.get(TENANT, number)
            if batch is None:
                raise Violation("lost", "a batch is gone")
            wanted = self.options.targets[place]
            targets = list(range(1, self.options.there + 1)) if wanted is None else list(wanted)
            items = list(batch_items(self.batches, batch))
            if batch.state is BatchState.CANCELED and batch.started_at is None:
                targets = targets[: len(items)]
            check_batch(batch, items, targets, marks, self.options.there, set(self.options.poisoned))
            finishes = self.oracle.finished.get(f"{number}", 0)
            if finishes != (batch.state is BatchState.FINISHED):
                raise Violation("twice", f"finished {finishes} times")
