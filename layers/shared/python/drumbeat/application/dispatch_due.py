"""One tick: look at the lanes that are awake, hand out their slots, and send a hint for each."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import batched
from random import Random

from drumbeat.application.ports import OutOfTime
from drumbeat.application.send_ports import Clock, Crew, Hints, LaneName, Lanes
from drumbeat.domain.hint import Hint
from drumbeat.domain.lane import Audited, Lane, Reservation, audit, lapsed
from drumbeat.domain.plan import HORIZON, Plan, Queues, Slot, Work, plan, rest
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
    """What a tick came to.

    `reapers` are hints for claims that outlived their workers. `skipped` lanes were changed by somebody else meanwhile,
    and are looked at next time.
    """

    lanes: int = 0
    hints: int = 0
    reapers: int = 0
    skipped: int = 0

    def __add__(self, other: "Dispatched") -> "Dispatched":
        return Dispatched(
            self.lanes + other.lanes,
            self.hints + other.hints,
            self.reapers + other.reapers,
            self.skipped + other.skipped,
        )


def dispatch_due(ports: DispatchPorts, *, clock: Clock, rng: Random, out_of_time: OutOfTime) -> Dispatched:
    """Hands out the slots of the next two minutes. Ticks may overlap, die half-way or be repeated: claims decide.

    Costs one query when no lane is awake. Trouble with one sequence does not keep the others waiting; it is raised, as
    a group, at the end.
    """
    done = Dispatched()
    troubles: list[Exception] = []
    for names in batched(ports.lanes.awake(clock() + HORIZON), _LANES_AT_ONCE, strict=False):
        if out_of_time():
            break
        crews = ports.lanes.crews(names)
        audits = _audits(ports, crews, clock())
        for crew in crews:
            try:
                done += _dispatch(ports, crew, [audits[_name(lane)] for lane in crew.looked_at], clock, rng)
            except Exception as trouble:
                troubles.append(trouble)
    if troubles:
        raise ExceptionGroup("some sequences could not be dispatched", troubles)
    return done


def _name(lane: Lane) -> LaneName:
    return LaneName(lane.tenant, lane.sender)


def _audits(ports: DispatchPorts, crews: Sequence[Crew], now: int) -> dict[LaneName, Audited]:
    """Looks into all reservations that have lapsed by `now`; reads nothing if none has."""
    lanes = [lane for crew in crews for lane in crew.looked_at]
    entries = [(lane.tenant, entry.enrollment) for lane in lanes for entry in lapsed(lane, now)]
    found = ports.lanes.enrollments(entries) if entries else {}
    return {_name(lane): audit(lane, found, now) for lane in lanes}


def _dispatch(ports: DispatchPorts, crew: Crew, audits: Sequence[Audited], clock: Clock, rng: Random) -> Dispatched:
    """Plans the crew's lanes and stores each before its hints go out."""
    now = clock()
    audited = {_name(audit.lane): audit for audit in audits}
    resting = [audit.lane for audit in audits if not _may_send(crew, audit.lane)]
    working = [audit.lane for audit in audits if _may_send(crew, audit.lane)]
    plans = [rest(lane, now) for lane in resting]
    if crew.sequence is not None and working:
        plans += _plan(ports, crew.sequence, crew, working, resting, now, rng)
    seen = {_name(lane): lane for lane in crew.looked_at}
    done = Dispatched()
    for planned in plans:
        name = _name(planned.lane)
        if seen[name] == planned.lane or ports.lanes.store(seen[name], planned.lane):
            done += _hint(ports, planned, audited[name].stuck, clock)
        else:
            done += Dispatched(lanes=1, skipped=1)
    return done


def _may_send(crew: Crew, lane: Lane) -> bool:
    sender = crew.senders.get(lane.sender)
    if crew.sequence is None or sender is None:
        return False
    return crew.sequence.status is SequenceStatus.ACTIVE and sender.disabled_at is None


def _plan(
    ports: DispatchPorts,
    sequence: Cadence,
    crew: Crew,
    working: Sequence[Lane],
    resting: Sequence[Lane],
    now: int,
    rng: Random,
) -> list[Plan]:
    tenant, number = sequence.tenant, sequence.number
    queues = Queues(
        new=ports.lanes.new(tenant, number),
        deferred=ports.lanes.deferred(tenant, number),
        orphans=ports.lanes.follow_ups(tenant, sequence.retired_senders),
    )
    works = [_work(ports, crew.senders[lane.sender], lane) for lane in working]
    return plan(works, queues, sequence=sequence, others=[*crew.others, *resting], now=now, rng=rng)


def _work(ports: DispatchPorts, sender: Sender, lane: Lane) -> Work:
    follow_ups = ports.lanes.follow_ups(lane.tenant, [sender.number])
    return Work(lane, sender.daily_limit, follow_ups, sender.resting_until or 0)


def _hint(ports: DispatchPorts, planned: Plan, stuck: Sequence[Reservation], clock: Clock) -> Dispatched:
    now = clock()
    hints = [*_hints(planned.lane, planned.slots), *_reapers(planned.lane, stuck, now)]
    if hints:
        ports.hints.put(hints, now)
    return Dispatched(lanes=1, hints=len(planned.slots), reapers=len(stuck))


def _hints(lane: Lane, slots: Iterable[Slot]) -> Iterator[Hint]:
    for slot in slots:
        waiting = slot.waiting
        # A worker whose clock is a little behind ours must not find the step to be not due yet.
        at = max(slot.at, waiting.due + _CLOCK_SKEW)
        yield Hint(lane.tenant, waiting.enrollment, waiting.step, waiting.epoch, lane.sender, at)


def _reapers(lane: Lane, stuck: Iterable[Reservation], now: int) -> Iterator[Hint]:
    """Hints for claims whose worker has died: whoever gets one ends the claim."""
    for entry in stuck:
        yield Hint(lane.tenant, entry.enrollment, entry.step, entry.epoch, lane.sender, now)
