"""Events as they are kept: with all that it takes to spell one again after its enrollment has moved on."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from drumbeat.domain.enrollment import Enrollment, Progress, progress
from drumbeat.domain.sequence import Sender
from drumbeat.domain.times import DAY

if TYPE_CHECKING:
    from drumbeat.domain.event import Event, EventKind
    from drumbeat.domain.ids import EnrollmentKey

EVENTS_KEPT = 90 * DAY
_ADDRESS = re.compile(r"""[^\s@<>()\[\],;:"']{1,64}@[^\s@<>()\[\],;:"']+""")
_HIDDEN = "(address)"


@dataclass(frozen=True, slots=True)
class EnrollmentThen:
    """What is shown of an enrollment, as the event left it. `contact` is the one that is mailed, None for nobody.

    `contact_email` is never kept, as it would outlive its contact: it is None until whoever tells the event has looked
    it up (`addressed`), and stays None if the contact is gone.
    """

    key: EnrollmentKey
    made_by: str
    progress: Progress
    contact: int | None
    contact_email: str | None = None
    external_id: str | None = None
    sent_at: int | None = None
    opened_at: int | None = None
    replied_at: int | None = None
    bounced_at: int | None = None
    bounce_reason: str | None = None
    unsubscribed_at: int | None = None


@dataclass(frozen=True, slots=True)
class LoggedEvent:
    """An event and when we noted it. See `Event` for what its fields say.

    `sequence` is where it happened, None for a sender that is of no sequence. It is about the `enrollment` if there is
    one; else about the `sender`, whose address is `sender_email`, or about the sequence.
    """

    id: str
    kind: EventKind
    tenant: int
    at: int
    logged_at: int
    sequence: int | None = None
    step: int | None = None
    sender: int | None = None
    first: bool = False
    is_mail: bool = False
    is_sync: bool = False
    counted: bool = True
    reason: str | None = None
    call: int | None = None
    enrollment: EnrollmentThen | None = None
    sender_email: str | None = None


def logged(event: Event, now: int) -> LoggedEvent:
    """The event as it is kept from `now` on.

    Servers like to quote the address that they refuse: what they said is kept without it.
    """
    subject = event.subject
    return LoggedEvent(
        id=event.id,
        kind=event.kind,
        tenant=event.tenant,
        at=event.at,
        logged_at=now,
        sequence=event.sequence,
        step=event.step,
        sender=event.sender,
        first=event.first,
        is_mail=event.is_mail,
        is_sync=event.is_sync,
        counted=event.counted,
        reason=_without_addresses(event.reason) if isinstance(subject, Enrollment) else event.reason,
        call=event.call,
        enrollment=_then(subject) if isinstance(subject, Enrollment) else None,
        sender_email=subject.from_email if isinstance(subject, Sender) else None,
    )


def _then(enrollment: Enrollment) -> EnrollmentThen:
    return EnrollmentThen(
        key=enrollment.key,
        made_by=enrollment.batch_tag,
        progress=progress(enrollment),
        contact=enrollment.contact,
        external_id=enrollment.lead.external_id,
        sent_at=enrollment.sent_at,
        opened_at=enrollment.opened_at,
        replied_at=enrollment.replied_at,
        bounced_at=enrollment.bounced_at,
        bounce_reason=_without_addresses(enrollment.bounce_reason),
        unsubscribed_at=enrollment.unsubscribed_at,
    )


def _without_addresses(words: str | None) -> str | None:
    return None if words is None else _ADDRESS.sub(_HIDDEN, words)
