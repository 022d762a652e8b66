"""What waits for the tenant's app, or follows a wait, is resumed as if it had not been paused."""

from dataclasses import replace

from drumbeat.domain.enrollment import Awaits, EnrollmentState, new_enrollment
from drumbeat.domain.ids import EnrollmentKey
from drumbeat.domain.lifecycle import PAUSED_BY_A_USER, paused, resumed
from drumbeat.domain.sequence import Sequence, SequenceStatus, Step, StepKind
from drumbeat.domain.step_move import STEP_GONE
from drumbeat.domain.times import DAY, HOUR, MINUTE

NOW = 1_795_251_600_000
MAIL = Step(1, "a", "a", 5)
WAIT = replace(MAIL, kind=StepKind.WAIT, delay_minutes=60)
SEQUENCE = Sequence(1, 1, "n", SequenceStatus.ACTIVE, None, 1, 1, False, 8.0, (MAIL, WAIT, WAIT, MAIL), (5,), 0)
HERE = replace(
    new_enrollment(1, EnrollmentKey(1, 1), batch_number=1, batch_tag="t", now=NOW - DAY),
    step=3,
    last_sent_at=NOW - HOUR,
    due=NOW - HOUR,
)
ASKED = replace(HERE, awaits=Awaits.STEP, asked=1, due=NOW - HOUR)


def test_what_follows_waits_is_due_no_sooner_than_after_all_of_them():
    after = resumed(paused(HERE, PAUSED_BY_A_USER, NOW), SEQUENCE)

    assert (after.state, after.due) == (EnrollmentState.ACTIVE, HERE.last_sent_at + 125 * MINUTE)


def test_what_awaits_an_answer_has_as_long_for_it_as_it_had():
    after = resumed(paused(ASKED, PAUSED_BY_A_USER, NOW), SEQUENCE)

    assert after == ASKED


def test_what_awaited_a_step_that_is_gone_is_over_and_says_so():
    after = resumed(paused(ASKED, PAUSED_BY_A_USER, NOW), replace(SEQUENCE, steps=(MAIL,)))

    assert (after.state, after.exit_reason, after.awaits) == (EnrollmentState.FINISHED, STEP_GONE, None)


def test_what_was_sent_as_the_last_step_beside_the_pause_is_finished_without_a_reason():
    after = resumed(paused(replace(HERE, step=4), PAUSED_BY_A_USER, NOW), SEQUENCE)

    assert (after.state, after.exit_reason) == (EnrollmentState.FINISHED, None)
