"""What became of a step, as far as the sending side can tell (docs/adr: the delivery promise)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from drumbeat.domain.permanence import Permanence, permanence_of

if TYPE_CHECKING:
    from drumbeat.domain.enrollment import Awaits, EnrollmentState


@dataclass(frozen=True, slots=True)
class Accepted:
    """The server took the mail over; `message_id` is what it put on the mail in place of ours, if it did."""

    message_id: str | None = None


@dataclass(frozen=True, slots=True)
class Rejected:
    """The server refused this mail or its recipient for good."""

    code: int
    text: str

    @property
    def permanence(self) -> Permanence:
        """What the refusal says about the address."""
        return permanence_of(None, self.code, self.text)


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
    """A stop was seen, at the latest right before the content went out; `state` is what it makes of the enrollment."""

    state: EnrollmentState
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Postponed:
    """The sequence's window closed before the mail could leave: it may from `until` on."""

    until: int


@dataclass(frozen=True, slots=True)
class Passed:
    """The step was passed over; `reason` says why, unless passing over is all there is to do about it."""

    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Waits:
    """The step is looked at again at `until`; `remark` says what it waits for or lacks, None if that is over."""

    awaits: Awaits | None
    until: int
    remark: str | None


@dataclass(frozen=True, slots=True)
class Asked:
    """The tenant's app was asked, and has until the deadline to answer; `doubt` says why it may not have heard."""

    awaits: Awaits
    deadline: int
    doubt: str | None = None


@dataclass(frozen=True, slots=True)
class Unasked:
    """The tenant's app certainly will not act on the request, which may be made again."""

    reason: str


type Verdict = Accepted | Rejected | Retry | Unknown | Withheld | Postponed | Passed | Waits | Asked | Unasked
"""What is settled with the enrollment."""

type Attempted = Verdict | SenderTrouble
"""What an attempt to send comes to."""
