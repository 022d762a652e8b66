"""Lanes on the table: a lane that has something to do stands in the queue index under the instant it wakes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from heapq import merge
from typing import TYPE_CHECKING, Any

from drumbeat.adapters.dynamodb import keys
from drumbeat.adapters.dynamodb.allowances import allowance_of, begun_anew, draw_writes, names_of
from drumbeat.adapters.dynamodb.enrollment_items import enrollment_of
from drumbeat.adapters.dynamodb.lane_items import lane_of, replacement, wake_expression, wake_values
from drumbeat.adapters.dynamodb.sequence_items import sender_of, sequence_of
from drumbeat.adapters.dynamodb.subscriptions import sends_of
from drumbeat.adapters.dynamodb.table import ConditionFailed, Table
from drumbeat.application.send_ports import Crew, LaneChange, LaneName
from drumbeat.domain.enrollment import Awaits, Enrollment
from drumbeat.domain.ids import EnrollmentKey
from drumbeat.domain.plan import SETTLES_WITHIN, Bound
from drumbeat.domain.waiting import Waiting

if TYPE_CHECKING:
    from drumbeat.domain.allowance import Allowance, AllowanceName, Draw
    from drumbeat.domain.credits import Month
    from drumbeat.domain.lane import Lane
    from drumbeat.domain.sequence import Sender
    from drumbeat.domain.sequence import Sequence as Cadence

_QUEUE = "queue"
_PAGE = 100
_AS_SEEN = "revision = :seen"


@dataclass(frozen=True, slots=True)
class DynamoLanes:
    """The lanes of all tenants, and the queues they draw from."""

    table: Table

    def wake(self, tenant: int, senders: Iterable[int], now: int, *, serves: int | None = None) -> None:
        """Wakes the senders' lanes, one update each; a lane that never was begins here.

        `serves` is a sequence that has enrollments bound to them: an attribute of its own, so that nothing is read.
        """
        expression = wake_expression(serves)
        for sender in dict.fromkeys(senders):
            values = wake_values(tenant, sender, now)
            self.table.update(keys.lane(tenant, sender), expression, condition="", values=values)

    def awake(self, until: int) -> list[LaneName]:
        """The lanes that want to be looked at by `until`, longest waiting first: one query, however much is stored."""
        rows = self.table.items(keys.waking_lanes(), index=_QUEUE, between=("0", keys.wakes_until(until)))
        return [LaneName(*map(int, row["qsk"].split("#")[1:])) for row in rows]

    def crews(self, names: Sequence[LaneName]) -> list[Crew]:
        """The named lanes with all lanes of their sequences, by sequence in the order of the names; read consistently.

        The sequences that the lanes serve are read after them: what is announced in between shows.
        """
        senders, limits = self._senders_and_limits(names)
        found = [senders[name] for name in names if name in senders]
        homes = ((sender.tenant, sender.sequence) for sender in found if sender.sequence is not None)
        sequences = self._sequences(dict.fromkeys(homes))
        mates = {
            LaneName(sequence.tenant, number)
            for sequence in sequences
            for number in (*sequence.senders, *sequence.retired_senders)
        }
        senders |= self._senders(mates - senders.keys())
        lanes = self._lanes(mates | set(names))
        served = self._served([lanes[name] for name in names if name in lanes])
        crews = [_crew(sequence, names, senders, lanes, served) for sequence in sequences]
        strays = [name for name in names if name not in mates and name in lanes]
        crews += [_crew_of_one(lanes[name], senders.get(name), served) for name in strays]
        return [replace(crew, monthly_limit=limits.get(lane.tenant)) for crew in crews for lane in crew.looked_at[:1]]

    def _served(self, lanes: Sequence[Lane]) -> dict[tuple[int, int], Cadence]:
        found = self._sequences(dict.fromkeys((lane.tenant, number) for lane in lanes for number in lane.serves))
        return {(sequence.tenant, sequence.number): sequence for sequence in found}

    def _senders_and_limits(self, names: Sequence[LaneName]) -> tuple[dict[LaneName, Sender], dict[int, int]]:
        """The lanes' senders and the limits of their tenants that have one, in one read."""
        places = {name: keys.sender(name.tenant, name.sender) for name in names}
        found = self.table.get_many([*places.values(), *(keys.limits(name.tenant) for name in names)])
        senders = {name: sender_of(found[place]) for name, place in places.items() if place in found}
        marks = {tenant: found.get(keys.limits(tenant), {}).get(keys.limit_of(tenant)) for tenant, _ in names}
        return senders, {tenant: limit for tenant, limit in marks.items() if limit is not None}

    def sends(self, tenants: Iterable[int], month: Month) -> dict[int, int]:
        """How many mails each of the tenants has sent in a month, 100 a request."""
        places = {tenant: keys.month(tenant, str(month)) for tenant in tenants}
        found = self.table.get_many(list(places.values()))
        return {tenant: sends_of(found.get(place, {})) for tenant, place in places.items()}

    def _senders(self, names: Iterable[LaneName]) -> dict[LaneName, Sender]:
        found = self.table.get_many([keys.sender(name.tenant, name.sender) for name in names])
        return {LaneName(sender.tenant, sender.number): sender for sender in map(sender_of, found.values())}

    def _sequences(self, numbers: Iterable[tuple[int, int]]) -> list[Cadence]:
        wanted = [keys.sequence(tenant, number) for tenant, number in numbers]
        found = self.table.get_many(wanted)
        return [sequence_of(found[key]) for key in wanted if key in found]

    def _lanes(self, names: Iterable[LaneName]) -> dict[LaneName, Lane]:
        found = self.table.get_many([keys.lane(name.tenant, name.sender) for name in names])
        return {LaneName(lane.tenant, lane.sender): lane for lane in map(lane_of, found.values())}

    def allowances(self, capped: Sequence[Cadence], now: int) -> dict[AllowanceName, Allowance]:
        """What the capped sequences may send on the days in sight, one read for 100.

        One that nothing was drawn from, or that another schedule held for, takes a look at all lanes of its sequence.
        """
        wanted = names_of(capped, now)
        found = self.table.get_many([keys.allowance(*name) for name in wanted])
        stored = {name: allowance_of(found[key]) for name in wanted if (key := keys.allowance(*name)) in found}
        current = {name: known for name, known in stored.items() if known.revision == wanted[name]}
        missing = {name for name in wanted if name not in current}
        crews = self._crews_of([entry for entry in capped if any(_is_of(name, entry) for name in missing)])
        return current | {
            name: begun_anew(name, wanted[name], stored.get(name), crews[name.tenant, name.sequence])
            for name in missing
        }

    def _crews_of(self, sequences: Sequence[Cadence]) -> dict[tuple[int, int], list[Lane]]:
        """All lanes that may have sent for the sequences."""
        names = {
            (sequence.tenant, sequence.number): [LaneName(sequence.tenant, sender) for sender in sequence.every_sender]
            for sequence in sequences
        }
        found = self._lanes({name for crew in names.values() for name in crew}) if names else {}
        return {place: [found[name] for name in crew if name in found] for place, crew in names.items()}

    def new(self, tenant: int, sequence: int) -> Iterator[Waiting]:
        """The sequence's enrollments that wait for their first step, in the order they shall leave."""
        for row in self.table.items(keys.new_queue(tenant, sequence), index=_QUEUE, limit=_PAGE):
            yield _waiting(row, sequence)

    def deferred(self, tenant: int, sequence: int) -> Iterator[Waiting]:
        """The sequence's enrollments whose first step waits for an instant of its own, earliest due first."""
        for row in self.table.items(keys.deferred_queue(tenant, sequence), index=_QUEUE, limit=_PAGE):
            yield _waiting(row, sequence)

    def follow_ups(self, tenant: int, senders: Sequence[int]) -> Iterator[Waiting]:
        """The follow-ups bound to these senders, earliest due first."""
        queues = [self._follow_ups(tenant, sender) for sender in senders]
        return merge(*queues, key=lambda waiting: waiting.due)

    def _follow_ups(self, tenant: int, sender: int) -> Iterator[Waiting]:
        for row in self.table.items(keys.follow_up_queue(tenant, sender), index=_QUEUE, limit=_PAGE):
            yield _waiting(row, int(row["qsk"].split("#")[1]))

    def bound(self, sequence: Cadence, sender: int) -> Bound:
        """The sequence's enrollments that are bound to the sender; what is not asked for is not read."""
        queues = keys.bound_queues(sequence.tenant, sequence.number, sender)
        return Bound(sequence, *(self._bound(queue, sequence.number) for queue in queues))

    def _bound(self, queue: str, sequence: int) -> Iterator[Waiting]:
        for row in self.table.items(queue, index=_QUEUE, limit=_PAGE):
            yield replace(_waiting(row, sequence), bound=True)

    def enrollments(self, wanted: Sequence[tuple[int, EnrollmentKey]]) -> dict[tuple[int, EnrollmentKey], Enrollment]:
        """Those among the tenants' enrollments that exist, read consistently, 100 a request."""
        found = self.table.get_many([keys.enrollment(tenant, key) for tenant, key in wanted])
        enrollments = map(enrollment_of, found.values())
        return {(enrollment.tenant, enrollment.key): enrollment for enrollment in enrollments}

    def revision_if_unbound(self, tenant: int, sender: int, now: int) -> int | None:
        """The revision of the sender's lane, 0 if it never had one; None if enrollments may be bound to it.

        A lane knows whom it serves before the first one is bound. What was announced just now may not show yet.
        """
        item = self.table.get(keys.lane(tenant, sender))
        if item is None:
            return 0
        lane = lane_of(item)
        if lane.serves and (lane.woken_at + SETTLES_WITHIN > now or self._has_bound(lane)):
            return None
        return lane.revision

    def _has_bound(self, lane: Lane) -> bool:
        if any(entry.enrollment.sequence in lane.serves for entry in lane.reserved):
            return True
        queues = (queue for number in lane.serves for queue in keys.bound_queues(lane.tenant, number, lane.sender))
        return any(next(self.table.items(queue, index=_QUEUE, limit=1), None) is not None for queue in queues)

    def store(self, change: LaneChange, draws: Sequence[Draw] = ()) -> bool:
        """Replaces a lane that is still as it was seen, with what it draws; False if somebody else was faster."""
        key, expression, values = replacement(change)
        if draws:
            write = self.table.update_write(key, expression, condition=_AS_SEEN, values=values)
            return self.table.commits([write, *draw_writes(self.table, draws)])
        try:
            self.table.update(key, expression, condition=_AS_SEEN, values=values)
        except ConditionFailed as refusal:
            return _is(refusal.item, change.seen.revision + 1, values[":reserved"])
        return True


def _is(item: dict[str, Any] | None, revision: int, reserved: list[list[int]]) -> bool:
    """Whether the refused write is there after all: its acknowledgement got lost and the call was repeated."""
    return item is not None and item["revision"] == revision and item.get("reserved", []) == reserved != []


def _crew(
    sequence: Cadence,
    names: Sequence[LaneName],
    senders: dict[LaneName, Sender],
    lanes: dict[LaneName, Lane],
    served: dict[tuple[int, int], Cadence],
) -> Crew:
    asked = set(names)
    crew = [LaneName(sequence.tenant, number) for number in (*sequence.senders, *sequence.retired_senders)]
    return Crew(
        sequence,
        looked_at=tuple(lanes[name] for name in crew if name in asked and name in lanes),
        others=tuple(lanes[name] for name in crew if name not in asked and name in lanes),
        senders={name.sender: senders[name] for name in crew if name in senders},
        served=_of_tenant(served, sequence.tenant),
    )


def _crew_of_one(lane: Lane, sender: Sender | None, served: dict[tuple[int, int], Cadence]) -> Crew:
    """A lane that is in no sequence's rotation, if its sender still exists, sends what is bound to it."""
    senders = {} if sender is None else {sender.number: sender}
    return Crew(None, (lane,), senders=senders, served=_of_tenant(served, lane.tenant))


def _of_tenant(served: dict[tuple[int, int], Cadence], tenant: int) -> dict[int, Cadence]:
    return {number: sequence for (owner, number), sequence in served.items() if owner == tenant}


def _waiting(row: dict[str, Any], sequence: int) -> Waiting:
    contact, run = row["SK"].split("#")
    return Waiting(
        EnrollmentKey(sequence, int(contact), int(run)),
        row["step"],
        row["due"],
        row["epoch"],
        row.get("zone"),
        awaits=Awaits(row["awaits"]) if "awaits" in row else None,
        drafted=row.get("drafted"),
        anytime=row.get("anytime", False),
    )


def _is_of(name: AllowanceName, sequence: Cadence) -> bool:
    return (name.tenant, name.sequence) == (sequence.tenant, sequence.number)
