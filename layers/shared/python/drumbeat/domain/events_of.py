"""Which events a committed write amounts to: a pure function of what was before and after.

Every fact is the doing of exactly one write: a mark or an instant that was not noted before, a step that is behind, a
state that is final. So it does not matter in which order the writes are looked at, nor how often (architecture §8).
"""

from collections.abc import Iterator

from drumbeat.domain.enrollment import Enrollment, EnrollmentState
from drumbeat.domain.event import Change, EnrollmentChange, Event, EventKind, SenderChange, SequenceChange
from drumbeat.domain.mail_signal import MailSignal, SignalKind, mark_of, signal_of
from drumbeat.domain.sender_health import SWITCHED_OFF
from drumbeat.domain.sequence import SequenceStatus

_OF_SIGNALS = {
    SignalKind.OPENED: EventKind.OPENED,
    SignalKind.MACHINE_OPENED: EventKind.MACHINE_OPENED,
    SignalKind.CLICKED: EventKind.CLICKED,
    SignalKind.MACHINE_CLICKED: EventKind.MACHINE_CLICKED,
    SignalKind.REPLIED: EventKind.REPLIED,
    SignalKind.OUT_OF_OFFICE: EventKind.OUT_OF_OFFICE,
    SignalKind.BOUNCED: EventKind.RETURNED,
    SignalKind.SOFT_BOUNCED: EventKind.SOFT_BOUNCED,
    SignalKind.COMPLAINED: EventKind.COMPLAINED,
}
"""An unsubscribe is an event of the enrollment, which it ends; its mark only says which mail brought it about."""


def events_of(change: Change) -> list[Event]:
    """The events of one write, in the order they happened; none for most writes."""
    match change:
        case EnrollmentChange():
            return [*_called(change), *_fired(change), *_marked(change), *_replied(change), *_over(change)]
        case SenderChange():
            return [*_disabled(change)]
        case SequenceChange():
            return [*_paused(change)]
    raise TypeError(f"{type(change).__name__} is no change that anybody hears of")


def _called(change: EnrollmentChange) -> Iterator[Event]:
    """Each call's result is noted once, in whatever order they come."""
    ended = change.new.last_call
    if ended is not None and ended != change.old.last_call:
        yield Event(EventKind.CALL_ENDED, change.new, change.at, mark=str(ended), call=ended)


def _fired(change: EnrollmentChange) -> Iterator[Event]:
    """A completed step leaves its instant behind; one that was passed over does not.

    The epoch is part of the mark: a mail that somebody decided to send again fires again. A step that was waited for is
    no mail: the tenant's app has done it.
    """
    old, new = change.old, change.new
    if new.last_sent_at is not None and new.last_sent_at != old.last_sent_at and new.step > old.step:
        mark, sender = f"{old.step}.{old.epoch}", new.sender or 0
        yield Event(
            EventKind.STEP_FIRED,
            new,
            new.last_sent_at,
            mark=mark,
            step=old.step,
            sender=sender,
            first=old.sent_at is None,
            is_mail=old.awaits is None,
        )


def _marked(change: EnrollmentChange) -> Iterator[Event]:
    """Each new mark is an event about its mail."""
    known = {signal_of(mark).kind for mark in change.old.marks}
    for signal in _new_signals(change):
        kind = _OF_SIGNALS.get(signal.kind)
        if kind is not None:
            mark = mark_of(signal)
            at, first = change.new.marks[mark], signal.kind not in known and _is_first(change.old, signal.kind)
            counted = signal.kind is not SignalKind.REPLIED or not _was_told_by_the_app(change.old, known)
            yield Event(
                kind, change.new, at, mark=mark, step=signal.step, sender=signal.sender, first=first, counted=counted
            )
        known.add(signal.kind)


def _new_signals(change: EnrollmentChange) -> list[MailSignal]:
    return sorted(signal_of(mark) for mark in change.new.marks.keys() - change.old.marks.keys())


def _is_first(old: Enrollment, kind: SignalKind) -> bool:
    """Whether nothing of the kind was known before, with or without a mark."""
    before = {SignalKind.OPENED: old.opened_at, SignalKind.REPLIED: _last_reply(old)}
    return before.get(kind) is None


def _was_told_by_the_app(old: Enrollment, known: set[SignalKind]) -> bool:
    """Whether the one reply that is known was told without its mail: the first mark is of the same reply."""
    return _last_reply(old) is not None and SignalKind.REPLIED not in known


def _replied(change: EnrollmentChange) -> Iterator[Event]:
    """Every reply without a mark that came later than the last one we knew of; who goes on may have several.

    Only the first one counts, for the mail before it: replies are counted by mails.
    """
    before, now = _last_reply(change.old), _last_reply(change.new)
    is_marked = any(signal.kind is SignalKind.REPLIED for signal in _new_signals(change))
    if now is not None and (before is None or now > before) and not is_marked:
        step, sender = _last_mail(change.new)
        first = before is None and not any(signal_of(mark).kind is SignalKind.REPLIED for mark in change.old.marks)
        yield Event(
            EventKind.REPLIED, change.new, now, mark=str(now), step=step, sender=sender, first=first, counted=first
        )


def _last_reply(enrollment: Enrollment) -> int | None:
    return enrollment.replied_at if enrollment.last_reply_at is None else enrollment.last_reply_at


def _over(change: EnrollmentChange) -> Iterator[Event]:
    """What ends an enrollment by itself; what a user of ours has ended, that user knows."""
    old, new = change.old, change.new
    if new.bounced_at is not None and old.bounced_at is None:
        yield _bounced(change, new.bounced_at)
    if new.unsubscribed_at is not None and old.unsubscribed_at is None:
        step, sender = _mail_behind(change, SignalKind.UNSUBSCRIBED, SignalKind.COMPLAINED) or _last_mail(new)
        at = new.unsubscribed_at
        yield Event(EventKind.UNSUBSCRIBED, new, at, step=step, sender=sender, first=True)
    if _becomes(change, EnrollmentState.FINISHED) and new.finished_at is None:
        yield Event(EventKind.COMPLETED, new, _not_before_its_last_step(change), reason=new.exit_reason)
    if _becomes(change, EnrollmentState.FAILED):
        yield Event(EventKind.FAILED, new, _not_before_its_last_step(change), reason=new.exit_reason)


def _bounced(change: EnrollmentChange, at: int) -> Event:
    """With the mail that came back, or else with the one that its server would not take."""
    new = change.new
    came_back = _mail_behind(change, SignalKind.BOUNCED)
    step, sender = came_back or (new.step, new.sender or 0)
    return Event(
        EventKind.BOUNCED,
        new,
        at,
        step=step,
        sender=sender,
        first=True,
        reason=new.bounce_reason,
        is_sync=came_back is None,
    )


def _mail_behind(change: EnrollmentChange, *kinds: SignalKind) -> tuple[int, int] | None:
    """Step and sender of the mail that a new mark of the kinds is about."""
    found = [(signal.step, signal.sender) for signal in _new_signals(change) if signal.kind in kinds]
    return max(found, default=None)


def _last_mail(enrollment: Enrollment) -> tuple[int, int]:
    """Step and sender of the last mail: as far as the enrollment itself knows, the one before its next step."""
    return max(enrollment.step - 1, 0), enrollment.sender or 0


def _not_before_its_last_step(change: EnrollmentChange) -> int:
    """When the change was written; the stream tells that to the second only."""
    return max(change.at, change.new.last_sent_at or 0)


def _becomes(change: EnrollmentChange, state: EnrollmentState) -> bool:
    return change.new.state is state and change.old.state is not state


def _disabled(change: SenderChange) -> Iterator[Event]:
    """A sender that we have switched off; who did it himself knows."""
    old, new = change.old, change.new
    if new.disabled_at is None or old.disabled_at is not None or new.disabled_reason == SWITCHED_OFF:
        return
    if new.is_mailbox:
        number, reason = new.number, new.disabled_reason
        yield Event(EventKind.SENDER_DISABLED, new, new.disabled_at, sender=number, reason=reason)


def _paused(change: SequenceChange) -> Iterator[Event]:
    """A sequence that we have paused says why; one that a user has paused does not."""
    old, new = change.old, change.new
    is_news = new.status is SequenceStatus.PAUSED and old.status is not SequenceStatus.PAUSED
    if is_news and new.paused_reason is not None:
        yield Event(EventKind.SEQUENCE_PAUSED, new, change.at, mark=str(new.revision), reason=new.paused_reason)
