"""What answers make of an enrollment: in any order the same, never a mail sooner than somebody is back."""

from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import permutations

import pytest

from drumbeat.domain.enrollment import Awaits, EnrollmentState, new_enrollment
from drumbeat.domain.ids import EnrollmentKey
from drumbeat.domain.provider_event import Fate, ProviderEvent, SentMail, reported
from drumbeat.domain.reply import LONGEST_HOLD, Answered, held_off, held_until, hours_to_reply, replied
from drumbeat.domain.schedule import Hours, Span, day_of, local_time
from drumbeat.domain.sequence import Sequence, SequenceStatus, Step
from drumbeat.domain.times import DAY, HOUR, MINUTE

NOW = 1_795_251_600_000  # Saturday, 2026-11-21, 09:00 UTC
STEPS = Step(1, "a", "a", 0), Step(2, "b", "b", 10), Step(3, "c", "c", 10)
SEQUENCE = Sequence(1, 1, "x", SequenceStatus.ACTIVE, None, 0, 0, False, 8.0, STEPS, (1,), NOW)
KEY = EnrollmentKey(1, 1)
SENT = replace(
    new_enrollment(1, KEY, batch_number=1, batch_tag="t", now=NOW - DAY),
    step=1, sender=1, sent_at=NOW - HOUR, last_sent_at=NOW - HOUR, due=NOW + HOUR,
)  # fmt: skip
MAIL = SentMail(1, KEY, 0, 0, 1, 1)
WORKDAYS = ((Span(600, 1020),),) * 5 + ((), ())


def answer(at=NOW, step=0):
    return Answered(step, 1, at)


def at(instant, zone="UTC"):
    return local_time(instant, zone).strftime("%Y-%m-%d %H:%M")


SIGNALS = {
    "a reply": lambda found: replied(found, answer(), SEQUENCE),
    "a reply to the same mail": lambda found: replied(found, answer(), SEQUENCE),
    "an absence": lambda found: held_off(found, answer(NOW - MINUTE), SEQUENCE, date(2026, 11, 25), gone=False),
    "a bounce": lambda found: reported(found, MAIL, ProviderEvent("", Fate.BOUNCED, "no"), SEQUENCE, NOW),
    "a complaint": lambda found: reported(found, MAIL, ProviderEvent("", Fate.COMPLAINED), SEQUENCE, NOW),
    "an earlier bounce that may pass": lambda found: reported(
        found, MAIL, ProviderEvent("", Fate.SOFT_BOUNCED), SEQUENCE, NOW
    ),
}


def shown(enrollment):
    """All but when a mail would be due that never leaves."""
    return replace(enrollment, due=0, timed=False)


def test_every_order_of_signals_comes_to_the_same():
    ends = set()
    for order in permutations(SIGNALS):
        found = SENT
        for name in order:
            found = SIGNALS[name](found)
        ends.add(repr(shown(replace(found, marks=dict(sorted(found.marks.items()))))))

    assert len(ends) == 1
    assert "EnrollmentState.BOUNCED" in ends.pop()


@pytest.mark.parametrize("others", [*permutations(["a reply", "an absence", "a complaint"])])
def test_without_a_bounce_a_reply_is_how_it_ended(others):
    found = SENT
    for name in others:
        found = SIGNALS[name](found)

    assert (found.state, found.replied_at, found.unsubscribed_at) == (EnrollmentState.REPLIED, NOW, NOW)


def test_the_first_of_several_replies_counts():
    later = replied(SENT, answer(NOW), SEQUENCE)
    earlier = replied(later, answer(NOW - MINUTE, step=1), SEQUENCE)

    assert (earlier.replied_at, earlier.last_reply_at) == (NOW - MINUTE, NOW)


@pytest.mark.parametrize(
    ("back_on", "until"),
    [
        (date(2026, 11, 23), "2026-11-24 09:00"),  # Monday: Tuesday
        (date(2026, 11, 27), "2026-11-30 09:00"),  # Friday: Monday
        (date(2026, 11, 28), "2026-11-30 09:00"),  # Saturday
        (date(2026, 11, 1), "2026-11-23 09:00"),  # gone by: as if it was today
        (None, "2026-11-25 09:00"),  # three business days
    ],
)
def test_a_mail_waits_for_the_return_and_a_business_day(back_on, until):
    assert at(held_until(NOW, back_on, None, None, gone=False)) == until


def test_business_days_are_those_of_the_sequence_in_the_zone_of_the_contact():
    holidays = frozenset({day_of(date(2026, 11, 26))})
    hours = Hours(WORKDAYS, "America/New_York", holidays)

    until = held_until(NOW, date(2026, 11, 25), hours, "Asia/Tokyo", gone=False)

    assert at(until, "Asia/Tokyo") == "2026-11-27 10:00"


@pytest.mark.parametrize(("back_on", "gone"), [(date(2027, 6, 1), False), (date(9999, 12, 31), False), (None, True)])
def test_nobody_is_held_longer_than_sixty_days_and_the_next_opening(back_on, gone):
    until = held_until(NOW, back_on, None, None, gone=gone)

    assert NOW + LONGEST_HOLD - 3 * DAY <= until <= NOW + LONGEST_HOLD + 3 * DAY


def test_an_absence_never_brings_a_mail_forward_and_says_nothing_new_twice():
    far = replace(SENT, due=NOW + 50 * DAY)
    held = held_off(far, answer(), SEQUENCE, None, gone=False)

    assert held.due == far.due
    assert held_off(held, answer(), SEQUENCE, None, gone=False) == held


@pytest.mark.parametrize(
    "fields",
    [
        {"state": EnrollmentState.FINISHED},
        {"state": EnrollmentState.REPLIED},
        {"awaits": Awaits.STEP},
        {"awaits": Awaits.DRAFT},
    ],
)
def test_what_sends_nothing_by_itself_is_not_moved(fields):
    found = replace(SENT, **fields)

    held = held_off(found, answer(), SEQUENCE, None, gone=False)

    assert (held.due, list(held.marks)) == (found.due, ["a0.1"])


@pytest.mark.parametrize(
    ("step", "last_sent_at", "marks", "hours"),
    [
        (1, NOW - HOUR, {"r0.1": NOW}, 1.0),
        (2, NOW - HOUR, {"r1.1": NOW}, 1.0),
        (2, NOW - HOUR, {"r0.1": NOW}, 5.0),
        (3, NOW - HOUR, {"r1.1": NOW}, 5.0),
        (3, NOW - HOUR, {}, 5.0),
        (2, NOW + HOUR, {"r1.1": NOW}, 0.0),
    ],
)
def test_hours_to_reply_count_from_the_mail_that_was_answered_if_its_time_is_known(step, last_sent_at, marks, hours):
    first = NOW - 5 * HOUR if step > 1 else last_sent_at
    found = replace(SENT, step=step, sent_at=first, last_sent_at=last_sent_at, replied_at=NOW, marks=marks)

    assert hours_to_reply(found) == hours


def test_without_a_reply_there_are_no_hours():
    assert hours_to_reply(SENT) is None
    assert datetime.fromtimestamp(NOW / 1000, UTC).weekday() == 5
