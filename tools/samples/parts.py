"""What the prepared data of several areas are made of: people, mailboxes and ways through sequences."""

from dataclasses import replace
from typing import Any

from drumbeat import bootstrap
from drumbeat.domain.contact import Contact
from drumbeat.domain.enrollment import Enrollment, new_enrollment
from drumbeat.domain.ids import EnrollmentKey
from drumbeat.domain.sequence import Sender, SenderKind, Sequence, SequenceStatus, Step
from drumbeat.domain.times import DAY
from tools.samples.prepared import TENANT

SIGNED_WITH = "whsec_c2FtcGxl"
"""What signs what the tenant's apps and endpoints are told."""
_NO_LIMIT = 1_000_000


def person(number: int, first: str, last: str, email: str | None, now: int, **fields: Any) -> Contact:
    """Somebody who came ten days ago, with no import."""
    made = Contact(TENANT, number, 0, email, first, last, None, now - 10 * DAY, updated_at=now - 10 * DAY)
    return replace(made, **fields)


def sequence(number: int, name: str, steps: tuple[Step, ...], now: int, **fields: Any) -> Sequence:
    """A sequence that has been active for ten days, and sends at any hour."""
    began = now - 10 * DAY
    made = Sequence(
        tenant=TENANT,
        number=number,
        name=name,
        status=SequenceStatus.ACTIVE,
        program=None,
        min_wait_seconds=0,
        max_wait_seconds=0,
        verify_email_mx=False,
        bounce_rate_threshold=8.0,
        steps=steps,
        senders=(),
        created_at=began,
        enabled_at=began,
        updated_at=began,
    )
    return replace(made, **fields)


def mailbox(number: int, address: str, name: str, server: tuple[str, int], now: int, **fields: Any) -> Sender:
    """A sender that logs in at a mail server, and is in no sequence's rotation."""
    host, port = server
    sealed = bootstrap.vault().seal("a-password", tenant=TENANT, sender=number)
    made = Sender(TENANT, number, None, None, host, port, address, sealed, name, address, 200, now - 10 * DAY)
    return replace(made, **fields)


def connector(number: int, url: str, now: int, **fields: Any) -> Sender:
    """Stands for an app of the tenant that listens at the URL."""
    sealed = bootstrap.vault().seal(SIGNED_WITH, tenant=TENANT, sender=number)
    made = Sender(TENANT, number, None, None, url, 0, "", sealed, "", "", _NO_LIMIT, now - 10 * DAY)
    return replace(made, kind=SenderKind.CONNECTOR, **fields)


def enrollment(key: EnrollmentKey, sender: int, now: int, **fields: Any) -> Enrollment:
    """Somebody who came into a sequence two days ago, sent by one sender; the next step is due in two days.

    Nothing of the prepared data leaves by itself.
    """
    made = new_enrollment(TENANT, key, batch_number=1, batch_tag="prepared", now=now - 2 * DAY, bound_to=sender)
    return replace(made, due=now + 2 * DAY, **fields)
