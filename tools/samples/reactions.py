"""What the samples of our own API name: a sequence with a sender, what happened to its mails, and who is told."""

from drumbeat import bootstrap, bootstrap_signals, bootstrap_webhooks
from drumbeat.application.suppression_list import Unwanted
from drumbeat.domain.enrollment import Enrollment, EnrollmentState
from drumbeat.domain.event import Event, EventKind
from drumbeat.domain.ids import EnrollmentKey
from drumbeat.domain.inbound_mail import MailKind
from drumbeat.domain.logged_event import logged
from drumbeat.domain.notice import Receiver
from drumbeat.domain.opening_hours import Holidays, Schedule, TenantHours
from drumbeat.domain.schedule import BUSINESS_HOURS, MINUTES_OF_DAY, Hours, Span, Week
from drumbeat.domain.sequence import Step
from drumbeat.domain.suppression import SuppressionReason
from drumbeat.domain.times import DAY, HOUR, MINUTE
from drumbeat.domain.unmatched_reply import UnmatchedReply, Why
from drumbeat.domain.webhook_delivery import Attempt, Delivery, DeliveryState
from drumbeat.domain.webhook_endpoint import WebhookEndpoint, with_another
from tools.samples.parts import SIGNED_WITH, enrollment, mailbox, person, sequence
from tools.samples.prepared import TENANT, Hosts

SEQUENCE, SENDER, ENDPOINT = 80, 80, 81
JANE, DOUBTFUL = 80, 81
SENT_AT = 1_768_467_600_000
"""2026-01-15T09:00:00Z: what is listed by time stands at fixed times, long before everything else of the tenant."""
PARKED_AT = SENT_AT + DAY
_DAY_OFF = 20_811  # 2026-12-24
_ALL_WEEK: Week = ((Span(0, MINUTES_OF_DAY),),) * 7
_STEPS = (
    Step(1, "Hello {{first_name}}", "<p>Hi {{first_name}}</p>", 0),
    Step(2, "Again", "<p>Have you seen this?</p>", 2_880),
)


def prepare_reactions(hosts: Hosts, now: int) -> None:
    """Writes what the samples name."""
    bootstrap.tenants().set_hours(TENANT, TenantHours("Europe/London", BUSINESS_HOURS, Holidays((), (_DAY_OFF,))))
    _write_sequence(hosts, now)
    bootstrap.suppressions().add(TENANT, [Unwanted("gone@lead.example", SuppressionReason.BOUNCE, "smtp")], SENT_AT)
    bootstrap.suppressions().add(
        TENANT, [Unwanted("left@lead.example", SuppressionReason.MANUAL, "api")], SENT_AT + DAY
    )
    stray = UnmatchedReply(
        tenant=TENANT,
        sender=SENDER,
        id="0123456789abcdef0123456789abcdef",
        received_at=SENT_AT + HOUR,
        kind=MailKind.REPLY,
        why=Why.NO_REFERENCE,
        from_address="stranger@lead.example",
        subject="Your offer",
    )
    bootstrap_signals.unmatched_replies().put(stray, now)
    _write_endpoint(hosts, _write_events(now), now)


def _write_sequence(hosts: Hosts, now: int) -> None:
    """One contact is half through; of another one's mail nobody knows whether it has left."""
    sender = mailbox(
        SENDER, "cleo@drumbeat.example", "Cleo", hosts.smtp, now, sequence=SEQUENCE, label="Cleo's", daily_limit=50
    )
    schedule, hours = Schedule(not_before=SENT_AT, revision=1), Hours(_ALL_WEEK, "UTC", frozenset(), SENT_AT)
    timed = {"schedule": schedule, "hours": hours, "daily_cap": 300}
    found = sequence(SEQUENCE, "Autumn", _STEPS, now, senders=(SENDER,), **timed)
    bootstrap.sequences().create(found, [sender], intent=None, now=now)
    bootstrap.contacts().add(
        [
            person(JANE, "Jane", "Fox", "jane.fox@drumbeat.example", now),
            person(DOUBTFUL, "Dora", "Hill", "dora.hill@drumbeat.example", now),
        ]
    )
    parked = {"state": EnrollmentState.PARKED, "parked_at": PARKED_AT, "parked_reason": "no answer", "attempts": 1}
    bootstrap.enrollments().insert([jane(now), enrollment(EnrollmentKey(SEQUENCE, DOUBTFUL), SENDER, now, **parked)])


def jane(now: int) -> Enrollment:
    """Her second mail is due in two days."""
    return enrollment(EnrollmentKey(SEQUENCE, JANE), SENDER, now, step=1, sent_at=SENT_AT, last_sent_at=SENT_AT)


def _write_events(now: int) -> str:
    """Her first mail left, was opened and complained about. Returns the id of the complaint."""
    seen = jane(now)
    kinds = (EventKind.STEP_FIRED, EventKind.OPENED, EventKind.COMPLAINED)
    happened = [
        Event(kind, seen, SENT_AT + hours * HOUR, "0", step=0, sender=SENDER, first=True, is_mail=hours == 0)
        for hours, kind in enumerate(kinds)
    ]
    bootstrap.event_log().add([logged(event, now) for event in happened])
    return happened[-1].id


def _write_endpoint(hosts: Hosts, event_id: str, now: int) -> None:
    """It hears of complaints only; the one that there was reached it at the second attempt."""
    sealed = bootstrap.vault().seal(SIGNED_WITH, tenant=TENANT, sender=ENDPOINT)
    endpoint = WebhookEndpoint(
        TENANT, ENDPOINT, f"{hosts.web}/hooks/complaints", ("enrollment.complained",), sealed, now - 10 * DAY
    )
    bootstrap_webhooks.endpoints().create(
        TENANT, ENDPOINT, lambda seen: with_another(seen, endpoint), intent=None, now=now
    )
    told_at = SENT_AT + 2 * HOUR
    delivery = Delivery(
        receiver=Receiver(TENANT, ENDPOINT, is_endpoint=True),
        event=event_id,
        kind="enrollment.complained",
        created_at=told_at,
        state=DeliveryState.DELIVERED,
        due=told_at + 5 * MINUTE,
        tries=2,
        attempts=(Attempt(told_at, 503, "status 503"), Attempt(told_at + 5 * MINUTE, 204, None)),
    )
    bootstrap_webhooks.deliveries().save([(None, delivery)], now)
