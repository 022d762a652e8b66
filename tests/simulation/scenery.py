"""What is there when a schedule begins: tenants' sequences, senders, contacts and first enrollments."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from typing import Any

from drumbeat.adapters.dynamodb import keys
from drumbeat.adapters.dynamodb.contacts import _item, _lock
from drumbeat.adapters.dynamodb.enrollment_items import enrollment_item
from drumbeat.adapters.dynamodb.items import to_wire
from drumbeat.adapters.dynamodb.sequences import sender_item, sequence_item
from drumbeat.domain.contact import Contact
from drumbeat.domain.enrollment import Enrollment, EnrollmentState
from drumbeat.domain.ids import EnrollmentKey, Kind
from drumbeat.domain.schedule import Hours, Span, next_open
from drumbeat.domain.sequence import Sender, Sequence, SequenceStatus, Step
from drumbeat.domain.times import HOUR
from tests.memory.shape import TableShape, shape_of
from tests.memory.shelf import Key
from tests.memory.store import Store
from tests.memory.table import Row
from tests.memory.values import measured
from tests.simulation.options import Options
from tests.world import resources_of_template

TABLE = "Table"
MOST_SENDERS = 10
_MORNING, _DAYTIME = Span(0, 10 * 60 + 3), Span(10 * 60 + 20, 24 * 60 - 1)
WINDOWS = Hours(((_MORNING, _DAYTIME),) * 7, "UTC")
"""Closed for 17 minutes from 10:03 and for the last minute of the day."""
_STEP = Step(0, "Hello", "<p>Hello</p>", 0)


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
        first = sequence * MOST_SENDERS + 1
        return range(first, first + self.options.lanes)

    def put(self, store: Store) -> None:
        """Puts everything into the store at once; observers hear of sequences and senders, whose values they keep."""
        table, observers = store.table(TABLE), store.observers
        for key, row in _rows(replace(self, options=_all_that_shows(self.options))):
            store.observers = observers if key[0].endswith(("#SEQUENCE", "#SENDER")) else []
            store.commit(table, key, row)
        store.observers = observers

    def _items(self) -> Iterator[dict[str, Any]]:
        for tenant in self.tenants:
            for sequence in self.sequences:
                yield from self._items_of(tenant, sequence)
            for number in self.contacts_of(tenant):
                contact = self._contact(tenant, number)
                yield from (_item(contact), _lock(contact))
            partition, sort = keys.counter(tenant, Kind.SEQUENCE)
            yield {"PK": partition, "SK": sort, "last_number": self.options.sequences}

    def _items_of(self, tenant: int, sequence: int) -> Iterator[dict[str, Any]]:
        yield sequence_item(self._sequence(tenant, sequence))
        for number in self.senders_of(sequence):
            yield sender_item(self._sender(tenant, sequence, number))
            if self.status is SequenceStatus.ACTIVE:
                yield self._lane(tenant, number)
        for number in self.contacts_of(tenant)[: self.enrolled]:
            yield enrollment_item(self._enrollment(tenant, sequence, number))

    def _sequence(self, tenant: int, number: int) -> Sequence:
        options = self.options
        delays = [0, *[options.step_delay] * (options.steps - 1)]
        return Sequence(
            tenant=tenant,
            number=number,
            name="Sequence",
            status=self.status,
            program=None,
            min_wait_seconds=options.min_wait,
            max_wait_seconds=options.max_wait,
            verify_email_mx=False,
            bounce_rate_threshold=1.0,
            steps=tuple(Step(place, _STEP.subject, _STEP.body_html, delay) for place, delay in enumerate(delays)),
            senders=tuple(self.senders_of(number)),
            created_at=options.start - HOUR,
            daily_cap=options.daily_cap,
            hours=WINDOWS if options.windows else None,
        )

    def _sender(self, tenant: int, sequence: int, number: int) -> Sender:
        return Sender(
            tenant=tenant,
            number=number,
            sequence=sequence,
            label=None,
            host="mail.example",
            port=587,
            username="user",
            sealed_password="sealed",
            from_name="Sender",
            from_email=f"sender{number}@tenant{tenant}.example",
            daily_limit=self.options.daily_limit,
            created_at=self.options.start - HOUR,
        )

    def _lane(self, tenant: int, number: int) -> dict[str, Any]:
        partition, sort = keys.lane(tenant, number)
        now = self.options.start
        place = {"qpk": keys.waking_lanes(), "qsk": keys.waking_lane_sort(now, tenant, number), "wake_at": now}
        return {"PK": partition, "SK": sort, "tenant": tenant, "sender": number, "revision": 1, "woken_at": now} | place

    def _contact(self, tenant: int, number: int) -> Contact:
        email = address_of(tenant, number)
        return Contact(tenant, number, 1, email, "First", "Last", None, self.options.start - HOUR)

    def _enrollment(self, tenant: int, sequence: int, number: int) -> Enrollment:
        start = self.options.start
        due = next_open(start, WINDOWS, None) if self.options.windows else start
        return Enrollment(
            tenant=tenant,
            key=EnrollmentKey(sequence, number),
            state=EnrollmentState.ACTIVE,
            step=0,
            due=due,
            timed=due > start,
            epoch=0,
            batch_number=1,
            batch_tag="m1.1",
            created_at=self.options.start,
        )


def _all_that_shows(options: Options) -> Options:
    """The options without those that leave no trace in the scenery, so that equal sceneries are made once."""
    return replace(
        options, seed=0, trouble_for=0, actions=0, fault_rate=0, fault_kinds=(), slow=0, torn=0, lag=0, skew=0,
        duplicates=0, visibility=0, batch=0,
    )  # fmt: skip


@lru_cache(maxsize=20_000)
def _rows(scenery: Scenery) -> tuple[tuple[Key, Row], ...]:
    """The scenery as the store keeps it."""
    items = [measured(to_wire(item)) for item in scenery._items()]
    return tuple(((item["PK"]["S"], item["SK"]["S"]), Row(item, size)) for item, size in items)


def address_of(tenant: int, contact: int) -> str:
    """A contact's address."""
    return f"contact{contact}@tenant{tenant}.example"
