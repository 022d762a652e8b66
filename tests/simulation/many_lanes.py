"""A store of lanes and queues at the dispatcher's ports, with workers that never fail: for large numbers."""

from bisect import bisect_left, insort
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from heapq import heappop, heappush, merge
from itertools import count
from random import Random

from drumbeat.adapters.dynamodb.allowances import names_of
from drumbeat.application.dispatch_due import Dispatched, DispatchPorts, dispatch_due
from drumbeat.application.send_ports import Crew, LaneChange, LaneName
from drumbeat.domain.allowance import Allowance, AllowanceName, Draw
from drumbeat.domain.delivery import sent
from drumbeat.domain.enrollment import Enrollment, EnrollmentState, new_enrollment
from drumbeat.domain.hint import Hint
from drumbeat.domain.ids import EnrollmentKey
from drumbeat.domain.lane import Lane
from drumbeat.domain.plan import Bound
from drumbeat.domain.sequence import Sender
from drumbeat.domain.sequence import Sequence as Cadence
from drumbeat.domain.times import MINUTE
from drumbeat.domain.waiting import Waiting

type Name = tuple[int, EnrollmentKey]


@dataclass(frozen=True, slots=True)
class Left:
    """A mail that left, the slot it had, and when it was claimed."""

    lane: LaneName
    sequence: int
    step: int
    slot: int
    claimed_at: int
    at: int


@dataclass
class ManyLanes:
    """Lanes of many tenants in virtual time. Queues are exact; a hint arrives a moment after its slot."""

    now: int
    rng: Random
    sequences: dict[tuple[int, int], Cadence] = field(default_factory=dict)
    senders: dict[LaneName, Sender] = field(default_factory=dict)
    lanes: dict[LaneName, Lane] = field(default_factory=dict)
    stored: dict[Name, Enrollment] = field(default_factory=dict)
    mails: list[Left] = field(default_factory=list)
    ticks: int = 0
    first_tick: dict[int, int] = field(default_factory=dict)
    _new: dict[tuple[int, int], dict[EnrollmentKey, Waiting]] = field(default_factory=lambda: defaultdict(dict))
    _bound: dict[LaneName, list[tuple[int, EnrollmentKey, int]]] = field(default_factory=lambda: defaultdict(list))
    _events: list[tuple[int, int, Callable[[], None]]] = field(default_factory=list)
    _order: Iterator[int] = field(default_factory=count)
    _allowances: dict[AllowanceName, Allowance] = field(default_factory=dict)

    def open(self, sequence: Cadence, daily_limits: Sequence[int], contacts: int) -> None:
        """An active sequence with a sender for each limit, its lanes awake, and its contacts enrolled and due."""
        self.sequences[sequence.tenant, sequence.number] = sequence
        for number, limit in zip(sequence.senders, daily_limits, strict=True):
            name = LaneName(sequence.tenant, number)
            self.senders[name] = _sender(name, sequence.number, limit)
            self.lanes[name] = Lane(*name, revision=1, wake_at=self.now, woken_at=self.now)
        for contact in range(1, contacts + 1):
            key = EnrollmentKey(sequence.number, contact)
            self.stored[sequence.tenant, key] = made = new_enrollment(
                sequence.tenant, key, batch_number=1, batch_tag="t", now=self.now
            )
            self._new[sequence.tenant, sequence.number][key] = _row(made)

    def minute(self, batches: int | None = None) -> Dispatched:
        """A tick, cut short after so many batches of lanes, and the sends of the minute after it."""
        left = iter(range(10**6 if batches is None else batches))
        ports = DispatchPorts(lanes=self, hints=self)
        done = dispatch_due(ports, clock=lambda: self.now, rng=self.rng, out_of_time=lambda: next(left, None) is None)
        self.ticks += 1
        end = self.now + MINUTE
        while self._events and self._events[0][0] < end:
            self.now, _, event = heappop(self._events)
            event()
        self.now = end
        return done

    def later(self, at: int, event: Callable[[], None]) -> None:
        """Lets something happen at that instant."""
        heappush(self._events, (at, next(self._order), event))

    def arrive(self, hint: Hint) -> None:
        """A hint comes to a worker, which sends the mail at once."""
        if self.is_claimable(hint):
            self.accept(hint, self.now)

    def is_claimable(self, hint: Hint) -> bool:
        """What the claim asks for."""
        found = self.stored[hint.tenant, hint.enrollment]
        is_it = (found.step, found.epoch, found.owner) == (hint.step, hint.epoch, None)
        return is_it and found.state is EnrollmentState.ACTIVE and found.due <= self.now and hint.is_good(self.now)

    def accept(self, hint: Hint, claimed_at: int) -> None:
        """The server takes the mail now, and that is settled."""
        found, lane = self.stored[hint.tenant, hint.enrollment], LaneName(hint.tenant, hint.sender)
        sequence = self.sequences[hint.tenant, hint.enrollment.sequence]
        self.leave_queue(found)
        free = replace(found, sender=hint.sender, owner=None, lease=None)
        self.stored[hint.tenant, hint.enrollment] = ahead = sent(free, sequence, self.now)
        if ahead.state is EnrollmentState.ACTIVE:
            insort(self._bound[lane], (ahead.due, ahead.key, ahead.step))
        self.mails.append(Left(lane, sequence.number, hint.step, hint.at, claimed_at, self.now))
        self.first_tick.setdefault(hint.tenant, self.ticks)

    def leave_queue(self, found: Enrollment) -> None:
        """Takes it out of the queue it stands in."""
        if found.step == 0 or found.sender is None:
            del self._new[found.tenant, found.key.sequence][found.key]
            return
        queue = self._bound[LaneName(found.tenant, found.sender)]
        del queue[bisect_left(queue, (found.due, found.key, found.step))]

    def put(self, hints: Sequence[Hint], now: int) -> None:
        for hint in hints:
            self.later(max(hint.at, now) + self.rng.randint(0, 2_000), partial(self.arrive, hint))

    def awake(self, until: int) -> list[LaneName]:
        due = [lane for lane in self.lanes.values() if lane.wake_at is not None and lane.wake_at <= until]
        return [
            LaneName(lane.tenant, lane.sender) for lane in sorted(due, key=lambda lane: (lane.wake_at, lane.tenant))
        ]

    def crews(self, names: Sequence[LaneName]) -> list[Crew]:
        asked = set(names)
        homes = ((name.tenant, self.senders[name].sequence or 0) for name in names)
        return [self._crew(key, asked) for key in dict.fromkeys(homes)]

    def _crew(self, key: tuple[int, int], asked: set[LaneName]) -> Crew:
        sequence = self.sequences[key]
        names = [LaneName(sequence.tenant, number) for number in sequence.senders]
        return Crew(
            sequence,
            looked_at=tuple(self.lanes[name] for name in names if name in asked),
            others=tuple(self.lanes[name] for name in names if name not in asked),
            senders={name.sender: self.senders[name] for name in names},
        )

    def new(self, tenant: int, sequence: int) -> Iterator[Waiting]:
        return iter(self._new[tenant, sequence].values())

    def deferred(self, tenant: int, sequence: int) -> Iterator[Waiting]:
        return iter(())

    def follow_ups(self, tenant: int, senders: Sequence[int]) -> Iterator[Waiting]:
        for due, key, step in merge(*(self._bound[LaneName(tenant, sender)] for sender in senders)):
            yield Waiting(key, step, due, 0)

    def bound(self, sequence: Cadence, sender: int) -> Bound:
        return Bound(sequence)

    def enrollments(self, wanted: Sequence[Name]) -> Mapping[Name, Enrollment]:
        return {name: self.stored[name] for name in wanted}

    def allowances(self, capped: Sequence[Cadence], now: int) -> dict[AllowanceName, Allowance]:
        return {name: self._allowances.get(name, Allowance(0, 0)) for name in names_of(capped, now)}

    def store(self, change: LaneChange, draws: Sequence[Draw] = ()) -> bool:
        name = LaneName(change.seen.tenant, change.seen.sender)
        too_much = (self._allowances.get(draw.name, Allowance(0, 0)) != draw.seen for draw in draws)
        if self.lanes[name].revision != change.seen.revision or any(too_much):
            return False
        self.lanes[name] = replace(change.planned, revision=change.seen.revision + 1)
        self._allowances |= {draw.name: draw.drawn for draw in draws}
        return True


def _row(enrollment: Enrollment) -> Waiting:
    return Waiting(enrollment.key, enrollment.step, enrollment.due, enrollment.epoch)


def _sender(name: LaneName, sequence: int, limit: int) -> Sender:
    return Sender(name.tenant, name.sender, sequence, None, "h", 25, "u", "s", "n", "f@a.example", limit, 0)
