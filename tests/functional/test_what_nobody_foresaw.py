"""Whatever breaks inside: one answer in the dialect's words, and not a word about the inside."""

import json

import pytest

from drumbeat.dialects.ampout.errors import AMPOUT
from drumbeat.entrypoints.http import Reply, endpoint
from tests.world import Context, api_event


def _raises(_request):
    raise RuntimeError("arn:aws:dynamodb:secret")


def _answers_what_is_no_json(_request):
    return Reply({"when": object()})


@pytest.mark.parametrize("handle", [_raises, _answers_what_is_no_json])
def test_a_failure_is_a_500_in_the_envelope_and_tells_nothing(aws, handle):
    handler = endpoint("GET", "/x", dialect=AMPOUT, scope=None)(handle)

    answer = handler(api_event("GET"), Context())

    assert answer["statusCode"] == 500
    assert json.loads(answer["body"])["code"] == "internal_error"
    assert "arn:" not in answer["body"]
