"""An outcome tells an answer that is as expected from one that is not, and a sample is of this minute."""

import pytest

from tools.samples.events import TAKEN_AT, moved
from tools.samples.outcomes import Outcome, differences

GOOD = {
    "statusCode": 200,
    "headers": {"Content-Type": "application/json"},
    "body": '{"id": 7, "rows": [{"a": 1}, {"a": 2}]}',
}
HOUR = 3_600_000


@pytest.mark.parametrize(
    "outcome",
    [
        Outcome(status=200),
        Outcome(status=200, headers={"content-type": "application/json"}),
        Outcome(status=200, body={"id": 7}),
        Outcome(status=200, body={"id": "*", "rows": [{"a": 1}, {}]}),
        Outcome(status=200, body={"rows": ["...", {"a": 2}]}),
        Outcome(status=200, body={"rows": [{"a": 1}, "..."]}),
        Outcome(status=200, body={"rows": [{"a": 1}, "...", {"a": 2}]}),
        Outcome(status=200, says="rows"),
        Outcome(answer={"statusCode": 200}),
    ],
)
def test_what_is_named_and_there_is_no_difference(outcome):
    assert differences(outcome, GOOD) == []


@pytest.mark.parametrize(
    ("outcome", "line"),
    [
        (Outcome(status=201), "status: 200 instead of 201"),
        (Outcome(status=200, headers={"Location": "/"}), "headers.location: not there"),
        (Outcome(status=200, body={"id": 8}), "body.id: 7 instead of 8"),
        (Outcome(status=200, body={"id": True}), "body.id: 7 instead of True"),
        (Outcome(status=200, body={"name": None}), "body.name: not there, only id, rows"),
        (Outcome(status=200, body={"rows": [{"a": 1}]}), "body.rows: 2 instead of 1"),
        (Outcome(status=200, body={"rows": [{"a": 2}, "..."]}), "body.rows[0].a: 1 instead of 2"),
        (Outcome(status=200, body={"rows": [{}, {}, "...", {}]}), "body.rows: 2 instead of 3"),
        (Outcome(status=200, says="Unsubscribed"), "body: has no 'Unsubscribed'"),
        (Outcome(answer={"hints": 1}), "answer.hints: not there"),
    ],
)
def test_what_is_missing_or_otherwise_is_told(outcome, line):
    (told,) = differences(outcome, GOOD)

    assert told.startswith(line)


def test_anything_is_not_nothing():
    assert differences(Outcome(answer={"at": "*"}), {"at": None}) == ["answer.at: null"]


def test_an_error_is_no_answer_over_http():
    (told,) = differences(Outcome(status=200), {"errorMessage": "no", "errorType": "KeyError"})

    assert "none over HTTP" in told


def test_every_instant_in_a_sample_moves_by_the_same_time():
    sample = {
        "time": "2026-11-21T09:00:00Z",
        "body": '{"at": 1795251600000, "timestamp": "2026-11-21T08:59:58.000Z"}',
        "created": 1795251601,
        "number": 17952516,
        "due": "2026-01-15T09:00:00Z",
    }

    told = moved(sample, TAKEN_AT + HOUR)

    assert told == sample | {
        "time": "2026-11-21T10:00:00Z",
        "body": '{"at": 1795255200000, "timestamp": "2026-11-21T09:59:58.000Z"}',
        "created": 1795255201,
    }
