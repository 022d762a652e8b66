"""HEAD arrives at a function through an API, and its answer has no body."""

import http.client
from contextlib import closing
from urllib.parse import urlsplit

import pytest

from tests.ministack.one_function import api_of

CHECK = """
def handler(event, context):
    return {"statusCode": 200 if event["httpMethod"] == "HEAD" else 500, "headers": {"X-Seen": "yes"}, "body": ""}
"""
pytestmark = pytest.mark.ministack


@pytest.fixture
def api(ministack):
    """The URL of an API whose one function takes HEAD only."""
    return api_of("check", CHECK, method="HEAD")


def test_head_is_answered_by_the_function_without_a_body(api):
    parts = urlsplit(api)

    with closing(http.client.HTTPConnection(parts.hostname, parts.port, timeout=30)) as connection:
        connection.request("HEAD", parts.path)
        answer = connection.getresponse()
        body = answer.read()

    assert (answer.status, answer.headers["X-Seen"], body) == (200, "yes", b"")
