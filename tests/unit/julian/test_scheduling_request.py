"""The bodies of the scheduling calls: the source document's own, and what is refused as a whole (contract 4.3, 4.4)."""

import json
from datetime import UTC, datetime

import pytest

from drumbeat.dialects.julian.scheduling import ScheduleSequenceRequest, ScheduleSequencesRequest
from drumbeat.dialects.validation import validated
from drumbeat.domain.agent import Agent
from drumbeat.domain.call_row import read_rows
from drumbeat.domain.errors import BadRequest, ValidationFailed
from drumbeat.domain.row_problem import RowProblem
from drumbeat.domain.schedule import instant_of
from tests.unit.julian.rows import GOOD, NOW, PHONES, accepted, good, rejected

# As the source document prints it: the address is what its web server made of one.
SOURCE = json.loads("""
{
  "contacts": [
    {
      "name": "John Doe",
      "phoneNumber": "+15551234567",
      "phoneNumberExt": "<string>",
      "timezone": "<string>",
      "scheduledAt": "2023-11-07T05:31:56Z",
      "toEmailAddress": "[email\\u00a0protected]"
    }
  ]
}
""")
PLAIN = Agent(zones=("America/New_York",))


def read_source(now):
    request = validated(ScheduleSequencesRequest, SOURCE)
    return read_rows(PHONES, request.rows(), request.rules(PLAIN, None, needs_email=False), now)


def test_the_source_document_s_request_is_accepted_as_it_stands():
    """In its own time: what its pages print in three fields stands for nothing."""
    written = instant_of(datetime(2023, 11, 1, tzinfo=UTC), "UTC")

    row = accepted(read_source(written)[0])

    assert (row.callee.name, row.callee.phone, row.callee.extension) == ("John Doe", "+15551234567", "")
    assert (row.callee.zone, row.email) == ("America/New_York", None)
    assert row.callee.scheduled_at == instant_of(datetime(2023, 11, 7, 5, 31, 56, tzinfo=UTC), "UTC")


def test_today_the_source_document_s_row_is_rejected_for_its_time_alone():
    assert rejected(read_source(NOW)[0]).problems == (RowProblem.TIME_PAST,)


@pytest.mark.parametrize("key", ["name", "phoneNumber", "scheduledAt", "account_id"])
def test_nobody_is_called_for_what_a_page_prints(key):
    """A placeholder stands for nothing only where nothing is harmless."""
    request = validated(ScheduleSequencesRequest, {"contacts": [good(**{key: "<string>"})]})

    assert request.rows()[0][key] == "<string>"


def test_the_single_call_takes_placeholders_too():
    request = validated(ScheduleSequenceRequest, GOOD | {"timezone": "<string>", "phoneNumberExt": "<string>"})

    assert request.rows() == [GOOD]


@pytest.mark.parametrize("count", [1, 1_000])
def test_a_call_has_1_to_1000_rows(count):
    assert len(validated(ScheduleSequencesRequest, {"contacts": [GOOD] * count}).rows()) == count


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"contacts": None},
        {"contacts": []},
        {"contacts": [GOOD] * 1_001},
        {"contacts": GOOD},
        {"contacts": [GOOD], "timezone": "Mars/Base"},
        {"contacts": [GOOD], "timezone": 5},
        {"contacts": [GOOD], "groupByField": ""},
        {"contacts": [GOOD], "groupByField": 5},
        {"contacts": [GOOD], "groupByField": "phoneNumber"},
        {"contacts": [GOOD], "groupByField": "a\nb"},
        {"contacts": [GOOD], "groupByField": "x" * 101},
        {"contacts": [GOOD], "normalizeFields": "account_id"},
        {"contacts": [GOOD], "normalizeFields": [5]},
        {"contacts": [GOOD], "normalizeFields": ["name"]},
        {"contacts": [GOOD], "normalizeFields": ["x"] * 41},
        {"contacts": [GOOD], "allowDuplicates": "yes"},
        {"contacts": [GOOD], "allowDuplicates": 1},
    ],
)
def test_a_bulk_call_of_another_shape_is_refused_as_a_whole(body):
    with pytest.raises(ValidationFailed):
        validated(ScheduleSequencesRequest, body)


def test_grouping_and_duplicates_exclude_each_other():
    with pytest.raises(ValidationFailed, match=r"^Value error, groupByField cannot be combined with allowDuplicates"):
        validated(ScheduleSequencesRequest, {"contacts": [GOOD], "groupByField": "team", "allowDuplicates": True})


@pytest.mark.parametrize(
    "asked", [{"groupByField": "team", "allowDuplicates": False}, {"groupByField": None, "allowDuplicates": True}]
)
def test_either_of_them_is_fine(asked):
    assert validated(ScheduleSequencesRequest, {"contacts": [GOOD]} | asked)


def test_null_is_as_good_as_nothing():
    nothing = dict.fromkeys(("timezone", "groupByField", "normalizeFields", "allowDuplicates"))

    request = validated(ScheduleSequencesRequest, {"contacts": [GOOD]} | nothing)

    expected = validated(ScheduleSequencesRequest, {"contacts": [GOOD]}).rules(PLAIN, None, needs_email=False)
    assert request.rules(PLAIN, None, needs_email=False) == expected


@pytest.mark.parametrize(
    "body",
    [
        GOOD | {"bypassAllowedCallWindow": "true"},
        GOOD | {"bypassAllowedCallWindow": 1},
        GOOD | {"groupByField": 5},
        GOOD | {"groupByField": "phoneNumber"},
    ],
)
def test_a_single_call_of_another_shape_is_refused(body):
    with pytest.raises(ValidationFailed):
        validated(ScheduleSequenceRequest, body)


@pytest.mark.parametrize("model", [ScheduleSequencesRequest, ScheduleSequenceRequest])
@pytest.mark.parametrize("body", [None, [GOOD], "x", 5])
def test_a_body_is_an_object(model, body):
    with pytest.raises(BadRequest):
        validated(model, body)
