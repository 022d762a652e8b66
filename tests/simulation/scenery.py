"""What is there when a schedule begins: tenants' sequences, senders, contacts and first enrollments."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from drumbeat.adapters.dynamodb import keys
from drumbeat.adapters.dynamodb.contact_items import contact_item, lock_item
from drumbeat.adapters.dynamodb.enrollment_items import enrollment_item
from drumbeat.adapters.dynamodb.items import to_wire
from drumbeat.adapters.dynamodb.sequence_items import sender_item, sequence_item
from drumbeat.domain.contact import Contact
from drumbeat.domain.enrollment import Enrollment, EnrollmentState
from drumbeat.domain.ids import EnrollmentKey, Kind
from drumbeat.domain.schedule import Hours, Span, next_open
from drumbeat.domain.sequence import Sender, Sequence, SequenceStatus, Step
from drumbeat.domain.times import DAY
from tests.memory.shape import TableShape, shape_of
from tests.memory.shelf import Key
from tests.memory.store import Store
from tests.memory.table import Row
from tests.memory.values import measured
from tests.simulation.options import Binding, Options
from tests.world import resources_of_template

TABLE = "Table"
_BEFORE = 20_799 * DAY

type KeyAndRow = tuple[Key, Row]
MOST_SENDERS = 10
NO_SEQUENCE = 0
"""In place of the number of a sequence, for senders that have none."""
_MORNING, _DAYTIME = Span(0, 10 * 60 + 3), Span(10 * 60 + 20, 24 * 60 - 1)
WINDOWS = Hours(((_MORNING, _DAYTIME),) * 7, "UTC")
"""Closed for 17 minutes from 10:03 and for the last minute of the day."""


@cache
def table_shape() -> TableShape:
    """The table of the template."""
    return shape_of(TABLE, resources_of_template()["Table"]["Properties"])


@dataclass(frozen=True, slots=True)
class Scenery:
    """Who is there. All sequences of a tenant share its contacts; the first ones are enrolled in each."""

    options: Options
    status: SequenceStatus
    enrolled: int

    def contacts_of(self, tenant: int) -> range:
        """The numbers of a tenant's contacts, enrolled or not."""
        share, rest = divmod(self.options.enrollments, self.options.tenants * self.options.sequences)
        return range(1, max(share + (1 if tenant <= rest else 0), 1) + 1)

    @property
    def tenants(self) -> range:
        return range(1, self.options.tenants + 1)

    @property
    def sequences(self) -> range:
        """The numbers of every tenant's sequences."""
        return range(1, self.options.sequences + 1)

    def senders_of(self, sequence: int) -> range:
        """The numbers of a sequence's senders."""
        if self.is_alone and sequence != NO_SEQUENCE:
            return range(0)
        first = sequence * MOST_SENDERS + 1
        return range(first, first + self.options.lanes)

    @property
    def is_alone(self) -> bool:
        return self.options.binding is Binding.ALONE

    def serving(self, sequence: int) -> range:
        """The senders of a sequence, or those of none if it has none of its own."""
        return self.senders_of(NO_SEQUENCE if self.is_alone else sequence)

    def bound_to(self, sequence: int, contact: int) -> int | None:
        """The sender that alone mails the contact in a sequence: with mixed senders every other one."""
        match self.options.binding:
            case Binding.ALONE:
                return self.senders_of(NO_SEQUENCE)[(contact + sequence) % self.options.lanes]
            case Binding.MIXED if sequence > 1 and (contact + sequence) % 2:
                return self.senders_of(1)[contact % self.options.lanes]
        return None

    def mailboxes_of(self, tenant: int, sequence: int) -> tuple[int, ...]:
        """The senders that contacts of the sequence are bound to."""
        bound = {self.bound_to(sequence, contact) for contact in self.contacts_of(tenant)}
        return tuple(sorted(number for number in bound if number is not None))

    def put(self, store: Store) -> None:
        """Puts everything into the store at once; observers hear of sequences and senders, whose values they keep."""
        table, observers = store.table(TABLE), store.observers
        for (key, row), is_told in self._rows():
            store.observers = observers if is_told else []
            store.commit(table, key, row)
        store.observers = observers

    def _rows(self) -> Iterator[tuple[KeyAndRow, bool]]:
        for tenant in self.tenants:
            for sequence in self.sequences:
                yield from self._rows_of(tenant, sequence)
                yield from self._senders(tenant, sequence)
            if self.is_alone:
                yield from self._senders(tenant, NO_SEQUENCE)
            for number in self.contacts_of(tenant):
                yield from ((row, False) for row in _contact(tenant, number))
            yield _counter(tenant, self.options.sequences), False

    def _rows_of(self, tenant: int, sequence: int) -> Iterator[tuple[KeyAndRow, bool]]:
        yield self._sequence(tenant, sequence), True
        windows, start = self._has_windows(sequence), self.options.start
        for number in self.contacts_of(tenant)[: self.enrolled]:
            bound_to = self.bound_to(sequence, number)
            yield _enrollment(tenant, sequence, number, start, bound_to, windows=windows), False

    def _senders(self, tenant: int, sequence: int) -> Iterator[tuple[KeyAndRow, bool]]:
        options = self.options
        is_shared = sequence <= 1 and options.binding is not Binding.NONE
        own = (options.own_wait, options.daily_mails) if is_shared else (None, None)
        for number in self.senders_of(sequence):
            serves = tuple(entry for entry in self.sequences if number in self.mailboxes_of(tenant, entry))
            yield _sender(tenant, sequence, number, options.daily_limit, *own), True
            if self.status is SequenceStatus.ACTIVE or serves:
                yield _lane(tenant, number, options.start, serves), False

    def _has_windows(self, sequence: int) -> bool:
        """With senders that serve several sequences only every other one has hours."""
        return self.options.windows and (self.options.binding is Binding.NONE or sequence % 2 == 1)

    def _sequence(self, tenant: int, number: int) -> KeyAndRow:
        options = self.options
        mailboxes = self.mailboxes_of(tenant, number)
        steps = (0, *[options.step_delay] * (options.steps - 1))
        pace, senders = (options.min_wait, options.max_wait), tuple(self.senders_of(number))
        windows = self._has_windows(number)
        return _sequence(
            tenant, number, self.status, steps, pace, senders, options.daily_cap, mailboxes, windows=windows
        )


# What a scenery is made of, each made once: schedules differ in little else than how they put it together.


def _kept(item: Mapping[str, Any]) -> KeyAndRow:
    """An item as the store keeps it."""
    kept, size = measured(to_wire(item))
    return (kept["PK"]["S"], kept["SK"]["S"]), Row(kept, size)


@lru_cache(maxsize=10_000)
def _sequence(
    tenant: int,
    number: int,
    status: SequenceStatus,
    delays: tuple[int, ...],
    pace: tuple[int, int],
    senders: tuple[int, ...],
    daily_cap: int | None,
    mailboxes: tuple[int, ...],
    *,
    windows: bool,
) -> KeyAndRow:
    sequence = Sequence(
        tenant=tenant,
        number=number,
        name="Sequence",
        status=status,
        program=None,
        min_wait_seconds=pace[0],
        max_wait_seconds=pace[1],
        verify_email_mx=False,
        bounce_rate_threshold=1.0,
        steps=tuple(Step(place, "Hello", "<p>Hello</p>", delay) for place, delay in enumerate(delays)),
        senders=senders,
        created_at=_BEFORE,
        daily_cap=daily_cap,
        hours=WINDOWS if windows else None,
        mailboxes=mailboxes,
    )
    return _kept(sequence_item(sequence))


@lru_cache(maxsize=1_000)
def _sender(
    tenant: int, sequence: int, number: int, daily_limit: int, own_wait: int | None, daily_mails: int | None
) -> KeyAndRow:
    sender = Sender(
        tenant=tenant,
        number=number,
        sequence=None if sequence == NO_SEQUENCE else sequence,
        label=None,
        host="mail.example",
        port=587,
        username="user",
        sealed_password="sealed",
        from_name="Sender",
        from_email=f"sender{number}@tenant{tenant}.example",
        daily_limit=daily_limit,
        created_at=_BEFORE,
        pace=None if own_wait is None else (own_wait, own_wait + 2),
        daily_mails=daily_mails,
    )
    return _kept(sender_item(sender))


@lru_cache(maxsize=1_000)
def _lane(tenant: int, number: int, now: int, serves: tuple[int, ...]) -> KeyAndRow:
    partition, sort = keys.lane(tenant, number)
    place = {"qpk": keys.waking_lanes(), "qsk": keys.waking_lane_sort(now, tenant, number), "wake_at": now}
    lane = {"PK": partition, "SK": sort, "tenant": tenant, "sender": number, "revision": 1, "woken_at": now}
    return _kept(lane | place | {f"serves_{sequence}": now for sequence in serves})


@lru_cache(maxsize=1_000)
def _contact(tenant: int, number: int) -> tuple[KeyAndRow, ...]:
    address = address_of(tenant, number)
    contact = Contact(tenant, number, 1, address, "First", "Last", None, _BEFORE)
    return _kept(contact_item(contact)), _kept(lock_item(contact, address))


@lru_cache(maxsize=1_000)
def _enrollment(
    tenant: int, sequence: int, number: int, start: int, bound_to: int | None, *, windows: bool
) -> KeyAndRow:
    due = next_open(start, WINDOWS, None) if windows else start
    enrollment = Enrollment(
        tenant=tenant,
        key=EnrollmentKey(sequence, number),
        state=EnrollmentState.ACTIVE,
        step=0,
        due=due,
        timed=due > start,
        epoch=0,
        batch_number=1,
        batch_tag="m1.1",
        created_at=start,
        sender=bound_to,
        bound=bound_to is not None,
    )
    return _kept(enrollment_item(enrollment))


@lru_cache(maxsize=100)
def _counter(tenant: int, sequences: int) -> KeyAndRow:
    partition, sort = keys.counter(tenant, Kind.SEQUENCE)
    return _kept({"PK": partition, "SK": sort, "last_number": sequences})


def address_of(tenant: int, contact: int) -> str:
    """A contact's address."""
    return f"contact{contact}@tenant{tenant}.example"
