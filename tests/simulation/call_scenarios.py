"""Scenarios of calls without chance, and one fault at every call to the outside, in five modes."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import chain, repeat
from random import Random

from drumbeat.domain.agent import BUSY, CallRetry
from drumbeat.domain.sequence import SequenceStatus
from drumbeat.domain.times import MINUTE, SECOND
from tests.simulation.call_feed import Feeding
from tests.simulation.call_options import CALL, MAIL, CallOptions, with_calls
from tests.simulation.call_orders import OWNER
from tests.simulation.call_records import Order, Row
from tests.simulation.call_scenery import REQUIRED, CallScenery
from tests.simulation.call_world import PATIENT, CallWorld
from tests.simulation.diallers import Manner, What, When
from tests.simulation.faults import FIVE_MODES, Fault, OneFault
from tests.simulation.options import Binding
from tests.simulation.schedule import Result, finish
from tests.simulation.single_faults import QUIET

CALM = with_calls(
    replace(QUIET, binding=Binding.ALONE, steps=1, enrollments=1, trouble_for=8 * MINUTE, step_delay=0),
    retries={BUSY: CallRetry(1, 1)},
)
_REACHED, _NOT_REACHED = Manner(), Manner(what=What.NOT_REACHED)


@dataclass(frozen=True, slots=True)
class Ordered:
    """So many rows after so many seconds, all of one account, and all good; the customer tries so often."""

    after: int
    rows: int
    is_single: bool = False
    chains: bool = True
    tries: int = PATIENT


@dataclass(frozen=True, slots=True)
class Scenario:
    """What is ordered, how the calls end one after the other, when the account is cancelled, and what users do.

    `first` are faults that belong to the story.
    """

    orders: tuple[Ordered, ...]
    manners: tuple[Manner, ...] = (_REACHED,)
    cancels: tuple[int, ...] = ()
    users: tuple[tuple[int, str, int], ...] = ()
    first: Mapping[str, Fault] = field(default_factory=dict)
    options: CallOptions = CALM


_A_DAY_LATER = 87_000
_THREE, _ONE = Ordered(1, 3), Ordered(1, 1, is_single=True)
SCENARIOS: Mapping[str, Scenario] = {
    "one call": Scenario((_ONE,)),
    "a success closes": Scenario((_THREE,)),
    "one after the other": Scenario((_THREE,), (_NOT_REACHED,)),
    "the second one succeeds": Scenario((_THREE,), (_NOT_REACHED, _REACHED)),
    "groups span calls": Scenario((Ordered(1, 2), Ordered(40, 1, is_single=True), Ordered(80, 2)), (_NOT_REACHED,)),
    "a new chain after a success": Scenario((_ONE, Ordered(200, 2)), (_REACHED, _NOT_REACHED)),
    "nobody is chained": Scenario((Ordered(1, 3, chains=False),), (_NOT_REACHED,)),
    "busy, and then not": Scenario((_ONE,), (Manner(what=What.BUSY), _REACHED)),
    "put off": Scenario((Ordered(1, 2),), (Manner(what=What.PUT_OFF), _NOT_REACHED)),
    "the dialler cannot": Scenario((Ordered(1, 2),), (Manner(what=What.CANNOT), _REACHED)),
    "the dialler is busy": Scenario((_ONE,), (Manner(what=What.NOT_NOW), _REACHED)),
    "told twice": Scenario((Ordered(1, 2),), (Manner(When.TWICE, What.NOT_REACHED),)),
    "told otherwise": Scenario((Ordered(1, 2),), (Manner(When.OTHERWISE, What.NOT_REACHED),)),
    "told at once": Scenario((Ordered(1, 2),), (Manner(When.AT_ONCE, What.NOT_REACHED),)),
    "too late": Scenario((Ordered(1, 2),), (Manner(When.LATE, What.NOT_REACHED), _NOT_REACHED)),
    "a late success": Scenario((Ordered(1, 2),), (Manner(When.LATE),)),
    "never": Scenario((Ordered(1, 2),), (Manner(When.NEVER),), options=replace(CALM, trouble_for=4 * MINUTE)),
    "cancelled while it is called": Scenario((_THREE,), cancels=(65,)),
    "cancelled at once": Scenario((_THREE,), cancels=(2,)),
    "cancelled, and told late": Scenario((_THREE,), (Manner(When.LATE),), cancels=(100,)),
    "finished": Scenario((_THREE,), (Manner(When.LATE),), users=((63, "finish", 1),)),
    "deleted": Scenario((_THREE,), (_NOT_REACHED,), users=((30, "delete", 1), (32, "delete", 2))),
    "deleted while it is called": Scenario((_THREE,), (Manner(When.LATE), _REACHED), users=((100, "delete", 1),)),
    "unsubscribed": Scenario((_THREE,), (_NOT_REACHED,), users=((30, "unsubscribe", 1), (100, "unsubscribe", 2))),
    "paused and resumed": Scenario(
        (_THREE,), (_NOT_REACHED,), users=((30, "pause one", 1), (150, "resume one", 1), (160, "pause one", 2)),
    ),
    "a call and a mail": Scenario(
        (Ordered(1, 2),), (_NOT_REACHED,), options=replace(CALM, steps_of_agents=(CALL, MAIL), steps=2)
    ),
    "busy all the time": Scenario((_ONE,), (Manner(what=What.BUSY),)),
    "a success after its turn": Scenario(
        (_THREE,), (Manner(When.VERY_LATE), Manner(When.NEVER)), users=((_A_DAY_LATER, "accepted", 1),)
    ),
    "the worker that asked dies": Scenario((_ONE,), (Manner(When.LATE),), first={"Ask": Fault.CRASH_AFTER}),
    "made after its chain is over": Scenario(
        (_ONE, Ordered(2, 2, tries=1)), users=((4, "finish", 1),), first={"SendMessageBatch": Fault.CRASH_BEFORE}
    ),
    "the stream is silent": Scenario((_THREE,), (_NOT_REACHED,), options=replace(CALM, feeding=Feeding(lost=1.0))),
    "the stream is late and says all twice": Scenario(
        (_THREE,), (_NOT_REACHED,), options=replace(CALM, feeding=Feeding(late=1.0, twice=1.0))
    ),
    "credits run out": Scenario((_THREE, _THREE), options=replace(CALM, allocated=4)),
}  # fmt: skip


def play(name: str, place: int = 0, fault: Fault = Fault.FAIL) -> Result:
    """The scenario of this name with one fault at its `place`-th call, none if 0."""
    scenario, rng = SCENARIOS[name], Random(7)
    manners = chain(scenario.manners, repeat(scenario.manners[-1]))
    world = CallWorld(
        scenario.options,
        CallScenery(scenario.options, SequenceStatus.ACTIVE, 0),
        rng,
        OneFault(place, fault, scenario.first),
        lambda: next(manners),
    )
    return finish(world, _script(world, scenario), replay=f"call '{name}' {place} {fault.value}")


def _script(world: CallWorld, scenario: Scenario) -> Callable[[], None]:
    start = scenario.options.start

    def script() -> None:
        for number, ordered in enumerate(scenario.orders):
            world.order(start + ordered.after * SECOND, _order(number, ordered, scenario.options), tries=ordered.tries)
        for after in scenario.cancels:
            world.cancel(start + after * SECOND, REQUIRED, "account")
        for after, what, contact in scenario.users:
            world.act(start + after * SECOND, what, world.users.at_place(what, contact - 1), retries=2)
        world.script(())

    return script


def _order(number: int, ordered: Ordered, options: CallOptions) -> Order:
    rows = tuple(_row(number, index, options) for index in range(ordered.rows))
    group_by = REQUIRED if ordered.chains else None
    return Order(1, 1, f"order-{number}", rows, group_by, ordered.is_single, options.price)


def _row(number: int, index: int, options: CallOptions) -> Row:
    email = f"contact{number}-{index}@customer.example" if options.mails else None
    return Row(f"+1415555{number:02d}{index:02d}", {REQUIRED: "account", OWNER: f"{index}"}, email=email)


def every_fault(name: str) -> Iterator[tuple[int, Fault, Result]]:
    """Every place and mode; the places are counted on a run without a fault."""
    calls = play(name).calls_in_trouble
    for place in range(1, calls + 1):
        for fault in FIVE_MODES:
            yield place, fault, play(name, place, fault)
