"""A decision about a mail in doubt leads to one state, never in the past and never to a second mail unasked."""

from dataclasses import replace

import pytest

from drumbeat.domain.delivery import parked
from drumbeat.domain.enrollment import Awaits, EnrollmentState, new_enrollment
from drumbeat.domain.ids import EnrollmentKey
from drumbeat.domain.resolution import NOT_ACCEPTED, Decision, resolved, senders_for
from drumbeat.domain.schedule import BUSINESS_HOURS, Hours, next_open
from drumbeat.domain.sequence import Sequence, SequenceStatus, Step
from drumbeat.domain.times import DAY, HOUR, MINUTE

NOW = 1_795_251_600_000
AT = NOW - 20 * MINUTE
STEPS = (Step(1, "a", "a", 0), Step(2, "b", "b", 60))
SEQUENCE = Sequence(1, 1, "n", SequenceStatus.ACTIVE, None, 1, 1, False, 8.0, STEPS, (5, 6), 0)
FRESH = replace(
    new_enrollment(1, EnrollmentKey(1, 1), batch_number=1, batch_tag="t", now=NOW - DAY), sender=5, attempts=3
)
FIRST = parked(replace(FRESH, owner="me", lease=AT), "lost", AT)
SECOND = replace(FIRST, step=1, sent_at=AT - HOUR, last_sent_at=AT - HOUR)


def test_parking_ends_the_claim_and_notes_when_and_why():
    assert replace(FRESH, state=EnrollmentState.PARKED, parked_at=AT, parked_reason="lost") == FIRST


def test_an_accepted_mail_was_sent_when_it_was_parked():
    after = resolved(FIRST, Decision.ACCEPTED, SEQUENCE, NOW)

    assert after == replace(FRESH, step=1, due=AT + HOUR, attempts=0, sent_at=AT, last_sent_at=AT, parked_at=AT)


@pytest.mark.parametrize("waited", [0, HOUR - 1, HOUR, HOUR + 1, 30 * DAY])
def test_what_follows_an_accepted_mail_is_never_due_in_the_past(waited):
    after = resolved(FIRST, Decision.ACCEPTED, SEQUENCE, AT + waited)

    assert after.due == AT + max(waited, HOUR)


def test_what_follows_an_accepted_mail_waits_for_the_first_opening_of_its_contact():
    open_sequence = replace(SEQUENCE, hours=Hours(BUSINESS_HOURS, "UTC"))
    late = AT + 30 * DAY

    after = resolved(replace(FIRST, zone="Asia/Tokyo"), Decision.ACCEPTED, open_sequence, late)

    assert after.due == next_open(late, open_sequence.hours, "Asia/Tokyo") > late


def test_an_accepted_last_mail_finishes():
    after = resolved(SECOND, Decision.ACCEPTED, SEQUENCE, NOW)

    assert (after.state, after.step, after.sent_at) == (EnrollmentState.FINISHED, 2, AT - HOUR)
    assert (after.last_sent_at, after.due) == (AT, SECOND.due)


@pytest.mark.parametrize("enrollment", [FIRST, SECOND], ids=["first", "second"])
def test_a_mail_that_was_not_accepted_bounces_where_it_stands(enrollment):
    after = resolved(enrollment, Decision.NOT_ACCEPTED, SEQUENCE, NOW)

    assert (after.state, after.step, after.epoch) == (EnrollmentState.BOUNCED, enrollment.step, enrollment.epoch)
    assert (after.bounced_at, after.bounce_reason, after.sent_at) == (NOW, NOT_ACCEPTED, enrollment.sent_at)


@pytest.mark.parametrize("enrollment", [FIRST, SECOND], ids=["first", "second"])
def test_a_mail_to_be_sent_again_is_due_now_under_a_new_epoch(enrollment):
    after = resolved(enrollment, Decision.RESEND, SEQUENCE, NOW)

    expected = {"state": EnrollmentState.ACTIVE, "due": NOW, "epoch": 1, "attempts": 0, "parked_reason": None}
    assert after == replace(enrollment, **expected)


def test_a_first_step_and_a_deleted_sender_s_follow_up_are_anybody_s_and_others_their_sender_s():
    assert senders_for(FIRST, SEQUENCE) == (5, 6)
    assert senders_for(SECOND, SEQUENCE) == (5,)
    assert senders_for(replace(SECOND, sender=7), SEQUENCE) == (5, 6)
    assert senders_for(replace(SECOND, sender=None), SEQUENCE) == (5, 6)


ASKED = replace(FIRST, awaits=Awaits.STEP, asked=1)


def test_a_step_that_the_app_has_done_leads_to_the_next_one():
    after = resolved(ASKED, Decision.ACCEPTED, SEQUENCE, NOW)

    assert (after.state, after.step, after.awaits) == (EnrollmentState.ACTIVE, 1, None)
    assert (after.due, after.last_sent_at) == (AT + HOUR, AT)


def test_a_step_that_the_app_has_not_done_and_shall_not_has_failed():
    after = resolved(ASKED, Decision.NOT_ACCEPTED, SEQUENCE, NOW)

    assert (after.state, after.exit_reason, after.bounced_at) == (EnrollmentState.FAILED, NOT_ACCEPTED, None)


def test_a_step_that_the_app_shall_do_after_all_is_asked_for_anew():
    after = resolved(ASKED, Decision.RESEND, SEQUENCE, NOW)

    assert (after.state, after.step, after.awaits) == (EnrollmentState.ACTIVE, 0, None)
    assert (after.due, after.epoch) == (NOW, ASKED.epoch + 1)
