"""Which events a committed write to an enrollment amounts to: a pure function of what was before and after.

Every fact is the doing of exactly one write: an instant that was not noted before, a step that is behind, a state that
is final. So it does not matter in which order the writes are looked at, nor how often (architecture §8).
"""

from collections.abc import Iterator

from drumbeat.domain.enrollment import Enrollment, EnrollmentState
from drumbeat.domain.event import EnrollmentChange, Event, EventKind


def events_of(change: EnrollmentChange) -> list[Event]:
    """The events of one write, in the order they happened; none for most writes."""
    return [*_called(change), *_fired(change), *_replied(change), *_over(change)]


def _called(change: EnrollmentChange) -> Iterator[Event]:
    """Each call's result is noted once, in whatever order they come."""
    ended = change.new.last_call
    if ended is not None and ended != change.old.last_call:
        yield Event(EventKind.CALL_ENDED, change.new, change.at, mark=str(ended), call=ended)


def _fired(change: EnrollmentChange) -> Iterator[Event]:
    """A completed step leaves its instant behind; one that was passed over does not.

    The epoch is part of the mark: a mail that somebody decided to send again fires again.
    """
    old, new = change.old, change.new
    if new.last_sent_at is not None and new.last_sent_at != old.last_sent_at and new.step > old.step:
        yield Event(EventKind.STEP_FIRED, new, new.last_sent_at, mark=f"{old.step}.{old.epoch}", step=old.step)


def _replied(change: EnrollmentChange) -> Iterator[Event]:
    """Every reply that came later than the last one we knew of; an enrollment that goes on may have several."""
    before, now = _last_reply(change.old), _last_reply(change.new)
    if now is not None and (before is None or now > before):
        yield Event(EventKind.REPLIED, change.new, now, mark=str(now))


def _last_reply(enrollment: Enrollment) -> int | None:
    return enrollment.replied_at if enrollment.last_reply_at is None else enrollment.last_reply_at


def _over(change: EnrollmentChange) -> Iterator[Event]:
    """What ends an enrollment by itself; what a user of ours has ended, that user knows."""
    old, new = change.old, change.new
    if new.bounced_at is not None and old.bounced_at is None:
        yield Event(EventKind.BOUNCED, new, new.bounced_at, reason=new.bounce_reason)
    if new.unsubscribed_at is not None and old.unsubscribed_at is None:
        yield Event(EventKind.UNSUBSCRIBED, new, new.unsubscribed_at)
    if _becomes(change, EnrollmentState.FINISHED) and new.finished_at is None:
        yield Event(EventKind.COMPLETED, new, _not_before_its_last_step(change), reason=new.exit_reason)
    if _becomes(change, EnrollmentState.FAILED):
        yield Event(EventKind.FAILED, new, _not_before_its_last_step(change), reason=new.exit_reason)


def _not_before_its_last_step(change: EnrollmentChange) -> int:
    """When the change was written; the stream tells that to the second only."""
    return max(change.at, change.new.last_sent_at or 0)


def _becomes(change: EnrollmentChange, state: EnrollmentState) -> bool:
    return change.new.state is state and change.old.state is not state
