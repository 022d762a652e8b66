"""How far an enrollment has come, and when its next step may leave."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drumbeat.domain.enrollment import (
    PRIORITY_CREATED_AT,
    EnrollmentState,
    Progress,
    new_enrollment,
    next_due,
    progress,
)
from drumbeat.domain.ids import EnrollmentKey
from drumbeat.domain.sequence import Step
from drumbeat.domain.times import iso

NOW = 1_795_000_000_000
FRESH = new_enrollment(1, EnrollmentKey(2, 3), batch_number=4, batch_tag="t", now=NOW)
WHEN = st.none() | st.integers(0, 2**45)
REACHED = st.fixed_dictionaries({"sent_at": WHEN, "opened_at": WHEN, "replied_at": WHEN, "bounced_at": WHEN})
ORDER = list(Progress)


def test_a_new_enrollment_waits_for_its_first_step_and_may_leave_at_once():
    assert (FRESH.state, FRESH.step, FRESH.due, FRESH.created_at) == (EnrollmentState.ACTIVE, 0, NOW, NOW)
    assert FRESH.owner is None
    assert progress(FRESH) is Progress.PENDING


def test_priority_is_an_enrollment_as_old_as_the_century():
    urgent = new_enrollment(1, EnrollmentKey(2, 3), batch_number=4, batch_tag="t", now=NOW, priority=True)

    assert iso(urgent.created_at) == "2000-01-01T00:00:00.000Z"
    assert urgent == replace(FRESH, created_at=PRIORITY_CREATED_AT)


@pytest.mark.parametrize(
    ("reached", "stage"),
    [
        ({}, Progress.PENDING),
        ({"sent_at": 1}, Progress.SENT),
        ({"sent_at": 0}, Progress.SENT),
        ({"sent_at": 1, "opened_at": 2}, Progress.OPENED),
        ({"opened_at": 2}, Progress.PENDING),
        ({"sent_at": 1, "replied_at": 3}, Progress.REPLIED),
        ({"sent_at": 1, "opened_at": 2, "replied_at": 3}, Progress.REPLIED),
        ({"bounced_at": 4}, Progress.BOUNCED),
        ({"sent_at": 1, "opened_at": 2, "replied_at": 3, "bounced_at": 4}, Progress.BOUNCED),
    ],
)
def test_the_furthest_stage_counts(reached, stage):
    assert progress(replace(FRESH, **reached)) is stage


@given(REACHED, st.sampled_from(["sent_at", "opened_at", "replied_at", "bounced_at"]), st.integers(0, 2**45))
def test_whatever_happens_next_never_takes_an_enrollment_back(reached, name, instant):
    before = replace(FRESH, **reached)
    after = replace(before, **{name: getattr(before, name) if getattr(before, name) is not None else instant})

    assert ORDER.index(progress(after)) >= ORDER.index(progress(before))


def test_a_first_step_that_must_wait_for_its_instant_is_timed():
    def enrolled(**changes):
        return new_enrollment(1, EnrollmentKey(2, 3), batch_number=4, batch_tag="t", now=NOW, **changes)

    assert (enrolled().due, enrolled().timed) == (NOW, False)
    assert (enrolled(due=NOW).due, enrolled(due=NOW).timed) == (NOW, False)
    assert (enrolled(due=NOW + 1).due, enrolled(due=NOW + 1).timed) == (NOW + 1, True)


@given(REACHED, st.sampled_from(EnrollmentState))
def test_the_stage_does_not_depend_on_whether_it_still_sends(reached, state):
    assert progress(replace(FRESH, **reached, state=state)) is progress(replace(FRESH, **reached))


@given(st.integers(0, 2**45), st.integers(0, 525_600))
def test_a_delay_counts_from_the_previous_send(sent_at, minutes):
    assert next_due(sent_at, Step(2, "s", "b", minutes), None, None) - sent_at == minutes * 60_000
