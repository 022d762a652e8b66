"""One tick: look at the lanes that are awake, hand out their slots, and send a hint for each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from itertools import batched, zip_longest
from random import Random
from typing import TYPE_CHECKING

from drumbeat.application.send_ports import Clock, Crew, Hints, LaneChange, LaneName, Lanes
from drumbeat.domain.allowance import Allowances, Cap
from drumbeat.domain.credits import month_of
from drumbeat.domain.hint import Hint
from drumbeat.domain.lane import Audited, Errand, Lane, Reservation, audit, lapsed
from drumbeat.domain.plan import HORIZON, Plan, Queues, Work, pace_of, plan, rest
from drumbeat.domain.sequence import Sender, SequenceStatus
from drumbeat.domain.sequence import Sequence as Cadence

if TYPE_CHECKING:
    from drumbeat.application.ports import OutOfTime
    from drumbeat.domain.enrollment import Enrollment
    from drumbeat.domain.ids import EnrollmentKey
    from drumbeat.domain.runner import Slot

_LANES_AT_ONCE = 99
"""How many lanes are looked at between two looks at the clock: what is read of them takes one request of each kind."""


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

    def __add__(self, other: Dispatched) -> Dispatched:
        return Dispatched(
            self.lanes + other.lanes,
            self.hints + other.hints,
            self.reapers + other.reapers,
            self.skipped + other.skipped,
        )


def dispatch_due(ports: DispatchPorts, *, clock: Clock, rng: Random, out_of_time: OutOfTime) -> Dispatched:
    """Hands out the slots of the next two minutes. Ticks may overlap, die half-way or be repeated: claims decide.

    Costs one query when no lane is awake. Tenants take turns, those whose lanes wait longest first. Trouble with one
    sequence does not keep the others waiting; it is raised, as a group, at the end.
    """
    done = Dispatched()
    troubles: list[Exception] = []
    for names in batched(in_turns(ports.lanes.awake(clock() + HORIZON)), _LANES_AT_ONCE, strict=False):
        if out_of_time():
            break
        crews = ports.lanes.crews(names)
        audits = _audits(ports, crews, clock())
        allowances = _allowances(ports, crews, clock())
        full = _at_their_limit(ports, crews, clock())
        for crew in crews:
            try:
                mine = [audits[_name(lane)] for lane in crew.looked_at]
                done += _dispatch(ports, crew, mine, allowances, clock, rng, full)
            except Exception as trouble:
                troubles.append(trouble)
    if troubles:
        raise ExceptionGroup("some sequences could not be dispatched", troubles)
    return done


def in_turns(names: Iterable[LaneName]) -> list[LaneName]:
    """One lane of every tenant, then a second one of every tenant that has more, and so on; each tenant's in order."""
    tenants: dict[int, list[LaneName]] = {}
    for name in names:
        tenants.setdefault(name.tenant, []).append(name)
    return [name for turn in zip_longest(*tenants.values()) for name in turn if name is not None]


def _name(lane: Lane) -> LaneName:
    return LaneName(lane.tenant, lane.sender)


def _audits(ports: DispatchPorts, crews: Sequence[Crew], now: int) -> dict[LaneName, Audited]:
    """Looks into all reservations that have lapsed by `now`; reads nothing if none has."""
    lanes = [(lane, crew) for crew in crews for lane in crew.looked_at]
    entries = [(lane.tenant, entry.enrollment) for lane, _ in lanes for entry in lapsed(lane, now)]
    found = ports.lanes.enrollments(entries) if entries else {}
    return {_name(lane): _audit(crew, lane, found, now) for lane, crew in lanes}


def _audit(crew: Crew, lane: Lane, found: Mapping[tuple[int, EnrollmentKey], Enrollment], now: int) -> Audited:
    return audit(lane, found, now, is_retired=lane.sender not in crew.senders)


def _allowances(ports: DispatchPorts, crews: Sequence[Crew], now: int) -> Allowances:
    """What the capped sequences may send; reads nothing if there is none."""
    capped = {(sequence.tenant, number): sequence for crew in crews for number, sequence in crew.capped.items()}
    return Allowances(ports.lanes.allowances(list(capped.values()), now) if capped else {})


def _at_their_limit(ports: DispatchPorts, crews: Sequence[Crew], now: int) -> Set[int]:
    """The tenants that have sent what they may this month; reads nothing if none of them has a limit."""
    limits = {lane.tenant: crew.monthly_limit for crew in crews for lane in crew.looked_at}
    limited = {tenant: limit for tenant, limit in limits.items() if limit is not None}
    sends = ports.lanes.sends(limited, month_of(now)) if limited else {}
    return {tenant for tenant, limit in limited.items() if sends[tenant] >= limit}


def _dispatch(
    ports: DispatchPorts,
    crew: Crew,
    audits: Sequence[Audited],
    allowances: Allowances,
    clock: Clock,
    rng: Random,
    full: Set[int],
) -> Dispatched:
    """Plans the crew's lanes and stores each before its hints go out; those of who is `full` sleep out the month."""
    now = clock()
    seen = {_name(lane): lane for lane in crew.looked_at}
    resting = [audited.lane for audited in audits if not _may_send(crew, audited.lane, full)]
    working = [audited.lane for audited in audits if _may_send(crew, audited.lane, full)]
    plans = [rest(lane, now, until=month_of(now).end if lane.tenant in full else None) for lane in resting]
    if working:
        over = [errand for audited in audits for errand in audited.over]
        audited_lanes = [(seen[_name(audited.lane)], audited.lane) for audited in audits]
        caps = {number: allowances.cap(sequence, audited_lanes) for number, sequence in crew.capped.items()}
        plans += _plan(ports, crew, working, resting, over, caps, now, rng)
    stuck = {_name(audited.lane): audited.stuck for audited in audits}
    done = Dispatched()
    for planned in _givers_first(plans, seen, crew, allowances):
        if _store(ports.lanes, LaneChange(seen[_name(planned.lane)], planned.lane), crew, allowances):
            done += _hint(ports, planned, stuck[_name(planned.lane)], clock)
        else:
            done += Dispatched(lanes=1, skipped=1)
    return done


def _givers_first(
    plans: Iterable[Plan], seen: Mapping[LaneName, Lane], crew: Crew, allowances: Allowances
) -> list[Plan]:
    """Lanes that give allowance back come before those that may have been planned to draw just that."""

    def drawn(planned: Plan) -> int:
        draws = allowances.draws(crew.capped.values(), seen[_name(planned.lane)], planned.lane)
        return sum(draw.count for draw in draws)

    return sorted(plans, key=drawn)


def _store(lanes: Lanes, change: LaneChange, crew: Crew, allowances: Allowances) -> bool:
    """Stores a lane, if anything has changed, together with what it draws; returns whether it is stored."""
    if change.seen == change.planned:
        return True
    draws = allowances.draws(crew.capped.values(), change.seen, change.planned)
    is_stored = lanes.store(change, draws)
    if is_stored:
        allowances.note(draws)
    return is_stored


def _may_send(crew: Crew, lane: Lane, full: Set[int]) -> bool:
    sender = crew.senders.get(lane.sender)
    if sender is None or sender.disabled_at is not None or lane.tenant in full:
        return False
    return _home(crew) is not None or any(_served(crew, lane))


def _home(crew: Crew) -> Cadence | None:
    """The lanes' own sequence, if it sends."""
    return crew.sequence if crew.sequence is not None and crew.sequence.status is SequenceStatus.ACTIVE else None


def _served(crew: Crew, lane: Lane) -> Iterator[Cadence]:
    """The sequences that send and may have enrollments bound to the lane."""
    known = (crew.served[number] for number in lane.serves if number in crew.served)
    return (sequence for sequence in known if sequence.status is SequenceStatus.ACTIVE)


def _plan(
    ports: DispatchPorts,
    crew: Crew,
    working: Sequence[Lane],
    resting: Sequence[Lane],
    over: Sequence[Errand],
    caps: Mapping[int, Cap],
    now: int,
    rng: Random,
) -> list[Plan]:
    home = _home(crew)
    queues = Queues() if home is None else _queues(ports, home)
    works = [_work(ports, crew, crew.senders[lane.sender], lane) for lane in working]
    others = [*crew.others, *resting]
    return plan(works, queues, sequence=home, others=others, over=over, caps=caps, now=now, rng=rng)


def _queues(ports: DispatchPorts, sequence: Cadence) -> Queues:
    tenant, number = sequence.tenant, sequence.number
    return Queues(
        new=ports.lanes.new(tenant, number),
        deferred=ports.lanes.deferred(tenant, number),
        orphans=ports.lanes.follow_ups(tenant, sequence.retired_senders),
    )


def _work(ports: DispatchPorts, crew: Crew, sender: Sender, lane: Lane) -> Work:
    home = None if crew.sequence is None else pace_of(crew.sequence)
    return Work(
        lane=lane,
        daily_limit=sender.daily_limit,
        follow_ups=ports.lanes.follow_ups(lane.tenant, [sender.number]) if _home(crew) is not None else (),
        not_before=sender.resting_until or 0,
        daily_mails=sender.daily_mails,
        pace=home if sender.pace is None else sender.pace,
        bound=tuple(ports.lanes.bound(sequence, sender.number) for sequence in _served(crew, lane)),
    )


def _hint(ports: DispatchPorts, planned: Plan, stuck: Sequence[Reservation], clock: Clock) -> Dispatched:
    hints = [*_hints(planned.lane, planned.slots), *_reapers(planned.lane, stuck)]
    if hints:
        ports.hints.put(hints, clock())
    return Dispatched(lanes=1, hints=len(planned.slots), reapers=len(stuck))


def _hints(lane: Lane, slots: Iterable[Slot]) -> Iterator[Hint]:
    for slot in slots:
        yield Hint(lane.tenant, *slot.waiting.errand, lane.sender, slot.at, slot.waiting.bound, slot.counts)


def _reapers(lane: Lane, stuck: Iterable[Reservation]) -> Iterator[Hint]:
    """Hints for slots long past: they end the claim of a worker that has died, and can't make one."""
    for entry in stuck:
        yield Hint(lane.tenant, *entry.errand, lane.sender, entry.at)
