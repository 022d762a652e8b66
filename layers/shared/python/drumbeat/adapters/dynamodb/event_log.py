"""The log of events on the table: an event and what it counts for are one transaction, so that it counts once."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from drumbeat.adapters.dynamodb import keys
from drumbeat.adapters.dynamodb.table import ABSENT, Table, TransactionRefused
from drumbeat.domain.counts import CounterName, SenderDay, SequenceDay, TenantMonth, additions_of
from drumbeat.domain.enrollment import Progress
from drumbeat.domain.event import EventKind, first_sort, instant_of, sort_of
from drumbeat.domain.ids import EnrollmentKey
from drumbeat.domain.logged_event import EVENTS_KEPT, EnrollmentThen, LoggedEvent
from drumbeat.domain.times import SECOND, utc_day

_MOST_WRITES = 100
_NO_FIELDS = frozenset({"PK", "SK", "expires_at", "uncounted"})


@dataclass(frozen=True, slots=True)
class EventStore:
    """Keeps events and what they count for."""

    table: Table

    def add(self, events: Sequence[LoggedEvent]) -> None:
        """Writes those that are not there yet, each together with what it counts for, many a transaction."""
        for pack in _packed(events):
            self._commit(pack)

    def _commit(self, pack: Sequence[LoggedEvent]) -> None:
        """Whatever is refused is there already, and is counted."""
        while pack:
            puts = [self.table.put_write(event_item(event), condition=ABSENT) for event in pack]
            adds = [_addition(self.table, name, counts) for name, counts in _counted(pack).items()]
            try:
                self.table.transact([*puts, *adds])
            except TransactionRefused as refusal:
                pack = [event for place, event in enumerate(pack) if place not in refusal.failed]
            else:
                return

    def get(self, tenant: int, event_id: str) -> LoggedEvent | None:
        """The event; its id says where it is."""
        at = instant_of(event_id)
        item = None if at is None else self.table.get(_key(tenant, event_id, at))
        return None if item is None else event_of(item)

    def between(self, tenant: int, first: int, last: int, *, after: str | None = None) -> Iterator[LoggedEvent]:
        """The tenant's events from `first` to `last`, behind the one with the id `after`: one query a day at least."""
        begin = first_sort(first) if after is None else max(first_sort(first), f"{sort_of(after)}~")
        end = first_sort(last + 1)
        if begin > end:
            return  # the table refuses a span that ends before it begins
        known = None if after is None else instant_of(after)
        for day in range(utc_day(first if known is None else max(first, known)), utc_day(last) + 1):
            for item in self.table.items(keys.events(tenant, day), between=(begin, end)):
                yield event_of(item)


def _counted(events: Iterable[LoggedEvent]) -> dict[CounterName, Counter[str]]:
    """What these events add to which counters."""
    added: dict[CounterName, Counter[str]] = {}
    for event in events:
        for name, counted_as in additions_of(event).items():
            added.setdefault(name, Counter())[counted_as] += 1
    return added


def _packed(events: Iterable[LoggedEvent]) -> Iterator[list[LoggedEvent]]:
    """As many together as a transaction takes with their counters; what counts in the same place stands together."""
    once = {event.id: event for event in events}
    pack: list[LoggedEvent] = []
    places: set[CounterName] = set()
    for event in sorted(once.values(), key=_place):
        more = places.union(additions_of(event))
        if len(pack) + 1 + len(more) > _MOST_WRITES:
            yield pack
            pack, more = [], set(additions_of(event))
        pack.append(event)
        places = more
    if pack:
        yield pack


def _place(event: LoggedEvent) -> tuple[int, ...]:
    return event.tenant, event.sequence or 0, utc_day(event.at), event.step or 0, event.sender or 0


def _addition(table: Table, name: CounterName, counts: Counter[str]) -> dict[str, Any]:
    told = name._asdict()
    labels = {**told, **counts}
    sets, adds = (
        ", ".join(f"#{label}{sign}:{label}" for label in some) for some, sign in ((told, " = "), (counts, " "))
    )
    return table.update_write(
        counter_key(name),
        f"SET {sets} ADD {adds}",
        names={f"#{label}": label for label in labels},
        values={f":{label}": value for label, value in labels.items()},
    )


def counter_key(name: CounterName) -> keys.Key:
    """Where a counter is."""
    match name:
        case SequenceDay():
            return keys.sequence_day(*name)
        case SenderDay():
            return keys.sender_day(*name)
        case TenantMonth():
            return keys.month(*name)


def event_item(event: LoggedEvent) -> dict[str, Any]:
    """The event as it is kept; what is false or absent is left out."""
    partition, sort = _key(event.tenant, event.id, event.at)
    then = event.enrollment
    special = {
        "counted": None,
        "uncounted": not event.counted,
        "enrollment": None if then is None else _then_item(then),
        "expires_at": (event.logged_at + EVENTS_KEPT) // SECOND,
    }
    told = {name: value for name, value in (asdict(event) | special).items() if value is not False}
    return {"PK": partition, "SK": sort} | told


def event_of(item: dict[str, Any]) -> LoggedEvent:
    """The event that `event_item` wrote."""
    told = {name: value for name, value in item.items() if name not in _NO_FIELDS}
    then = item.get("enrollment")
    special = {
        "kind": EventKind(item["kind"]),
        "counted": "uncounted" not in item,
        "enrollment": None if then is None else _then_of(then),
    }
    return LoggedEvent(**(told | special))


def _then_item(then: EnrollmentThen) -> dict[str, Any]:
    """Without the contact's address, which may be on it if it is to be told, too."""
    return asdict(then) | {"key": [then.key.sequence, then.key.contact, then.key.run], "contact_email": None}


def _then_of(member: dict[str, Any]) -> EnrollmentThen:
    special = {"contact": None}
    read = {"key": EnrollmentKey(*member["key"]), "progress": Progress(member["progress"])}
    return EnrollmentThen(**(special | member | read))


def _key(tenant: int, event_id: str, at: int) -> keys.Key:
    return keys.event(tenant, utc_day(at), sort_of(event_id))
