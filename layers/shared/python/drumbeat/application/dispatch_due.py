"""One tick: look at the lanes that are awake, hand out their slots, and send a hint for each."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import batched
from random import Random

from drumbeat.application.ports import OutOfTime
from drumbeat.application.send_ports import Clock, Crew, Hints, Lanes
from drumbeat.domain.hint import Hint
from drumbeat.domain.lane import HORIZON, Lane, Plan, Slot, Work, plan, rest
from drumbeat.domain.sequence import Sender, SequenceStatus
from drumbeat.domain.sequence import Sequence as Cadence

_LANES_AT_ONCE = 100
_CLOCK_SKEW = 100


@dataclass(frozen=True, slots=True)
class DispatchPorts:
    """What a tick touches."""

    lanes: Lanes
    hints: Hints


@dataclass(frozen=True, slots=True)
class Dispatched:
    """What a tick came to. `skipped` lanes were changed by somebody else meanwhile, and are looked at next time."""

    lanes: int = 0
    hints: int = 0
    skipped: int = 0


def dispatch_due(ports: DispatchPorts, *, clock: Clock, rng: Random, out_of_time: OutOfTime) -> Dispatched:
    """Hands out the slots of the next two minutes. Ticks may overlap, die half-way or be repeated: claims decide.

    Costs one query when no lane is awake. Trouble with one sequence does not keep the others waiting; it is raised, as
    a group, at the end.
    """
    looked_at = hinted = skipped = 0
    troubles: list[Exception] = []
    for names in batched(ports.lanes.awake(clock() + HORIZON), _LANES_AT_ONCE, strict=False):
        if out_of_time():
            break
        for crew in ports.lanes.crews(names):
            try:
                stored, hints = _dispatch(ports, crew, clock, rng)
            except Exception as trouble:
                troubles.append(trouble)
                continue
            looked_at += len(crew.looked_at)
            skipped += len(crew.looked_at) - stored
            hinted += hints
    if troubles:
        raise ExceptionGroup("some sequences could not be dispatched", troubles)
    return Dispatched(looked_at, hinted, skipped)


def _dispatch(ports: DispatchPorts, crew: Crew, clock: Clock, rng: Random) -> tuple[int, int]:
    """Plans the crew's lanes and stores each before its hints go out; returns how many lanes and hints got through."""
    now = clock()
    working = [lane for lane in crew.looked_at if _may_send(crew, lane)]
    resting = [lane for lane in crew.looked_at if lane not in working]
    plans = [rest(lane, now) for lane in resting]
    if crew.sequence is not None and working:
        plans += _plan(ports, crew.sequence, crew, working, now, rng)
    stored = hints = 0
    for seen, planned in zip([*resting, *working], plans, strict=True):
        if seen == planned.lane or ports.lanes.store(seen, planned.lane):
            stored += 1
            hints += _hint(ports, planned, clock)
    return stored, hints


def _may_send(crew: Crew, lane: Lane) -> bool:
    sender = crew.senders.get(lane.sender)
    if crew.sequence is None or sender is None:
        return False
    return crew.sequence.status is SequenceStatus.ACTIVE and sender.disabled_at is None


def _plan(
    ports: DispatchPorts, sequence: Cadence, crew: Crew, working: list[Lane], now: int, rng: Random
) -> list[Plan]:
    resting = [lane for lane in crew.looked_at if lane not in working]
    return plan(
        [_work(ports, crew.senders[lane.sender], lane) for lane in working],
        sequence=sequence,
        new=ports.lanes.new(sequence.tenant, sequence.number),
        orphans=ports.lanes.follow_ups(sequence.tenant, sequence.retired_senders),
        elsewhere=[entry for lane in (*crew.others, *resting) for entry in lane.reserved],
        now=now,
        rng=rng,
    )


def _work(ports: DispatchPorts, sender: Sender, lane: Lane) -> Work:
    return Work(lane, sender.daily_limit, ports.lanes.follow_ups(lane.tenant, [sender.number]))


def _hint(ports: DispatchPorts, planned: Plan, clock: Clock) -> int:
    hints = list(_hints(planned.lane, planned.slots))
    if hints:
        ports.hints.put(hints, clock())
    return len(hints)


def _hints(lane: Lane, slots: Iterable[Slot]) -> Iterable[Hint]:
    for slot in slots:
        waiting = slot.waiting
        # A worker whose clock is a little behind ours must not find the step to be not due yet.
        at = max(slot.at, waiting.due + _CLOCK_SKEW)
        yield Hint(lane.tenant, waiting.enrollment, waiting.step, waiting.epoch, lane.sender, at)
