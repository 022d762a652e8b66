"""What people and programs do meanwhile: the production use cases behind the API, at random instants."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from random import Random
from typing import NamedTuple

from drumbeat.adapters.dynamodb.contact_imports import ContactImportStore
from drumbeat.adapters.dynamodb.contacts import ContactStore
from drumbeat.adapters.dynamodb.enrollment_changes import EnrollmentChangeStore
from drumbeat.adapters.dynamodb.enrollments import EnrollmentStore
from drumbeat.adapters.dynamodb.kinds import ruleset_records
from drumbeat.adapters.dynamodb.lanes import DynamoLanes
from drumbeat.adapters.dynamodb.numbers import Counters
from drumbeat.adapters.dynamodb.parked import ParkedStore
from drumbeat.adapters.dynamodb.programs import ProgramStore
from drumbeat.adapters.dynamodb.sequences import SequenceStore
from drumbeat.adapters.dynamodb.signals import SignalStore
from drumbeat.adapters.dynamodb.skips import SkipStore
from drumbeat.adapters.dynamodb.suppressions import SuppressionStore
from drumbeat.adapters.dynamodb.table import Table
from drumbeat.adapters.dynamodb.tenants import TenantStore
from drumbeat.adapters.dynamodb.throttles import ThrottleStore
from drumbeat.application.add_to_sequence import add_to_sequence
from drumbeat.application.addition import AddPorts
from drumbeat.application.contacts import DeletePorts, delete_contact
from drumbeat.application.enroll_contact import enroll_contact
from drumbeat.application.enroll_rows import EnrollPorts
from drumbeat.application.enrollment_actions import (
    ActionPorts,
    finish_all,
    finish_enrollment,
    pause_enrollment,
    remove_enrollment,
    resume_enrollment,
)
from drumbeat.application.let_in import LetInPorts
from drumbeat.application.schedules import SchedulePorts, set_schedule
from drumbeat.application.senders import reenable_sender, remove_sender, update_sender
from drumbeat.application.sequences import get_sequence, pause_sequence, resume_sequence, start_sequence
from drumbeat.application.shared_senders import change_sender, delete_sender, find_sender
from drumbeat.application.suppression_list import SuppressPorts, Unwanted, suppress_many
from drumbeat.application.unknown_sends import resolve_unknown_send
from drumbeat.application.unsubscribe import unsubscribe
from drumbeat.domain.enrollment import EnrollmentState
from drumbeat.domain.ids import EnrollmentKey
from drumbeat.domain.mail_signal import MailSignal, SignalKind
from drumbeat.domain.opening_hours import Schedule
from drumbeat.domain.resolution import Decision
from drumbeat.domain.sender_health import switched_on
from drumbeat.domain.sequence import Sender
from drumbeat.domain.suppression import SuppressionReason
from drumbeat.domain.token import unsubscribe_token
from tests.simulation.scenery import MOST_SENDERS, Scenery, address_of
from tests.simulation.stand_ins import KEYS


class _NoQueue:
    """Nothing is handed over by who has all the time there is."""

    def put(self, *messages: object) -> None:
        raise AssertionError(messages)


class Target(NamedTuple):
    """What an action is about; each takes of it what it needs."""

    tenant: int
    sequence: int = 1
    contact: int = 1
    sender: int = 11

    @property
    def enrollment(self) -> EnrollmentKey:
        """The contact's first run."""
        return EnrollmentKey(self.sequence, self.contact)


type Act = Callable[[int], object]
"""Something a user does; it is told the instant."""


class NoNews:
    """Mail domains, holidays and a bulk queue: nothing here asks them."""

    def days_of(self, _name: str) -> None:
        return None

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
    promise: Callable[[int, int], None]
    """Told of a tenant's contact that was promised no more mail, once the call has succeeded."""

    def draw(self, tenant: int) -> tuple[str, Act]:
        """One action of a tenant's users."""
        sequence = self.rng.choice(self.scenery.sequences)
        contact = self.rng.choice(self.scenery.contacts_of(tenant))
        sender = self.rng.choice(self.scenery.serving(sequence))
        name = self.rng.choice(_ACTIONS)
        return f"{name} {tenant}/{contact}/{sender}", self.named(name, Target(tenant, sequence, contact, sender))

    def named(self, name: str, target: Target) -> Act:
        """The action of this name."""
        return lambda now: _DO[name](self, target, now)

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

    def pause(self, at: Target, now: int) -> None:
        pause_sequence(self.sequences, tenant=at.tenant, number=at.sequence, now=now)

    def resume(self, at: Target, now: int) -> None:
        resume_sequence(self.sequences, self.lanes, tenant=at.tenant, number=at.sequence, now=now)

    def start(self, at: Target, now: int) -> None:
        start_sequence(self.sequences, self.enrollments, self.lanes, tenant=at.tenant, number=at.sequence, now=now)

    def unsubscribe(self, at: Target, now: int) -> None:
        unsubscribe(self.signals, self.enrollments, KEYS, unsubscribe_token(KEYS, at.tenant, at.contact), now=now)
        self.promise(at.tenant, at.contact)

    def suppress(self, at: Target, now: int) -> None:
        store, nobody = SuppressionStore(self.table), _NoQueue()
        suppress_many(
            SuppressPorts(store, self.signals, self.enrollments, nobody),
            tenant=at.tenant,
            unwanted=[Unwanted(address_of(at.tenant, at.contact), SuppressionReason.MANUAL, None)],
            out_of_time=lambda: False,
            now=now,
        )
        self.promise(at.tenant, at.contact)

    def delete(self, at: Target, _now: int) -> None:
        ports = DeletePorts(
            contact_imports=ContactImportStore(self.table),
            contacts=ContactStore(self.table),
            enrollments=self.enrollments,
            sequences=self.sequences,
            queue=NoNews(),
        )
        delete_contact(ports, tenant=at.tenant, number=at.contact)

    def take_out(self, at: Target, now: int) -> None:
        found = self.enrollments.get(at.tenant, at.enrollment)
        if found is not None:
            self.signals.take_out(found, EnrollmentState.REPLIED, now)

    @property
    def action_ports(self) -> ActionPorts:
        return ActionPorts(self.enrollments, EnrollmentChangeStore(self.table), self.sequences, self.lanes)

    def pause_one(self, at: Target, now: int) -> None:
        pause_enrollment(self.action_ports, tenant=at.tenant, key=at.enrollment, now=now)

    def resume_one(self, at: Target, now: int) -> None:
        resume_enrollment(self.action_ports, tenant=at.tenant, key=at.enrollment, now=now)

    def finish(self, at: Target, now: int) -> None:
        finish_enrollment(self.action_ports, tenant=at.tenant, key=at.enrollment, now=now)

    def finish_all(self, at: Target, now: int) -> None:
        finish_all(self.action_ports, tenant=at.tenant, contacts=[at.contact], now=now)

    def take_away(self, at: Target, _now: int) -> None:
        remove_enrollment(self.action_ports, tenant=at.tenant, key=at.enrollment)

    def disable(self, at: Target, now: int) -> None:
        self._change_sender(at, now, lambda old: replace(old, disabled_at=now))

    def reenable(self, at: Target, now: int) -> None:
        if is_shared(at.sender):
            self._change_sender(at, now, lambda old: switched_on(old, now))
            return
        reenable_sender(
            self.sequences, self.lanes, tenant=at.tenant, sequence_number=at.sequence, number=at.sender, now=now
        )

    def limit(self, at: Target, now: int) -> None:
        mails = at.contact + 1 if is_shared(at.sender) else None
        self._change_sender(at, now, lambda old: replace(old, daily_limit=at.contact + 1, daily_mails=mails))

    def _change_sender(self, at: Target, now: int, change: Callable[[Sender], Sender]) -> None:
        if is_shared(at.sender):
            change_sender(self.sequences, self.lanes, tenant=at.tenant, number=at.sender, change=change, now=now)
            return
        update_sender(
            self.sequences,
            self.lanes,
            tenant=at.tenant,
            sequence_number=at.sequence,
            number=at.sender,
            change=change,
            now=now,
        )

    def remove(self, at: Target, now: int) -> None:
        if is_shared(at.sender):
            delete_sender(self.sequences, self.lanes, tenant=at.tenant, number=at.sender, now=now)
        elif at.sender != self.scenery.senders_of(at.sequence)[0]:  # somebody must be left to send
            remove_sender(
                self.sequences, self.lanes, tenant=at.tenant, sequence_number=at.sequence, number=at.sender, now=now
            )

    def accepted(self, at: Target, now: int) -> None:
        self.resolve(at, Decision.ACCEPTED, now)

    def not_accepted(self, at: Target, now: int) -> None:
        self.resolve(at, Decision.NOT_ACCEPTED, now)

    def resend(self, at: Target, now: int) -> None:
        self.resolve(at, Decision.RESEND, now)

    def resolve(self, at: Target, decision: Decision, now: int) -> None:
        resolve_unknown_send(
            ParkedStore(self.table),
            self.enrollments,
            self.sequences,
            self.lanes,
            tenant=at.tenant,
            key=at.enrollment,
            decision=decision,
            now=now,
        )

    def enroll(self, at: Target, now: int) -> None:
        bound_to = self.scenery.bound_to(at.sequence, at.contact)
        if bound_to is not None:
            self._bind(at, bound_to, now)
            return
        ports = EnrollPorts(
            sequences=self.sequences,
            programs=ProgramStore(self.table),
            contact_imports=ContactImportStore(self.table),
            contacts=ContactStore(self.table),
            enrollments=self.enrollments,
            skips=SkipStore(self.table),
            lanes=self.lanes,
            mail_domains=NoNews(),
            numbers=Counters(self.table),
        )
        enroll_contact(
            ports,
            tenant=at.tenant,
            sequence_number=at.sequence,
            contact_number=at.contact,
            batch_number=1,
            priority=at.contact % 2 == 0,
            intent="intent",
            now=now,
        )

    def _bind(self, at: Target, bound_to: int, now: int) -> None:
        throttles, changes = ThrottleStore(self.table), EnrollmentChangeStore(self.table)
        ports = AddPorts(
            contacts=ContactStore(self.table),
            enrollments=self.enrollments,
            sequences=self.sequences,
            rulesets=ruleset_records(self.table),
            programs=ProgramStore(self.table),
            lanes=self.lanes,
            letting_in=LetInPorts(throttles, self.enrollments, changes, self.sequences, self.lanes),
        )
        add_to_sequence(
            ports,
            tenant=at.tenant,
            sequence=get_sequence(self.sequences, tenant=at.tenant, number=at.sequence),
            ruleset=None,
            sender=find_sender(self.sequences, tenant=at.tenant, number=bound_to),
            contacts=[at.contact],
            tag="intent",
            now=now,
        )

    def schedule(self, at: Target, now: int) -> None:
        ports = SchedulePorts(TenantStore(self.table), self.sequences, NoNews(), self.lanes)
        number, cap = at.sequence, None if at.contact == 1 else at.contact + 1
        set_schedule(ports, tenant=at.tenant, number=number, wanted=Schedule(), daily_cap=cap, now=now)

    def opened(self, at: Target, now: int) -> None:
        self.signals.note(at.tenant, at.enrollment, MailSignal(SignalKind.OPENED, 0, 0), now, also={"opened_at": now})


def is_shared(sender: int) -> bool:
    """Whether it is a sender of no sequence."""
    return sender < MOST_SENDERS


_DO = {
    "pause": Users.pause,
    "resume": Users.resume,
    "start": Users.start,
    "unsubscribe": Users.unsubscribe,
    "suppress": Users.suppress,
    "delete": Users.delete,
    "take out": Users.take_out,
    "pause one": Users.pause_one,
    "resume one": Users.resume_one,
    "finish": Users.finish,
    "finish all": Users.finish_all,
    "take away": Users.take_away,
    "disable": Users.disable,
    "reenable": Users.reenable,
    "limit": Users.limit,
    "remove": Users.remove,
    "accepted": Users.accepted,
    "not accepted": Users.not_accepted,
    "resend": Users.resend,
    "enroll": Users.enroll,
    "schedule": Users.schedule,
    "open": Users.opened,
}
_ACTIONS = (
    *_DO, "pause", "resume", "resume", "unsubscribe", "resend", "resend", "accepted", "pause one", "pause one",
    "resume one", "resume one",
)  # fmt: skip
