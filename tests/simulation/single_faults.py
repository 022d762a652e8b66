"""The second search: scenarios without chance, and one fault at every call to the outside, in five modes."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from random import Random

from drumbeat.domain.sequence import SequenceStatus
from drumbeat.domain.times import DAY, HOUR, MINUTE, SECOND
from tests.simulation.faults import FIVE_MODES, Fault, OneFault
from tests.simulation.options import Binding, Options, drawn
from tests.simulation.scenery import Scenery
from tests.simulation.schedule import Result, finish
from tests.simulation.users import Target
from tests.simulation.world import Script, World

_MORNING = 20_800 * DAY + 10 * HOUR
_BEFORE_MIDNIGHT = 20_801 * DAY - 8 * MINUTE
QUIET = replace(
    drawn(0), start=_MORNING, tenants=1, sequences=1, windows=False, lanes=1, steps=2, enrollments=2, step_delay=1,
    min_wait=1, max_wait=1, daily_limit=100,
    daily_cap=None, actions=0, fault_rate=0.0, slow=0.0, torn=0.0, lag=0, skew=0, duplicates=0.0,
    visibility=30 * SECOND, batch=3, trouble_for=4 * MINUTE, binding=Binding.NONE, daily_mails=None, own_wait=None,
)  # fmt: skip


SHARED = replace(QUIET, binding=Binding.ALONE, sequences=2, enrollments=2)
"""One sender of no sequence, and one contact in each of two sequences."""


@dataclass(frozen=True, slots=True)
class Scenario:
    """What happens in a small world; `first` are faults that belong to the story."""

    options: Options = QUIET
    enrolled: int = 2
    script: Script = ()
    first: Mapping[str, Fault] = field(default_factory=dict)
    status: SequenceStatus = SequenceStatus.ACTIVE


def _after(seconds: int, what: str, **target: int) -> tuple[int, str, Target]:
    return seconds * SECOND, what, Target(1, **target)


SCENARIOS: Mapping[str, Scenario] = {
    "two enrollments, two steps": Scenario(),
    "two lanes, a daily cap": Scenario(replace(QUIET, lanes=2, enrollments=3, daily_cap=2, steps=1), enrolled=3),
    "two shared lanes, two capped sequences": Scenario(
        replace(QUIET, binding=Binding.ALONE, sequences=2, lanes=2, enrollments=6, daily_cap=2, steps=1), enrolled=3,
        script=(_after(1, "unsubscribe", contact=2),),
    ),
    "two lanes, a daily cap, midnight": Scenario(
        replace(QUIET, start=_BEFORE_MIDNIGHT, lanes=2, enrollments=4, daily_cap=2, steps=1, trouble_for=12 * MINUTE),
        enrolled=4,
    ),
    "a cap is set after some have left": Scenario(
        replace(QUIET, enrollments=6, steps=1, trouble_for=14 * MINUTE, daily_mails=100), enrolled=4,
        script=(
            _after(70, "schedule", contact=2), _after(700, "enroll", contact=5), _after(701, "enroll", contact=6),
        ),
    ),
    "paused and resumed": Scenario(
        script=(_after(61, "pause"), _after(130, "resume")), options=replace(QUIET, steps=1)
    ),
    "started": Scenario(
        replace(QUIET, steps=1), script=(_after(5, "start"),), status=SequenceStatus.PENDING
    ),
    "enrolled and started": Scenario(
        replace(QUIET, steps=1), enrolled=1,
        script=(_after(2, "enroll", contact=2), _after(65, "enroll", contact=2)),
    ),
    "unsubscribed": Scenario(script=(_after(62, "unsubscribe", contact=1), _after(63, "suppress", contact=2))),
    "deleted": Scenario(script=(_after(62, "delete", contact=1), _after(63, "take out", contact=2))),
    "one paused and resumed": Scenario(
        script=(
            _after(1, "pause one", contact=1), _after(62, "pause one", contact=2), _after(70, "resume one", contact=1),
        ),
    ),
    "finished and taken away": Scenario(script=(_after(62, "finish", contact=1), _after(63, "take away", contact=2))),
    "a sender goes": Scenario(
        replace(QUIET, lanes=2), script=(_after(30, "disable", sender=11), _after(31, "remove", sender=12))
    ),
    "parked and sent again": Scenario(
        replace(QUIET, steps=1), script=(_after(30, "resend", contact=1), _after(31, "resend", contact=2)),
        first={"Dot": Fault.LOST},
    ),
    "parked and found to have left": Scenario(
        script=(_after(30, "accepted", contact=1), _after(31, "accepted", contact=2)), first={"Dot": Fault.LOST}
    ),
    "parked and found not to have left": Scenario(
        script=(_after(30, "not accepted", contact=1), _after(31, "not accepted", contact=2)),
        first={"Dot": Fault.FAIL},
    ),
    "one sender, two sequences": Scenario(replace(SHARED, daily_mails=3, own_wait=3)),
    "one sender, a sequence paused and resumed": Scenario(
        replace(SHARED, trouble_for=8 * MINUTE),
        script=(_after(30, "pause", sequence=2), _after(400, "resume", sequence=2)),
    ),
    "enrolled for a sender that had forgotten the sequence": Scenario(
        replace(SHARED, steps=1, trouble_for=6 * MINUTE), enrolled=0,
        script=(_after(250, "enroll"), _after(251, "enroll", sequence=2)),
    ),
    "a shared sender goes": Scenario(
        replace(SHARED, steps=1, enrollments=4), enrolled=1,
        script=(
            _after(2, "remove", sender=1), _after(65, "enroll", sequence=2, contact=2), _after(70, "remove", sender=1),
        ),
    ),
    "a sender with work of its own and for others": Scenario(
        replace(SHARED, binding=Binding.MIXED, daily_cap=1, steps=1)
    ),
}  # fmt: skip


def play(name: str, place: int = 0, fault: Fault = Fault.FAIL) -> Result:
    """The scenario of this name with one fault at its `place`-th call, none if 0."""
    scenario, rng = SCENARIOS[name], Random(7)
    faults = OneFault(place, fault, scenario.first)
    world = World(scenario.options, Scenery(scenario.options, scenario.status, scenario.enrolled), rng, faults)
    replay = f"'{name}' {place} {fault.value}"
    return finish(world, lambda: world.script(scenario.script), replay=replay)


def every_fault(name: str) -> Iterator[tuple[int, Fault, Result]]:
    """Every place and mode; the places are counted on a run without a fault."""
    calls = play(name).calls_in_trouble
    for place in range(1, calls + 1):
        for fault in FIVE_MODES:
            yield place, fault, play(name, place, fault)
