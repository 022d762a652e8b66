"""What calls keep comes back as it went in, and costs nothing where nobody is called."""

from dataclasses import replace

from drumbeat.adapters.dynamodb import keys
from drumbeat.adapters.dynamodb.call_results import call_result_item, call_result_of
from drumbeat.adapters.dynamodb.callees import callee_item, callee_of
from drumbeat.adapters.dynamodb.enrollment_items import enrollment_item, keys_beside
from drumbeat.adapters.dynamodb.items import from_wire, to_wire
from drumbeat.adapters.dynamodb.sequence_items import sequence_item, sequence_of
from drumbeat.domain.agent import BUSY, Agent, CallRetry, Goal
from drumbeat.domain.call_result import CallEnded, CallOutcome, NotedCall
from drumbeat.domain.callee import Callee
from drumbeat.domain.enrollment import new_enrollment
from drumbeat.domain.ids import EnrollmentKey
from drumbeat.domain.lifecycle import deleted
from drumbeat.domain.sequence import Sequence, SequenceStatus, Step, StepKind
from drumbeat.domain.times import DAY

_KEY = EnrollmentKey(2, 3)
_CALLEE = Callee(
    "Ada Byron",
    "+15551234567",
    {"account_id": "A-7", "a": "é"},
    "America/New_York",
    "12",
    10**13,
    "account_id",
)
_AGENT = Agent(
    zones=("America/New_York", "Europe/Berlin"),
    required=("account_id",),
    goals=(Goal("Meeting booked", "A meeting is in the calendar.", successful=True), Goal("Callback", None, False)),
    retries={BUSY: CallRetry(3, 30)},
    credits_per_call=2,
    title_cases=True,
    sender=8,
    listener=9,
)
_SEQUENCE = Sequence(
    1, 2, "Calls", SequenceStatus.ACTIVE, None, 0, 0, False, 8.0, (Step(1, "", "", 0, StepKind.CALL),), (), 5
)
_NOTED = NotedCall(
    step=0,
    epoch=1,
    asked=2,
    ended=CallEnded("Busy", (CallOutcome("Callback", "was busy"),), 10**13, {"summary": "nobody", "duration": 1.5}),
    at=10**12,
)


def _kept(item):
    return from_wire(to_wire(item))


def test_a_callee_comes_back_as_it_was_given():
    for callee in (_CALLEE, Callee("Ada", "+15551234567", {}, "UTC")):
        assert callee_of(_kept(callee_item(1, _KEY, callee))) == callee


def test_a_result_comes_back_as_it_was_told_and_is_kept_for_400_days():
    item = _kept(call_result_item(1, _KEY, _NOTED))

    assert call_result_of(item) == _NOTED
    assert item["expires_at"] * 1000 == _NOTED.at + 400 * DAY


def test_an_agent_comes_back_as_it_was_made():
    for agent in (_AGENT, Agent(zones=("UTC",))):
        sequence = replace(_SEQUENCE, agent=agent)
        assert sequence_of(_kept(sequence_item(sequence))) == sequence


def test_what_calls_nobody_is_kept_as_before():
    item = to_wire(enrollment_item(new_enrollment(1, _KEY, batch_number=1, batch_tag="t", now=5)))

    assert not {"has_callee", "group", "hold", "succeeded_at", "last_call", "anytime"} & set(item)
    assert "agent" not in to_wire(sequence_item(_SEQUENCE))


def test_nothing_about_whom_it_called_is_left_of_a_deleted_enrollment():
    called = replace(new_enrollment(1, _KEY, batch_number=1, batch_tag="t", now=5), has_callee=True, group="g", hold=2)

    assert keys_beside(called) == [keys.callee(1, _KEY)]
    assert not keys_beside(deleted(called))
    assert (deleted(called).group, deleted(called).hold) == ("g", 2)
