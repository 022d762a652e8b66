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
    """The mail certainly has not left and may be tried again; `sender_at_fault` clears the contact of blame."""

    reason: str
    sender_at_fault: bool = False


@dataclass(frozen=True, slots=True)
class Unknown:
    """The mail may or may not have left: it is never sent again by itself."""

    reason: str


@dataclass(frozen=True, slots=True)
class Withheld:
    """A stop was seen right before the content went out; `state` is what it makes of the enrollment."""

    state: EnrollmentState


type Verdict = Accepted | Rejected | Retry | Unknown | Withheld
