"""Every verdict leads to one state, and no mail that may have left is ever tried again."""

from dataclasses import replace

import pytest

from drumbeat.domain.delivery import GIVE_UP_AFTER, LONGEST_RETRY, WORKER_DIED, abandoned, after
from drumbeat.domain.enrollment import EnrollmentState, new_enrollment
from drumbeat.domain.ids import EnrollmentKey
from drumbeat.domain.schedule import BUSINESS_HOURS, Hours, next_open
from drumbeat.domain.sequence import Sequence, SequenceStatus, Step
from drumbeat.domain.times import DAY, HOUR, MINUTE
from drumbeat.domain.verdict import Accepted, Postponed, Rejected, Retry, Unknown, Withheld

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


def test_pauses_between_attempts_grow_up_to_four_hours_and_end_after_three_days():
    enrollment, now, pauses = replace(FRESH, attempts=0), NOW, []
    while enrollment.state is EnrollmentState.ACTIVE:
        enrollment = after(enrollment, Retry("451 later"), SEQUENCE, 5, now)
        pauses.append(enrollment.due - now)
        now = enrollment.due

    assert pauses[:4] == [5 * MINUTE, 10 * MINUTE, 20 * MINUTE, 40 * MINUTE]
    assert max(pauses) == LONGEST_RETRY
    assert GIVE_UP_AFTER - LONGEST_RETRY < sum(pauses[:-1]) <= GIVE_UP_AFTER == 72 * HOUR
    assert enrollment.state is EnrollmentState.BOUNCED
    assert (enrollment.bounce_reason or "").endswith("451 later")


def test_a_first_step_that_is_put_off_waits_for_its_instant_not_for_its_turn():
    settled = after(HELD, Retry("451"), SEQUENCE, 5, NOW)

    assert (settled.timed, settled.put_off_since) == (True, NOW)
    assert (settled.step, settled.sent_at, settled.owner, settled.lease) == (0, None, None, None)


def test_a_follow_up_is_never_timed():
    assert not after(replace(HELD, step=1), Retry("451"), SEQUENCE, 5, NOW).timed


def test_a_mail_that_gets_through_forgets_that_it_was_put_off():
    settled = after(replace(HELD, put_off_since=NOW - HOUR, timed=True), Accepted(), SEQUENCE, 5, NOW)

    assert (settled.attempts, settled.put_off_since, settled.timed) == (0, None, False)


def test_the_first_mail_begins_the_thread_and_later_ones_stay_in_it():
    begun = after(HELD, Accepted("<first@acme.example>"), SEQUENCE, 5, NOW)
    ended = after(begun, Accepted("<second@acme.example>"), SEQUENCE, 5, NOW)

    assert (begun.thread, ended.thread) == ("<first@acme.example>", "<first@acme.example>")


def test_a_message_id_that_would_make_the_item_large_begins_no_thread():
    assert after(HELD, Accepted(f"<{'x' * 200}@acme.example>"), SEQUENCE, 5, NOW).thread is None


def test_a_window_that_closed_moves_the_mail_to_the_next_opening():
    settled = after(HELD, Postponed(NOW + HOUR), SEQUENCE, 5, NOW)

    assert settled == replace(HELD, owner=None, lease=None, due=NOW + HOUR, timed=True)


def test_the_next_step_is_due_when_the_window_is_open():
    hours = Hours(BUSINESS_HOURS, "UTC")
    friday_afternoon = next_open(NOW, hours, None) + 5 * DAY  # any instant; the delay leads out of the window
    sequence = replace(SEQUENCE, hours=hours, steps=(STEPS[0], replace(STEPS[1], delay_minutes=16 * 60)))

    settled = after(HELD, Accepted(), sequence, 5, friday_afternoon)

    assert settled.due == next_open(friday_afternoon + 16 * HOUR, hours, None) > friday_afternoon + 16 * HOUR


def test_an_abandoned_claim_leaves_the_stop_and_notes_what_nobody_knows():
    stopped = replace(HELD, state=EnrollmentState.UNSUBSCRIBED)

    ended = abandoned(stopped, WORKER_DIED, NOW)

    assert ended == replace(stopped, owner=None, lease=None, parked_at=NOW, parked_reason=WORKER_DIED)
