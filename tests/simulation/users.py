"""What people and programs do meanwhile: the production use cases behind the API, at random instants."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from random import Random

from drumbeat.adapters.dynamodb.batches import BatchStore
from drumbeat.adapters.dynamodb.contact_imports import ContactImportStore
from drumbeat.adapters.dynamodb.contacts import ContactStore
from drumbeat.adapters.dynamodb.enrollments import EnrollmentStore
from drumbeat.adapters.dynamodb.lanes import DynamoLanes
from drumbeat.adapters.dynamodb.numbers import Counters
from drumbeat.adapters.dynamodb.parked import ParkedStore
from drumbeat.adapters.dynamodb.programs import ProgramStore
from drumbeat.adapters.dynamodb.sequences import SequenceStore
from drumbeat.adapters.dynamodb.signals import SignalStore
from drumbeat.adapters.dynamodb.table import Table
from drumbeat.application.contacts import DeletePorts, delete_contact
from drumbeat.application.enroll_contact import enroll_contact
from drumbeat.application.enroll_rows import EnrollPorts
from drumbeat.application.senders import reenable_sender, remove_sender, update_sender
from drumbeat.application.sequences import pause_sequence, resume_sequence, start_sequence
from drumbeat.application.suppress import suppress
from drumbeat.application.unknown_sends import resolve_unknown_send
from drumbeat.application.unsubscribe import unsubscribe
from drumbeat.domain.enrollment import EnrollmentState
from drumbeat.domain.ids import EnrollmentKey
from drumbeat.domain.resolution import Decision
from drumbeat.domain.sequence import Sender
from drumbeat.domain.token import unsubscribe_token
from tests.simulation.scenery import SEQUENCE, Scenery, address_of
from tests.simulation.stand_ins import KEYS

type Act = Callable[[int], object]
"""Something a user does; it is told the instant."""


class NoNews:
    """Mail domains and a bulk queue that enrolling one contact never asks."""

    def without_mx(self, _domains: object) -> set[str]:
        return set()

    def put(self, _message: object) -> None:
        raise RuntimeError("nothing bulky happens here")


@dataclass(frozen=True, slots=True)
class Users:
    """Draws what users do in a scenery."""

    table: Table
    scenery: Scenery
    rng: Random

    def draw(self, tenant: int) -> tuple[str, Act]:
        """One action of a tenant's users."""
        contact = self.rng.choice(self.scenery.contacts_of(tenant))
        sender = self.rng.choice(self.scenery.senders)
        name = self.rng.choice(_ACTIONS)
        return f"{name} {tenant}/{contact}/{sender}", self.named(name, tenant, contact, sender)

    def named(self, name: str, tenant: int, contact: int, sender: int) -> Act:
        """The action of this name."""
        return lambda now: _DO[name](self, tenant, contact, sender, now)

    @property
    def sequences(self) -> SequenceStore:
        return SequenceStore(self.table)

    @property
    def enrollments(self) -> EnrollmentStore:
        return EnrollmentStore(self.table)

    @property
    def lanes(self) -> DynamoLanes:
        return DynamoLanes(self.table)

    @property
    def signals(self) -> SignalStore:
        return SignalStore(self.table)

    def pause(self, tenant: int, _contact: int, _sender: int, _now: int) -> None:
        pause_sequence(self.sequences, tenant=tenant, number=SEQUENCE)

    def resume(self, tenant: int, _contact: int, _sender: int, now: int) -> None:
        resume_sequence(self.sequences, self.lanes, tenant=tenant, number=SEQUENCE, now=now)

    def start(self, tenant: int, _contact: int, _sender: int, now: int) -> None:
        start_sequence(self.sequences, self.enrollments, self.lanes, tenant=tenant, number=SEQUENCE, now=now)

    def unsubscribe(self, tenant: int, contact: int, _sender: int, now: int) -> None:
        unsubscribe(self.signals, self.enrollments, KEYS, unsubscribe_token(KEYS, tenant, contact), now=now)

    def suppress(self, tenant: int, contact: int, _sender: int, now: int) -> None:
        suppress(self.signals, self.enrollments, tenant=tenant, emails=[address_of(tenant, contact)], now=now)

    def delete(self, tenant: int, contact: int, _sender: int, _now: int) -> None:
        ports = DeletePorts(
            contact_imports=ContactImportStore(self.table),
            contacts=ContactStore(self.table),
            enrollments=self.enrollments,
            sequences=self.sequences,
            queue=NoNews(),
        )
        delete_contact(ports, tenant=tenant, number=contact)

    def take_out(self, tenant: int, contact: int, _sender: int, now: int) -> None:
        found = self.enrollments.get(tenant, EnrollmentKey(SEQUENCE, contact))
        if found is not None:
            self.signals.take_out(found, EnrollmentState.REPLIED, now)

    def disable(self, tenant: int, _contact: int, sender: int, now: int) -> None:
        self._change_sender(tenant, sender, now, lambda old: replace(old, disabled_at=now))

    def reenable(self, tenant: int, _contact: int, sender: int, now: int) -> None:
        reenable_sender(self.sequences, self.lanes, tenant=tenant, sequence_number=SEQUENCE, number=sender, now=now)

    def limit(self, tenant: int, contact: int, sender: int, now: int) -> None:
        self._change_sender(tenant, sender, now, lambda old: replace(old, daily_limit=contact + 1))

    def _change_sender(self, tenant: int, sender: int, now: int, change: Callable[[Sender], Sender]) -> None:
        update_sender(
            self.sequences, self.lanes, tenant=tenant, sequence_number=SEQUENCE, number=sender, change=change, now=now
        )

    def remove(self, tenant: int, _contact: int, sender: int, now: int) -> None:
        if sender != 1:  # somebody must be left to send
            remove_sender(self.sequences, self.lanes, tenant=tenant, sequence_number=SEQUENCE, number=sender, now=now)

    def accepted(self, tenant: int, contact: int, _sender: int, now: int) -> None:
        self.resolve(tenant, contact, Decision.ACCEPTED, now)

    def not_accepted(self, tenant: int, contact: int, _sender: int, now: int) -> None:
        self.resolve(tenant, contact, Decision.NOT_ACCEPTED, now)

    def resend(self, tenant: int, contact: int, _sender: int, now: int) -> None:
        self.resolve(tenant, contact, Decision.RESEND, now)

    def resolve(self, tenant: int, contact: int, decision: Decision, now: int) -> None:
        resolve_unknown_send(
            ParkedStore(self.table),
            self.enrollments,
            self.sequences,
            self.lanes,
            tenant=tenant,
            key=EnrollmentKey(SEQUENCE, contact),
            decision=decision,
            now=now,
        )

    def enroll(self, tenant: int, contact: int, _sender: int, now: int) -> None:
        ports = EnrollPorts(
            sequences=self.sequences,
            programs=ProgramStore(self.table),
            contact_imports=ContactImportStore(self.table),
            contacts=ContactStore(self.table),
            enrollments=self.enrollments,
            batches=BatchStore(self.table),
            lanes=self.lanes,
            mail_domains=NoNews(),
            numbers=Counters(self.table),
            queue=NoNews(),
        )
        enroll_contact(
            ports,
            tenant=tenant,
            sequence_number=SEQUENCE,
            contact_number=contact,
            batch_number=1,
            priority=contact % 2 == 0,
            intent="intent",
            now=now,
        )

    def opened(self, tenant: int, contact: int, _sender: int, now: int) -> None:
        self.signals.opened(tenant, EnrollmentKey(SEQUENCE, contact), now)


_DO = {
    "pause": Users.pause,
    "resume": Users.resume,
    "start": Users.start,
    "unsubscribe": Users.unsubscribe,
    "suppress": Users.suppress,
    "delete": Users.delete,
    "take out": Users.take_out,
    "disable": Users.disable,
    "reenable": Users.reenable,
    "limit": Users.limit,
    "remove": Users.remove,
    "accepted": Users.accepted,
    "not accepted": Users.not_accepted,
    "resend": Users.resend,
    "enroll": Users.enroll,
    "open": Users.opened,
}
_ACTIONS = (*_DO, "pause", "resume", "resume", "unsubscribe", "resend", "resend", "accepted")
