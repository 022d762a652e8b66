"""What the result of a call makes of an enrollment: by table, and for whatever result and enrollment there may be."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drumbeat.domain.agent import BUSY, GOAL_COMPLETED, NO_ANSWER, VOICEMAIL, Agent, CallRetry, Goal
from drumbeat.domain.call_answer import ASKED_TO_CALL_AGAIN, SUCCEEDED, call_noted, has_succeeded
from drumbeat.domain.call_result import CallEnded, CallOutcome
from drumbeat.domain.enrollment import OVER, Awaits, Enrollment, EnrollmentState, new_enrollment
from drumbeat.domain.ids import EnrollmentKey
from drumbeat.domain.schedule import BUSINESS_HOURS, Hours, is_open
from drumbeat.domain.sequence import Sequence, SequenceStatus, Step, StepKind
from drumbeat.domain.times import DAY, HOUR, MINUTE
from drumbeat.domain.token import Asked

NOW = 1_795_251_600_000  # 2026-11-21 09:00 UTC, a Saturday
ZONE = "America/New_York"
MONDAY = NOW + 2 * DAY + 5 * HOUR  # 09:00 on the lead's clock
OFFICE = Hours(BUSINESS_HOURS, "UTC")
CALL = Step(1, "", "", 0, StepKind.CALL)
MAIL = Step(2, "Hi", "<p>Hi</p>", 60)
AGENT = Agent(
    (ZONE,),
    goals=(Goal("Meeting booked", None, successful=True), Goal("Wants material", None, successful=False)),
    retries={BUSY: CallRetry(2, 30), VOICEMAIL: CallRetry(1, 120)},
)
SEQUENCE = Sequence(1, 2, "n", SequenceStatus.ACTIVE, None, 0, 0, False, 8.0, (CALL, MAIL), (), 0, agent=AGENT)
IN_HOURS = replace(SEQUENCE, hours=OFFICE)
KEY = EnrollmentKey(2, 3)
CALLING = replace(
    new_enrollment(1, KEY, batch_number=1, batch_tag="b1.0", now=NOW - HOUR, zone=ZONE, bound_to=9),
    awaits=Awaits.STEP, asked=1, due=NOW + DAY, timed=True, has_callee=True, hold=3, owner="w", lease=NOW,
)  # fmt: skip
REQUEST = Asked(1, KEY, 0, 0, 1)
BOOKED = CallEnded(GOAL_COMPLETED, (CallOutcome("Wants material"), CallOutcome("Meeting booked", "Tuesday")))
NOTHING = CallEnded("Goal Not Completed", (CallOutcome("Wants material"),))
WAS_BUSY = CallEnded(BUSY)
LATER = CallEnded(BUSY, rescheduled_at=NOW + 3 * HOUR)


def noted(
    found: Enrollment = CALLING, ended: CallEnded = NOTHING, sequence: Sequence = SEQUENCE, **asked
) -> Enrollment:
    return call_noted(found, REQUEST._replace(**asked), ended, sequence, NOW)


def test_a_success_ends_the_enrollment_and_nothing_that_was_to_follow_is_done():
    told = noted(ended=BOOKED)

    assert (told.state, told.succeeded_at, told.exit_reason) == (EnrollmentState.FINISHED, NOW, SUCCEEDED)
    assert (told.finished_at, told.awaits, told.owner, told.lease) == (None, None, None, None)
    assert (told.last_call, told.hold, told.last_sent_at) == (1, None, NOW)


def test_a_call_without_success_is_done_and_the_next_step_follows_after_its_delay():
    told = noted()

    assert (told.state, told.step, told.due) == (EnrollmentState.ACTIVE, 1, NOW + HOUR)
    assert (told.awaits, told.owner, told.succeeded_at, told.attempts) == (None, None, None, 0)


def test_the_last_step_without_success_ends_it_as_done():
    told = noted(sequence=replace(SEQUENCE, steps=(CALL,)))

    assert (told.state, told.succeeded_at, told.finished_at) == (EnrollmentState.FINISHED, None, None)


@pytest.mark.parametrize(
    ("result", "attempts", "minutes"),
    [(BUSY, 0, 30), (BUSY, 1, 30), (VOICEMAIL, 0, 120), (BUSY, 2, None), (VOICEMAIL, 1, None), (NO_ANSWER, 0, None)],
)
def test_it_is_called_again_as_often_as_the_rule_of_the_result_allows(result, attempts, minutes):
    told = noted(replace(CALLING, attempts=attempts), CallEnded(result))

    if minutes is None:
        assert (told.step, told.attempts) == (1, 0)
    else:
        assert (told.step, told.attempts, told.due) == (0, attempts + 1, NOW + minutes * MINUTE)
        assert result in (told.remark or "")
        assert (told.awaits, told.timed, told.sent_at) == (None, True, None)


def test_whoever_asks_to_be_called_again_is_called_then_whatever_the_rules_say():
    told = noted(replace(CALLING, attempts=2), LATER)

    assert (told.step, told.due, told.attempts, told.remark) == (0, NOW + 3 * HOUR, 2, ASKED_TO_CALL_AGAIN)


def test_another_call_waits_for_the_hours_of_whoever_is_called():
    for ended in (WAS_BUSY, LATER):
        assert noted(ended=ended, sequence=IN_HOURS).due == MONDAY


def test_a_wish_of_the_past_is_none():
    assert noted(ended=replace(NOTHING, rescheduled_at=NOW)).step == 1


def test_a_success_outranks_the_wish_to_be_called_again():
    assert noted(ended=replace(BOOKED, rescheduled_at=NOW + HOUR)).state is EnrollmentState.FINISHED


def test_a_result_after_the_deadline_moves_on_what_was_parked_for_it():
    found = replace(CALLING, state=EnrollmentState.PARKED, parked_at=NOW - HOUR, parked_reason="silent", owner=None)

    told = noted(found)

    assert (told.state, told.step, told.parked_reason, told.parked_at) == ("active", 1, None, NOW - HOUR)


def test_what_is_paused_stays_paused_and_keeps_what_it_was_told():
    found = replace(CALLING, state=EnrollmentState.PAUSED, paused_at=1, paused_reason="x")

    told = noted(found, WAS_BUSY)

    assert (told.state, told.attempts, told.paused_at, told.awaits) == (EnrollmentState.PAUSED, 1, 1, None)
    assert noted(found, BOOKED).state is EnrollmentState.FINISHED


@pytest.mark.parametrize("state", sorted(OVER))
@pytest.mark.parametrize("ended", [BOOKED, NOTHING, WAS_BUSY, LATER])
def test_of_what_is_over_only_the_call_is_noted(state, ended):
    found = replace(CALLING, state=state)

    told = noted(found, ended)

    succeeded_at = NOW if ended is BOOKED else None
    assert told == replace(found, last_call=1, hold=None, succeeded_at=succeeded_at)


MOVED_ON = {
    "asked anew": {"asked": 2},
    "started anew": {"epoch": 1, "awaits": None},
    "at a later step": {"step": 1, "awaits": None},
    "reported as failed, and to be called again": {"awaits": None, "put_off_since": NOW},
}


@pytest.mark.parametrize("how", MOVED_ON)
def test_a_late_result_is_noted_and_changes_nothing_else_unless_it_is_a_success(how):
    found = replace(CALLING, **MOVED_ON[how])

    assert noted(found, WAS_BUSY) == replace(found, last_call=1, hold=None)
    won = noted(found, BOOKED)
    assert (won.state, won.succeeded_at, won.step) == (EnrollmentState.FINISHED, NOW, found.step)
    assert (won.owner, won.awaits) == (found.owner, found.awaits)


def test_a_dialler_that_calls_after_it_seemed_to_refuse_is_not_asked_to_call_again():
    refused = replace(CALLING, asked=0, awaits=None, owner=None, lease=None, put_off_since=NOW, remark="500")

    told = noted(refused)

    assert (told.step, told.asked, told.put_off_since) == (1, 1, None)


def test_the_first_success_stays():
    assert noted(replace(CALLING, succeeded_at=5), BOOKED).succeeded_at == 5


@pytest.mark.parametrize(
    ("ended", "expected"),
    [
        (CallEnded(GOAL_COMPLETED), True),
        (CallEnded(GOAL_COMPLETED, (CallOutcome("Wants material"),)), False),
        (CallEnded(GOAL_COMPLETED, (CallOutcome("unheard of"),)), False),
        (CallEnded(BUSY, (CallOutcome("Meeting booked"),)), True),
        (CallEnded(BUSY), False),
    ],
)
def test_outcomes_decide_where_there_are_any_and_else_the_result(ended, expected):
    assert has_succeeded(ended, AGENT) is expected
    assert has_succeeded(ended, None) is False


RESULTS = st.builds(
    CallEnded,
    st.sampled_from([BUSY, VOICEMAIL, NO_ANSWER, GOAL_COMPLETED, "Goal Not Completed", "never heard of"]),
    st.lists(st.sampled_from([CallOutcome("Meeting booked"), CallOutcome("Wants material")]), max_size=2).map(tuple),
    st.none() | st.sampled_from([NOW - DAY, NOW, NOW + 1, NOW + 9 * DAY]),
)
FOUND = st.builds(
    lambda **fields: replace(CALLING, **fields),
    state=st.sampled_from([state for state in EnrollmentState if state is not EnrollmentState.DELETED]),
    step=st.integers(0, 3),
    epoch=st.integers(0, 1),
    asked=st.integers(0, 2),
    awaits=st.none() | st.sampled_from([Awaits.STEP, Awaits.DRAFT]),
    attempts=st.integers(0, 3),
    hold=st.none() | st.just(3),
    due=st.sampled_from([NOW - DAY, NOW + DAY]),
    anytime=st.booleans(),
)


@given(FOUND, RESULTS, st.sampled_from([SEQUENCE, IN_HOURS]))
def test_whatever_comes_is_noted_once_and_nobody_is_called_who_was_won_or_outside_the_hours(found, ended, sequence):
    told = call_noted(found, REQUEST, ended, sequence, NOW)

    assert (told.last_call, told.hold, told.key, told.epoch) == (1, None, found.key, found.epoch)
    assert call_noted(told, REQUEST, ended, sequence, NOW + 1) == told
    if has_succeeded(ended, AGENT):
        assert told.state in OVER | {EnrollmentState.DELETED}
    if found.state in OVER:
        assert told.state is found.state
    is_another_call = told.step == found.step and told.awaits is None and found.awaits is Awaits.STEP
    if told.state is EnrollmentState.ACTIVE and is_another_call:
        assert told.due > NOW
        assert is_open(told.due, sequence.hours, ZONE)
        assert not told.anytime


@given(st.lists(RESULTS, min_size=1, max_size=12))
def test_without_a_wish_of_the_lead_calls_are_made_again_as_often_as_the_most_generous_rule_at_most(results):
    found, calls = CALLING, 0
    for ended in results:
        if found.step > 0 or found.state is not EnrollmentState.ACTIVE:
            break
        calls += 1
        again = replace(ended, rescheduled_at=None)
        found = call_noted(found, REQUEST._replace(asked=calls), again, SEQUENCE, NOW)
        found = replace(found, awaits=Awaits.STEP, asked=calls + 1) if found.step == 0 else found

    assert calls <= 3
