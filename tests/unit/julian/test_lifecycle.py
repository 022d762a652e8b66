"""How far a call sequence has come: every state has a word of contract 4.8, and what somebody ended is cancelled."""

from dataclasses import replace

import pytest

from drumbeat.dialects.julian.lifecycle import lifecycle
from drumbeat.domain.enrollment import EnrollmentState, new_enrollment
from drumbeat.domain.ids import EnrollmentKey
from drumbeat.domain.lifecycle import finished, paused

NOW = 1_795_251_600_000
MADE = new_enrollment(1, EnrollmentKey(2, 3), batch_number=4, batch_tag="b4.0", now=NOW)
WORDS = {
    EnrollmentState.WAITING: "waiting",
    EnrollmentState.ACTIVE: "scheduled",
    EnrollmentState.HELD: "scheduled",
    EnrollmentState.PARKED: "in progress",
    EnrollmentState.PAUSED: "paused",
    EnrollmentState.FINISHED: "done",
    EnrollmentState.REPLIED: "done",
    EnrollmentState.REMOVED: "cancelled",
    EnrollmentState.DELETED: "cancelled",
    EnrollmentState.UNSUBSCRIBED: "cancelled",
    EnrollmentState.FAILED: "failed",
    EnrollmentState.BOUNCED: "failed",
}


@pytest.mark.parametrize("state", EnrollmentState)
def test_every_state_has_its_word(state):
    assert lifecycle(replace(MADE, state=state)) == WORDS[state]


@pytest.mark.parametrize("begun", [{"asked": 1}, {"step": 1}, {"last_sent_at": NOW}])
def test_it_is_in_progress_once_something_was_asked_for_or_has_left(begun):
    assert lifecycle(replace(MADE, **begun)) == "in progress"


def test_what_somebody_ended_is_cancelled_and_what_reached_its_end_is_done():
    over = replace(MADE, state=EnrollmentState.FINISHED, succeeded_at=NOW)

    assert lifecycle(over) == "done"
    assert lifecycle(finished(replace(MADE, asked=1), NOW)) == "cancelled"
    assert lifecycle(finished(paused(MADE, "", NOW), NOW)) == "cancelled"
