"""GET /api/v2/customObjects/{object_name}"""

import pytest

from tests.functional.outreach.documents import refusal
from tests.functional.outreach.test_create_custom_object import boat


@pytest.fixture
def boats(call):
    for length in (5, 9, 12):
        boat(call, {"length": length})
    boat(call, {"wheels": 4}, "cars")


def found(answer):
    assert answer.status == 200, answer.body
    return [each["attributes"]["length"] for each in answer.body["data"]]


@pytest.mark.parametrize(
    ("query", "lengths"),
    [
        ({}, [5, 9, 12]),
        ({"filter[id]": "1,3,4"}, [5, 12]),
        ({"filter[id]": "2..inf"}, [9, 12]),
        ({"sort": "-id"}, [12, 9, 5]),
        ({"filter[createdAt]": "neginf..2017-01-01"}, []),
        ({"page[size]": "1"}, [5]),
    ],
    ids=str,
)
def test_the_records_of_a_kind_are_listed_as_they_are_asked_for(call, boats, query, lengths):
    assert found(call("list_custom_objects", object_name="boats", query=query)) == lengths


def test_links_lead_to_the_same_kind(call, boats):
    answer = call("list_custom_objects", object_name="boats", query={"page[size]": "1"})

    links = answer.body["links"].values()
    assert all(link.startswith("https://api.example/api/v2/customObjects/boats?") for link in links)


def test_a_kind_that_nobody_uses_is_empty(call, boats, other):
    assert found(call("list_custom_objects", object_name="planes")) == []
    assert found(other("list_custom_objects", object_name="boats")) == []


def test_what_the_tenant_made_up_cannot_be_filtered_by(call, boats):
    answer = call("list_custom_objects", object_name="boats", query={"filter[length]": "5"})

    assert refusal(answer) == (422, "validationError", {"parameter": "filter[length]"})
