"""Events: what happened that its tenant's own systems want to hear of, each the doing of one committed write."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from drumbeat.domain.digest import digest
from drumbeat.domain.enrollment import Enrollment
from drumbeat.domain.sequence import Sender, Sequence

if TYPE_CHECKING:
    from drumbeat.domain.ids import EnrollmentKey

DIGEST_LENGTH = 32
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_INSTANT_LENGTH = 9
"""Enough for every millisecond of the next three thousand years."""
_PREFIX = "evt_"


class EventKind(StrEnum):
    """What can happen. The values are part of every event's id, and of what is kept: never rename."""

    STEP_FIRED = "step_fired"  # a mail was accepted, or the tenant's app did the step
    OPENED = "opened"  # by a human, as far as we can tell
    MACHINE_OPENED = "machine_opened"
    CLICKED = "clicked"
    MACHINE_CLICKED = "machine_clicked"
    REPLIED = "replied"
    OUT_OF_OFFICE = "out_of_office"
    RETURNED = "returned"  # this mail came back for good
    SOFT_BOUNCED = "soft_bounced"  # this mail came back, and another may arrive
    COMPLAINED = "complained"
    COMPLETED = "completed"  # no step was left
    BOUNCED = "bounced"  # the enrollment's mails do not arrive: once
    UNSUBSCRIBED = "unsubscribed"
    FAILED = "failed"  # the tenant's app could not do a step, for good
    CALL_ENDED = "call_ended"  # the dialler said what a call came to
    SENDER_DISABLED = "sender_disabled"  # by us: too much of it came back, or its login is refused
    SEQUENCE_PAUSED = "sequence_paused"  # by us: nobody is left to send it


class Change:
    """One committed write to something that tenants hear of, and when it was, to the second."""

    __slots__ = ()
    at: int


@dataclass(frozen=True, slots=True)
class EnrollmentChange(Change):
    """One committed write to an enrollment: as it was, as it became, and when, to the second."""

    old: Enrollment
    new: Enrollment
    at: int


@dataclass(frozen=True, slots=True)
class SenderChange(Change):
    """One committed write to a sender."""

    old: Sender
    new: Sender
    at: int


@dataclass(frozen=True, slots=True)
class SequenceChange(Change):
    """One committed write to a sequence."""

    old: Sequence
    new: Sequence
    at: int


@dataclass(frozen=True, slots=True)
class EnrollmentEnd:
    """An enrollment that is over as a committed write left it; if it `is_gone`, as it was before its item went."""

    enrollment: Enrollment
    is_gone: bool


@dataclass(frozen=True, slots=True)
class Event:
    """One fact. `subject` is what it is about, as the fact left it; `at` is when it happened.

    `step` and `sender` say which mail it is about, if it is about one: the step's index, and who sent it, 0 where that
    is not known. The last mail is taken for the one that made somebody unsubscribe. `first`: nothing of the kind was
    known of the enrollment before. `is_mail`: the step that fired is a mail. `is_sync`: the bounce is the server's
    answer, no mail came back. What is no news about its mail is not `counted`. `call` is the number of the call that
    ended; `mark` tells the event from others of its kind about the subject.
    """

    kind: EventKind
    subject: Enrollment | Sender | Sequence
    at: int
    mark: str = ""
    step: int | None = None
    sender: int | None = None
    first: bool = False
    reason: str | None = None
    call: int | None = None
    is_mail: bool = False
    is_sync: bool = False
    counted: bool = True

    @property
    def tenant(self) -> int:
        """Whose it is."""
        return self.subject.tenant

    @property
    def enrollment(self) -> Enrollment:
        """The enrollment that it is about. Raises TypeError if it is about another thing."""
        if not isinstance(self.subject, Enrollment):
            raise TypeError(f"{self.kind} is not about an enrollment")
        return self.subject

    @property
    def key(self) -> EnrollmentKey:
        """The key of the enrollment that it is about. Raises TypeError if it is about another thing."""
        return self.enrollment.key

    @property
    def sequence(self) -> int | None:
        """The number of the sequence that it happened in; None for a sender that is of no sequence."""
        if isinstance(self.subject, Enrollment):
            return self.subject.key.sequence
        return self.subject.sequence if isinstance(self.subject, Sender) else self.subject.number

    @property
    def id(self) -> str:
        """The same whenever the fact is told, and no other fact's; it says nothing about tenant or contact.

        It begins with the instant, so that it says where the event is kept (`instant_of`).
        """
        parts = (self.tenant, *_name_of(self.subject), self.kind.value, self.mark)
        return f"{_PREFIX}{_spelled(self.at)}{digest('/'.join(map(str, parts)))[:DIGEST_LENGTH]}"


def sort_of(event_id: str) -> str:
    """What a tenant's events are sorted by: their instants, then what tells those of one instant apart."""
    return event_id.removeprefix(_PREFIX)


def first_sort(instant: int) -> str:
    """What sorts before every event at the instant, or later, and after all earlier ones."""
    return _spelled(instant)


def id_of_sort(sort: str) -> str:
    """The id of the event that is sorted by this."""
    return f"{_PREFIX}{sort}"


def instant_of(event_id: str) -> int | None:
    """When the event with this id happened; None for what is no id of an event."""
    body = event_id.removeprefix(_PREFIX)
    is_one = event_id.startswith(_PREFIX) and len(body) == _INSTANT_LENGTH + DIGEST_LENGTH
    if not is_one or not set(body) <= set(_DIGITS):
        return None
    return int(body[:_INSTANT_LENGTH], len(_DIGITS))


def _spelled(instant: int) -> str:
    """The instant as a word that sorts like it; what a server dates before 1970 stands at its beginning."""
    word, instant = "", max(instant, 0)
    while instant:
        instant, digit = divmod(instant, len(_DIGITS))
        word = _DIGITS[digit] + word
    return word.rjust(_INSTANT_LENGTH, _DIGITS[0])


def _name_of(subject: Enrollment | Sender | Sequence) -> tuple[object, ...]:
    """What no other subject of the tenant is called: an enrollment that was made again under its key is another."""
    if isinstance(subject, Enrollment):
        key = subject.key
        return key.sequence, key.contact, key.run, subject.batch_tag
    return "sender" if isinstance(subject, Sender) else "sequence", subject.number
