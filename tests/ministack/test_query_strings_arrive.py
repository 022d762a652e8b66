"""Query strings with brackets and repeated names arrive through an API as Outreach's clients send them."""

import json

import pytest

from drumbeat.entrypoints.event import query_values_of
from tests.ministack.one_function import api_of
from tools.local.api import fetch

ECHO = """
import json

def handler(event, context):
    names = ("queryStringParameters", "multiValueQueryStringParameters", "path", "requestContext")
    return {"statusCode": 200, "headers": {}, "body": json.dumps({name: event.get(name) for name in names})}
"""
ASKED = "?filter%5Bid%5D%5B%5D=1&filter[id][]=2&filter[name]=a%2Cb%20c&page[size]=&sort=-id&newFilterSyntax=true"
pytestmark = pytest.mark.ministack


@pytest.fixture
def echo(ministack):
    """The URL of an API whose one function says what it was called with."""
    return api_of("echo", ECHO, method="GET")


def test_all_values_of_all_parameters_arrive_decoded(echo):
    status, body = fetch(echo + ASKED)

    event = json.loads(body)
    assert status == 200
    assert query_values_of(event) == {
        "filter[id][]": ("1", "2"),
        "filter[name]": ("a,b c",),
        "page[size]": ("",),
        "sort": ("-id",),
        "newFilterSyntax": ("true",),
    }
