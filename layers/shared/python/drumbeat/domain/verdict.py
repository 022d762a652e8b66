"""What became of a mail, as far as the sending side can tell (docs/adr: the delivery promise)."""

from dataclasses import dataclass

from drumbeat.domain.enrollment import EnrollmentState


@dataclass(frozen=True, slots=True)
class Accepted:
    """The server took the mail over; `message_id` is what it put on the mail in place of ours, if it did."""

    message_id: str | None = None


@dataclass(frozen=True, slots=True)
class Rejected:
    """The server refused this mail or its recipient for good."""

    code: int
    text: str


@dataclass(frozen=True, slots=True)
class Retry:
    """The mail certainly has not left, because of what the server said or did about it, and may be tried again."""

    reason: str


@dataclass(frozen=True, slots=True)
class SenderTrouble:
    """The mail certainly has not left, and its contact is not to blame: the sender can't send at the moment."""

    reason: str
    login_refused: bool = False


@dataclass(frozen=True, slots=True)
class Unknown:
    """The mail may or may not have left: it is never sent again by itself."""

    reason: str


@dataclass(frozen=True, slots=True)
class Withheld:
    """A stop was seen right before the content went out; `state` is what it makes of the enrollment."""

    state: EnrollmentState


@dataclass(frozen=True, slots=True)
class Postponed:
    """The sequence's window closed before the mail could leave: it may from `until` on."""

    until: int


type Verdict = Accepted | Rejected | Retry | Unknown | Withheld | Postponed
"""What is settled with the enrollment."""

type Attempted = Verdict | SenderTrouble
"""What an attempt to send comes to."""
