"""What a dialler tells about a call: every field, its bounds, and refusals that name the field."""

import json
from typing import Any

import pytest

from drumbeat.dialects.julian.call_results import CallResult
from drumbeat.dialects.validation import validated
from drumbeat.domain.call_result import CallEnded, CallOutcome
from drumbeat.domain.errors import BadRequest, ValidationFailed

ACTION = {
    "description": "Sent a brochure",
    "status": "completed",
    "actionKey": "send_brochure",
    "completedAt": "2026-11-21T09:00:00.000Z",
    "metadata": {"pages": 4},
}
FULL = {
    "resultType": "Goal Completed",
    "summary": "Jane wants a demo.",
    "transcription": "Agent: Hello.\nJane: Hi.",
    "extractedVariables": {"budget": 10_000, "tools": ["crm"]},
    "agentActions": [ACTION],
    "humanActions": [ACTION | {"actionKey": "call_back", "completedAt": None}],
    "outcomes": [{"name": "Meeting booked", "reasoning": "A time was agreed on."}],
    "followUpMeetingDetails": {
        "startTime": "2026-12-01T15:00:00.000Z",
        "endTime": "2026-12-01T15:30:00.000Z",
        "hostEmail": "ann@acme.example",
    },
    "duration": 95,
    "callUrl": "https://dialler.example/calls/1",
    "fromPhoneNumber": "+15550001111",
    "rescheduledAt": "2026-11-24T15:00:00Z",
    "crmSchedulingDetails": {"ownerId": "7"},
}
NOW = 1_795_251_600_000
APART = {"resultType", "outcomes", "rescheduledAt"}


def read(document: Any) -> CallEnded:
    return validated(CallResult, document).ended(NOW)


def test_everything_that_is_told_is_kept():
    ended = read(FULL)

    assert ended.result_type == "Goal Completed"
    assert ended.outcomes == (CallOutcome("Meeting booked", "A time was agreed on."),)
    assert ended.rescheduled_at == 1_795_532_400_000
    assert ended.details == {name: value for name, value in FULL.items() if name not in APART}
    assert json.loads(json.dumps(ended.details)) == ended.details


def test_a_result_alone_is_enough():
    ended = read({"resultType": "Busy"})

    assert (ended.result_type, ended.outcomes, ended.rescheduled_at) == ("Busy", (), None)
    assert ended.details == {
        "summary": "",
        "transcription": "",
        "extractedVariables": {},
        "agentActions": [],
        "humanActions": [],
        "followUpMeetingDetails": None,
        "duration": 0,
        "callUrl": "",
        "fromPhoneNumber": "",
    }


def test_instants_are_told_in_one_spelling():
    action = read({"resultType": "x", "agentActions": [{"completedAt": "2026-11-21T10:00:00+01:00"}]})

    assert action.details["agentActions"][0]["completedAt"] == "2026-11-21T09:00:00.000Z"


@pytest.mark.parametrize(
    ("fields", "at_fault"),
    [
        ({"resultType": ""}, "resultType"),
        ({"resultType": None}, "resultType"),
        ({"resultType": "x" * 256}, "resultType"),
        ({"resultType": "a\x00b"}, "resultType"),
        ({"summary": 1}, "summary"),
        ({"summary": "x" * 10_001}, "summary"),
        ({"transcription": "\ud800"}, "transcription"),
        ({"transcription": "x" * 100_001}, "transcription"),
        ({"extractedVariables": []}, "extractedVariables"),
        ({"extractedVariables": {"a": {"b": ["\ud800"]}}}, "extractedVariables"),
        ({"extractedVariables": {"\x00": 1}}, "extractedVariables"),
        ({"agentActions": [{"metadata": {"a": "\x00"}}]}, "agentActions.0.metadata"),
        ({"agentActions": [{}] * 101}, "agentActions"),
        ({"humanActions": [{"done": True}]}, "humanActions.0.done"),
        ({"outcomes": [{}]}, "outcomes.0.name"),
        ({"outcomes": ["Meeting booked"]}, "outcomes.0"),
        ({"outcomes": [{"name": "x"}] * 101}, "outcomes"),
        ({"followUpMeetingDetails": {}}, "followUpMeetingDetails.startTime"),
        ({"followUpMeetingDetails": {"startTime": "tomorrow"}}, "followUpMeetingDetails.startTime"),
        (
            {"followUpMeetingDetails": {"startTime": "2026-12-01T15:00:00Z", "hostEmail": "ann"}},
            "followUpMeetingDetails.hostEmail",
        ),
        ({"duration": -1}, "duration"),
        ({"duration": True}, "duration"),
        ({"duration": 86_401}, "duration"),
        ({"duration": "long"}, "duration"),
        ({"callUrl": "javascript:alert(1)"}, "callUrl"),
        ({"callUrl": "https://x.example/\n"}, "callUrl"),
        ({"fromPhoneNumber": "a\nb"}, "fromPhoneNumber"),
        ({"rescheduledAt": "2026-11-24T15:00:00"}, "rescheduledAt"),
        ({"rescheduledAt": 1_795_532_400_000}, "rescheduledAt"),
        ({"rescheduledAt": "9999-12-31T23:59:59-12:00"}, "rescheduledAt"),
        ({"rescheduledAt": "0001-01-01T00:00:00+12:00"}, "rescheduledAt"),
        ({"crmSchedulingDetails": "none"}, "crmSchedulingDetails"),
        ({"outcome": "Meeting booked"}, "outcome"),
        ({"direction": "outbound"}, "direction"),
    ],
)
def test_a_refusal_names_the_field(fields, at_fault):
    with pytest.raises(ValidationFailed) as refusal:
        read({"resultType": "Busy"} | fields)

    assert [error["field"] for error in refusal.value.details["errors"]] == [at_fault]


def test_a_year_is_the_furthest_that_a_call_can_be_put_off():
    assert read({"resultType": "x", "rescheduledAt": "2027-11-21T09:00:00Z"}).rescheduled_at is not None
    with pytest.raises(ValidationFailed, match="rescheduledAt: must be within a year"):
        read({"resultType": "x", "rescheduledAt": "2027-11-23T09:00:00Z"})


@pytest.mark.parametrize("document", [None, [], "Busy", 7, [FULL]])
def test_what_is_no_object_is_refused(document):
    with pytest.raises(BadRequest):
        read(document)
