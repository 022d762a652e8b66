"""A mail in a sender's mailbox that belongs to no enrollment, as far as anybody can prove."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from drumbeat.domain.digest import digest
from drumbeat.domain.times import DAY

if TYPE_CHECKING:
    from drumbeat.domain.inbound_mail import MailKind

KEPT_FOR = 30 * DAY
_DIGITS = 32


class Why(StrEnum):
    """Why nobody could be found whom the mail is from."""

    NO_REFERENCE = "no_reference"  # it names no mail of ours
    FOREIGN = "foreign"  # the mail that it names was not sent by a sequence of this sender
    GONE = "gone"  # the enrollment that it is about does not exist any more
    UNREADABLE = "unreadable"  # the server would not hand it over


class Place(NamedTuple):
    """What tells one from all others of its tenant, and puts them in order."""

    received_at: int
    sender: int
    id: str


@dataclass(frozen=True, slots=True)
class UnmatchedReply:
    """Who wrote to which sender, and when it arrived (UTC ms); `id` is the same however often it is found.

    Of one that is unreadable nothing is known but that it was seen.
    """

    tenant: int
    sender: int
    id: str
    received_at: int
    kind: MailKind | None
    why: Why
    from_address: str | None
    subject: str

    @property
    def place(self) -> Place:
        """Where it stands among the tenant's."""
        return Place(self.received_at, self.sender, self.id)


def id_of(message_id: str | None, raw: bytes) -> str:
    """What a mail is known by: its Message-ID, or all of it where it has none."""
    return digest(message_id or raw.decode("latin-1"))[:_DIGITS]
