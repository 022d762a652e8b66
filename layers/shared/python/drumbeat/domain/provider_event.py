"""What a mail provider reports about a mail, and what that makes of its enrollment.

Reports come late, more than once and in any order. Each one only adds: a mail that the provider had counts as sent, an
unsubscribe is noted once, and a bounce outranks everything. So whatever the order, the end is the same (I10).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from drumbeat.domain.delivery import bounced
from drumbeat.domain.enrollment import STOPPABLE, Enrollment, EnrollmentState
from drumbeat.domain.mail_signal import MailSignal, SignalKind, mark_of
from drumbeat.domain.permanence import Permanence
from drumbeat.domain.resolution import Decision, resolved
from drumbeat.domain.times import DAY

if TYPE_CHECKING:
    from drumbeat.domain.ids import EnrollmentKey
    from drumbeat.domain.sequence import Sequence

MOST_SOFT_BOUNCES = 5
"""An address that has sent back so many mails within `SOFT_BOUNCES_COUNT_FOR` is treated as a dead one."""
SOFT_BOUNCES_COUNT_FOR = 30 * DAY


class Fate(StrEnum):
    """What the provider says became of a mail that it was given."""

    TAKEN = "taken"  # it has it: on its way, or delivered
    WAITING = "waiting"  # nothing is decided: it is late
    REFUSED = "refused"  # it took it and then would not send it
    BOUNCED = "bounced"  # the address will never take it
    SOFT_BOUNCED = "soft_bounced"  # it came back, and another may arrive
    DOUBTFUL = "doubtful"  # it came back, and nobody knows what that says about the address
    COMPLAINED = "complained"  # the recipient called it spam
    UNSUBSCRIBED = "unsubscribed"  # the recipient asked the provider for no more


FATE_OF = {
    Permanence.PERMANENT: Fate.BOUNCED,
    Permanence.TRANSIENT: Fate.SOFT_BOUNCED,
    Permanence.UNDETERMINED: Fate.DOUBTFUL,
}
"""What became of a mail that came back."""
_SIGNAL_OF = {
    Fate.REFUSED: SignalKind.BOUNCED,
    Fate.BOUNCED: SignalKind.BOUNCED,
    Fate.SOFT_BOUNCED: SignalKind.SOFT_BOUNCED,
    Fate.DOUBTFUL: SignalKind.SOFT_BOUNCED,
    Fate.COMPLAINED: SignalKind.COMPLAINED,
    Fate.UNSUBSCRIBED: SignalKind.UNSUBSCRIBED,
}
"""What is noted about the mail; that nobody knows more about a bounce is counted like one that may pass."""


@dataclass(frozen=True, slots=True)
class ProviderEvent:
    """One report. `token` is what we gave with the mail, unchecked; `addresses` are those that the report is about.

    `message_id` is the Message-ID that the mail went out with, if the provider put its own on it; `source` a word that
    users see about where the report came from.
    """

    token: str
    fate: Fate
    reason: str = ""
    addresses: tuple[str, ...] = ()
    message_id: str | None = None
    source: str | None = None


@dataclass(frozen=True, slots=True)
class SentMail:
    """Which mail, and to which contact: one attempt-group of one step. An earlier epoch's was started anew since.

    `sender` is 0 where the token does not say who sent it.
    """

    tenant: int
    enrollment: EnrollmentKey
    step: int
    epoch: int
    contact: int
    sender: int = 0

    @property
    def name(self) -> str:
        """What tells it from every other mail of its tenant."""
        key = self.enrollment
        return f"{key.sequence}.{key.contact}.{key.run}.{self.step}.{self.epoch}"


def is_under_way(enrollment: Enrollment, mail: SentMail) -> bool:
    """Whether a worker has claimed just this mail: it is about to write what became of it, or will be found dead."""
    return enrollment.owner is not None and (enrollment.step, enrollment.epoch) == (mail.step, mail.epoch)


def is_known(enrollment: Enrollment, mail: SentMail, event: ProviderEvent) -> bool:
    """Whether the report only says what was settled before, as it does of nearly every mail."""
    return event.fate is Fate.TAKEN and (enrollment.step, enrollment.epoch) != (mail.step, mail.epoch)


def reported(enrollment: Enrollment, mail: SentMail, event: ProviderEvent, sequence: Sequence, now: int) -> Enrollment:
    """The enrollment after a report about one of its mails; the same if the report is no news.

    What says only how a mail fared that was started anew since is no news any more; a dead address is. A mail to whom
    the enrollment was about before has left, and says nothing about whom it is about now.
    """
    counted = _marked(_counted(enrollment, mail, event, sequence, now), mail, event, now)
    match event.fate:
        case _ if mail.contact != enrollment.contact:
            return _stopped(counted, sequence)
        case Fate.BOUNCED:
            return _bounced(counted, event.reason, now)
        case Fate.REFUSED if mail.epoch == enrollment.epoch:
            return _bounced(counted, event.reason, now)
        case Fate.COMPLAINED | Fate.UNSUBSCRIBED:
            since = now if counted.unsubscribed_at is None else counted.unsubscribed_at
            return _stopped(replace(counted, unsubscribed_at=since), sequence)
    return _stopped(counted, sequence)


def _marked(enrollment: Enrollment, mail: SentMail, event: ProviderEvent, now: int) -> Enrollment:
    """With the mark of what the report says about the mail, unless it was noted before."""
    kind = _SIGNAL_OF.get(event.fate)
    if kind is None or (event.fate is Fate.REFUSED and mail.epoch != enrollment.epoch):
        return enrollment
    mark = mark_of(MailSignal(kind, mail.step, mail.sender))
    return replace(enrollment, marks={mark: now, **enrollment.marks})


def _counted(enrollment: Enrollment, mail: SentMail, event: ProviderEvent, sequence: Sequence, now: int) -> Enrollment:
    """The provider had the mail: its step is done, whatever we thought. What was stopped stays so."""
    if event.fate is Fate.WAITING or (enrollment.step, enrollment.epoch) != (mail.step, mail.epoch):
        return enrollment
    sent_at = now if enrollment.parked_reason is None else enrollment.parked_at
    doubted = replace(enrollment, parked_at=sent_at, thread=enrollment.thread or event.message_id)
    counted = replace(resolved(doubted, Decision.ACCEPTED, sequence, now), parked_at=enrollment.parked_at)
    on_its_way = enrollment.state in {EnrollmentState.ACTIVE, EnrollmentState.PARKED}
    return counted if on_its_way else replace(counted, state=enrollment.state)


def _bounced(enrollment: Enrollment, reason: str, now: int) -> Enrollment:
    if enrollment.bounced_at is not None and enrollment.bounce_reason is not None:
        reason, now = min(reason, enrollment.bounce_reason), enrollment.bounced_at
    gone = enrollment.state is EnrollmentState.REMOVED
    over = bounced(enrollment, reason, now)
    return replace(over, state=enrollment.state) if gone else over


def _stopped(enrollment: Enrollment, sequence: Sequence) -> Enrollment:
    """Nothing more goes to somebody who has unsubscribed, and that is how it ended even if nothing was left to go.

    A sequence that goes on without mails is left at that.
    """
    going_or_gone = sequence.exit_on_unsubscribe and enrollment.state in {*STOPPABLE, EnrollmentState.FINISHED}
    if going_or_gone and enrollment.unsubscribed_at is not None:
        return replace(enrollment, state=EnrollmentState.UNSUBSCRIBED)
    return enrollment
