"""A world whose sequences are cadences: a mail, a wait, a step on LinkedIn, and a mail that the tenant's app drafts."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from random import Random

from drumbeat.adapters.dynamodb import keys
from drumbeat.adapters.dynamodb.answers import AnswerStore
from drumbeat.adapters.dynamodb.enrollment_items import enrollment_item
from drumbeat.adapters.dynamodb.items import from_wire
from drumbeat.adapters.dynamodb.lane_items import lane_of
from drumbeat.adapters.dynamodb.sends import AttemptStore
from drumbeat.adapters.dynamodb.sequence_items import sender_item, sequence_item
from drumbeat.application.connector_answers import AnswerPorts
from drumbeat.domain.contact import Contact
from drumbeat.domain.enrollment import Enrollment, EnrollmentState, Lead, new_enrollment
from drumbeat.domain.ids import EnrollmentKey
from drumbeat.domain.schedule import next_open
from drumbeat.domain.sequence import DraftStrategy, Sender, SenderKind, Sequence, SequenceStatus, Step, StepKind
from drumbeat.domain.times import DAY
from tests.memory.values import Item
from tests.simulation.apps import Apps, Manner
from tests.simulation.faults import FIVE_MODES, Fault, Faults, OneFault, RandomFaults
from tests.simulation.options import Binding, Options, drawn
from tests.simulation.oracle import ANSWER
from tests.simulation.reckoning import _check_lane, _senders
from tests.simulation.records import kind_of
from tests.simulation.requests import Look, Requests
from tests.simulation.scenery import TABLE, WINDOWS, KeyAndRow, Scenery, _kept
from tests.simulation.schedule import Result, finish
from tests.simulation.scheduler import Process
from tests.simulation.single_faults import QUIET
from tests.simulation.stand_ins import KEYS
from tests.simulation.users import Act, Target, Users
from tests.simulation.world import Script, World

APP = 9
"""The number of every tenant's app among its senders."""
_ACTIONS = (
    "pause", "resume", "resume", "unsubscribe", "suppress", "delete", "take out", "pause one", "pause one",
    "resume one", "resume one", "finish", "disable", "reenable", "accepted", "not accepted", "resend", "resend", "open",
)  # fmt: skip
_MANNERS = (*Manner, Manner.SOON, Manner.SOON, Manner.AT_ONCE, Manner.AT_ONCE, Manner.TWICE)


def steps_of(delay: int) -> tuple[Step, ...]:
    """The steps of every cadence."""
    return (
        Step(1, "Hello", "<p>Hello</p>", 0),
        Step(2, "", "", delay, kind=StepKind.WAIT),
        Step(3, "", "", 0, kind=StepKind.LINKEDIN_CONNECT, text="Hi"),
        Step(4, "Again", "", delay, draft=DraftStrategy.AI),
    )


@dataclass(frozen=True, slots=True)
class CadenceScenery(Scenery):
    """The same with cadences; contacts are bound to inboxes."""

    def _rows_of(self, tenant: int, sequence: int) -> Iterator[tuple[KeyAndRow, bool]]:
        yield self._sequence(tenant, sequence), True
        app = Sender(
            tenant, APP, None, None, "https://app.example", 0, "", "sealed", "", "", 1, 0, kind=SenderKind.CONNECTOR
        )
        yield _kept(sender_item(app)), False
        for number in self.contacts_of(tenant)[: self.enrolled]:
            yield _kept(enrollment_item(self._enrollment(tenant, sequence, number))), False

    def _enrollment(self, tenant: int, sequence: int, contact: int) -> Enrollment:
        start, key = self.options.start, EnrollmentKey(sequence, contact)
        due = next_open(start, WINDOWS, None) if self.options.windows else start
        made = new_enrollment(
            tenant, key, batch_number=1, batch_tag="m1.1", now=start, due=due, bound_to=self.bound_to(sequence, contact)
        )
        return replace(made, lead=Lead(linkedin_url="https://www.linkedin.com/in/x/"))

    def _sequence(self, tenant: int, number: int) -> KeyAndRow:
        options = self.options
        cadence = Sequence(
            tenant, number, "Cadence", self.status, None, options.min_wait, options.max_wait, False, 1.0,
            steps_of(options.step_delay), (), 0, daily_cap=options.daily_cap, connector=APP,
            hours=WINDOWS if options.windows else None, mailboxes=(*self.mailboxes_of(tenant, number), APP),
        )  # fmt: skip
        return _kept(sequence_item(cadence))


@dataclass(frozen=True, slots=True)
class CadenceUsers(Users):
    """Nobody enrolls anybody: who is there has a lead."""

    def draw(self, tenant: int) -> tuple[str, Act]:
        """One action of a tenant's users."""
        contact, sequence = self.rng.choice(self.scenery.contacts_of(tenant)), self.rng.choice(self.scenery.sequences)
        sender = self.rng.choice(self.scenery.serving(sequence))
        name = self.rng.choice(_ACTIONS)
        return f"{name} {tenant}/{contact}/{sender}", self.named(name, Target(tenant, sequence, contact, sender))


@dataclass(frozen=True, slots=True)
class WatchedAttempts(AttemptStore):
    """Tells when workers look for stops."""

    noted: Callable[[], Callable[[], None]] = field(kw_only=True)

    def stop_signs(self, contacts: list[Contact]) -> dict[tuple[int, int], EnrollmentState]:
        """What the look shows; the watcher hears of its beginning and of its end."""
        ended = self.noted()
        signs = AttemptStore.stop_signs(self, contacts)
        ended()
        return signs


class AskingWorld(World):
    """A world in which somebody outside is asked to do steps: what was looked at before that is noted in `looks`."""

    looks: dict[Process, Look]

    def _find(self, enrollment: Enrollment) -> Item | None:
        place = keys.enrollment(enrollment.tenant, enrollment.key)
        return next((item for item in self.store.items(TABLE) if _place_of(item) == place), None)

    def _look(self) -> Callable[[], None]:
        process = self.scheduler.current
        if process is None:
            raise RuntimeError("workers look for stops")
        begun = self.scheduler.now

        def ended() -> None:
            self.looks[process] = Look(begun, self.scheduler.now)

        return ended


class CadenceWorld(AskingWorld):
    """A world in which apps are asked."""

    def __init__(
        self, options: Options, scenery: Scenery, rng: Random, faults: Faults, manner: Callable[[], Manner]
    ) -> None:
        super().__init__(options, scenery, rng, faults)
        self.requests = Requests(self.oracle, self.bounds, steps_of(options.step_delay))
        self.looks = self.requests.looks
        self.users = CadenceUsers(self.table, scenery, rng, self.oracle.promised)
        lanes, users = self.dispatch_ports.lanes, self.users
        ports = AnswerPorts(users.enrollments, users.sequences, AnswerStore(self.table), lanes, KEYS)  # type: ignore[arg-type]
        apps = Apps(self.scheduler, faults, self.requests, ports, self._answer, self._find, manner, rng)
        attempts = WatchedAttempts(self.table, noted=self._look)
        self.send_ports = replace(self.send_ports, connector=apps, attempts=attempts)

    def _answer(self, at: int, act: Act) -> None:
        self.act(at, ANSWER, act, retries=2)

    def reckon(self) -> None:
        """At rest: enrollments against what apps and mail servers know, lanes against what has left."""
        stored = list(self.store.items(TABLE))
        senders = _senders(stored)
        for item in stored:
            kind, tenant = kind_of(item["PK"]["S"])
            if kind == "enrollment":
                self.requests.reckon(tenant, item)
            elif kind == "lane":
                lane = lane_of({"woken_at": 0} | from_wire(item))
                _check_lane(self.oracle, lane, is_retired=(lane.tenant, lane.sender) not in senders)

    @property
    def patience(self) -> int:
        """A day for every answer, as often as a draft is asked for, and three for what is put off."""
        return 30 * DAY + self.options.enrollments * 4 * DAY


def _place_of(item: Item) -> tuple[str, str]:
    return item["PK"]["S"], item["SK"]["S"]


def run(seed: int) -> Result:
    """The schedule of a seed."""
    rng = Random(seed + 1)
    pick = rng.choice
    options = replace(
        drawn(seed), binding=Binding.ALONE, tenants=1, sequences=1, steps=4, enrollments=pick((1, 1, 2, 3)),
        lanes=pick((1, 1, 2)), daily_limit=100, daily_mails=None, own_wait=None, daily_cap=pick((None, None, None, 2)),
        trouble_for=pick((2, 4, 8)) * 60_000,
    )  # fmt: skip
    faults = RandomFaults(rng, options.fault_rate, options.fault_kinds, options.slow)
    scenery = CadenceScenery(options, SequenceStatus.ACTIVE, options.enrollments)
    world = CadenceWorld(options, scenery, rng, faults, lambda: pick(_MANNERS))
    return finish(world, world.trouble, replay=f"cadence {seed}")


CALM = replace(QUIET, binding=Binding.ALONE, steps=4, enrollments=1, trouble_for=8 * 60_000)


def _after(seconds: int, what: str) -> tuple[int, str, Target]:
    return seconds * 1_000, what, Target(1)


SCENARIOS: Mapping[str, tuple[Manner, Script]] = {
    "an app that answers": (Manner.SOON, ()),
    "an app that answers at once": (Manner.AT_ONCE, ()),
    "an app that answers twice": (Manner.TWICE, ()),
    "an app that answers too late": (Manner.LATE, ()),
    "a silent app": (Manner.NEVER, ()),
    "a busy app": (Manner.NOT_NOW, ()),
    "an app that cannot": (Manner.CANNOT, ()),
    "paused while it is asked": (Manner.SOON, (_after(62, "pause one"), _after(200, "resume one"))),
    "unsubscribed while it is asked": (Manner.SOON, (_after(62, "unsubscribe"),)),
}


def play(name: str, place: int = 0, fault: Fault = Fault.FAIL) -> Result:
    """The scenario of this name with one fault at its `place`-th call, none if 0."""
    (manner, script), rng = SCENARIOS[name], Random(7)
    scenery = CadenceScenery(CALM, SequenceStatus.ACTIVE, CALM.enrollments)
    world = CadenceWorld(CALM, scenery, rng, OneFault(place, fault), lambda: manner)
    return finish(world, lambda: world.script(script), replay=f"cadence '{name}' {place} {fault.value}")


def every_fault(name: str) -> Iterator[tuple[int, Fault, Result]]:
    """Every place and mode; the places are counted on a run without a fault."""
    calls = play(name).calls_in_trouble
    for place in range(1, calls + 1):
        for fault in FIVE_MODES:
            yield place, fault, play(name, place, fault)
