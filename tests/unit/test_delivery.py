"""Every verdict leads to one state, and no mail that may have left is ever tried again."""

from dataclasses import replace

import pytest

from drumbeat.domain.delivery import GIVE_UP_AFTER, LONGEST_RETRY, after
from drumbeat.domain.enrollment import Enrollment, EnrollmentState, new_enrollment
from drumbeat.domain.ids import EnrollmentKey
from drumbeat.domain.sequence import Sequence, SequenceStatus, Step
from drumbeat.domain.times import DAY, HOUR, MINUTE
from drumbeat.domain.verdict import Accepted, Rejected, Retry, Unknown, Withheld

NOW = 1_795_251_600_000
STEPS = (Step(1, "a", "a", 0), Step(2, "b", "b", 60))
SEQUENCE = Sequence(1, 1, "n", SequenceStatus.ACTIVE, None, 1, 1, False, 8.0, STEPS, (1,), 0)
FRESH = new_enrollment(1, EnrollmentKey(1, 1), batch_number=1, batch_tag="t", now=NOW - DAY)
HELD = replace(FRESH, owner="me", lease=NOW + MINUTE, attempts=2)


def test_an_accepted_first_step_binds_the_sender_and_waits_for_the_next():
    settled = after(HELD, Accepted(), SEQUENCE, 5, NOW)

    assert settled == replace(
        FRESH, step=1, due=NOW + HOUR, sender=5, attempts=0, sent_at=NOW, last_sent_at=NOW, owner=None, lease=None
    )


def test_the_last_step_finishes_and_keeps_when_the_first_left():
    held = replace(HELD, step=1, sender=5, sent_at=NOW - HOUR)

    settled = after(held, Accepted(), SEQUENCE, 5, NOW)

    assert (settled.state, settled.sent_at, settled.last_sent_at) == (EnrollmentState.FINISHED, NOW - HOUR, NOW)


def test_a_rejected_mail_is_a_bounce():
    settled = after(HELD, Rejected(550, "no such user"), SEQUENCE, 5, NOW)

    assert settled.state is EnrollmentState.BOUNCED
    assert (settled.bounced_at, settled.bounce_reason) == (NOW, "550 no such user")


def test_an_unknown_mail_is_parked_where_it_stands():
    settled = after(HELD, Unknown("lost"), SEQUENCE, 5, NOW)

    known = {"parked_at": NOW, "parked_reason": "lost"}
    assert settled == replace(HELD, state=EnrollmentState.PARKED, owner=None, lease=None, **known)


@pytest.mark.parametrize("state", [EnrollmentState.UNSUBSCRIBED, EnrollmentState.REMOVED, EnrollmentState.FINISHED])
def test_a_stop_ends_in_its_state(state):
    settled = after(HELD, Withheld(state), SEQUENCE, 5, NOW)

    assert (settled.state, settled.owner) == (state, None)
    assert settled.unsubscribed_at == (NOW if state is EnrollmentState.UNSUBSCRIBED else None)


def test_pauses_between_attempts_grow_up_to_four_hours():
    enrollment, pauses = replace(FRESH, attempts=0), []
    for _ in range(GIVE_UP_AFTER - 1):
        enrollment = after(enrollment, Retry("451 later"), SEQUENCE, 5, NOW)
        pauses.append(enrollment.due - NOW)

    assert pauses[:4] == [5 * MINUTE, 10 * MINUTE, 20 * MINUTE, 40 * MINUTE]
    assert pauses[-1] == LONGEST_RETRY
    assert 2.5 * DAY < sum(pauses) < 3.5 * DAY


def test_a_mail_that_is_put_off_for_three_days_counts_as_bounced():
    enrollment = replace(FRESH, attempts=GIVE_UP_AFTER - 1)

    settled = after(enrollment, Retry("451 later"), SEQUENCE, 5, NOW)

    assert settled.state is EnrollmentState.BOUNCED
    assert "gave up" in (settled.bounce_reason or "")


def test_trouble_with_the_sender_never_costs_a_contact():
    enrollment: Enrollment = FRESH
    for _ in range(1000):
        enrollment = after(enrollment, Retry("no connection", sender_at_fault=True), SEQUENCE, 5, NOW)

    assert enrollment.state is EnrollmentState.ACTIVE
    assert enrollment.due - NOW <= 80 * MINUTE
    assert enrollment.attempts < GIVE_UP_AFTER // 2


def test_a_first_step_that_is_put_off_stays_free_for_another_sender():
    settled = after(HELD, Retry("451"), SEQUENCE, 5, NOW)

    assert (settled.step, settled.sent_at, settled.owner, settled.lease) == (0, None, None, None)
