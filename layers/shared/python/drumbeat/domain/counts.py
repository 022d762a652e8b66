"""What is counted of mails, and which events count where. Everything is counted by mails, and once for each of them."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, NamedTuple

from drumbeat.domain.credits import month_of
from drumbeat.domain.event import EventKind
from drumbeat.domain.times import utc_day

if TYPE_CHECKING:
    from drumbeat.domain.logged_event import LoggedEvent


@dataclass(frozen=True, slots=True)
class Counts:
    """How many mails were sent, and how many of them were opened, clicked, …; machines are counted apart.

    `returned` mails came back for good after they had been taken, `rejected` ones were never taken. An unsubscribe is
    counted for the mail that brought it about, or the last one.
    """

    sent: int = 0
    opened: int = 0
    machine_opened: int = 0
    clicked: int = 0
    machine_clicked: int = 0
    replied: int = 0
    out_of_office: int = 0
    returned: int = 0
    rejected: int = 0
    soft_bounced: int = 0
    complained: int = 0
    unsubscribed: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(**{name: getattr(self, name) + getattr(other, name) for name in FIELDS})

    @property
    def bounced(self) -> int:
        """Mails that were refused, or came back, for good."""
        return self.returned + self.rejected

    @property
    def delivered(self) -> int:
        """Mails that were taken and have not come back."""
        return self.sent - self.returned


FIELDS = tuple(field.name for field in fields(Counts))
NOTHING = Counts()


class SequenceDay(NamedTuple):
    """Where the mails of a sequence's step are counted that a sender sent: by the UTC day of what is counted."""

    tenant: int
    sequence: int
    day: int
    step: int
    sender: int


class SenderDay(NamedTuple):
    """Where a sender's mails are counted."""

    tenant: int
    sender: int
    day: int


class TenantMonth(NamedTuple):
    """Where a tenant's mails of a UTC month, such as `2026-11`, are counted."""

    tenant: int
    month: str


type CounterName = SequenceDay | SenderDay | TenantMonth

_FIELD_OF = {
    EventKind.OPENED: "opened",
    EventKind.MACHINE_OPENED: "machine_opened",
    EventKind.CLICKED: "clicked",
    EventKind.MACHINE_CLICKED: "machine_clicked",
    EventKind.REPLIED: "replied",
    EventKind.OUT_OF_OFFICE: "out_of_office",
    EventKind.RETURNED: "returned",
    EventKind.SOFT_BOUNCED: "soft_bounced",
    EventKind.COMPLAINED: "complained",
    EventKind.UNSUBSCRIBED: "unsubscribed",
}


def field_of(event: LoggedEvent) -> str | None:
    """Which of the counts the event adds one to; None if it is none of them."""
    if event.kind is EventKind.STEP_FIRED:
        return "sent" if event.is_mail else None
    if event.kind is EventKind.BOUNCED:
        return "rejected" if event.is_sync else None
    return _FIELD_OF.get(event.kind) if event.counted else None


def additions_of(event: LoggedEvent) -> dict[CounterName, str]:
    """Where the event counts, and as what: with its sequence, its sender, and its tenant's month if it is a mail."""
    counted_as = field_of(event)
    if counted_as is None or event.sequence is None or event.step is None or event.sender is None:
        return {}
    day = utc_day(event.at)
    names: list[CounterName] = [SequenceDay(event.tenant, event.sequence, day, event.step, event.sender)]
    if event.sender:
        names.append(SenderDay(event.tenant, event.sender, day))
    if event.kind is EventKind.STEP_FIRED:
        names.append(TenantMonth(event.tenant, str(month_of(event.at))))
    return dict.fromkeys(names, counted_as)
