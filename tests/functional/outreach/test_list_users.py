"""GET /api/v2/users, and with it the query language as clients meet it (contract 1.1)."""

from urllib.parse import parse_qs, urlsplit

import pytest

from tests.functional.outreach.test_create_user import create

PEOPLE = [
    ("ada", "Ada", "Lovelace", "Analyst"),
    ("bob", "Bob", "Babbage, Sr.", None),
    ("cyd", "Cyd", None, "Dancer..lead"),
    ("dot", "Dot", "Babbage, Sr.", "Analyst"),
    ("eve", "Eve", "Ng", None),
]


@pytest.fixture
def people(call):
    for name, first, last, title in PEOPLE:
        create(call, {"email": f"{name}@acme.example", "firstName": first, "lastName": last, "title": title})


def found(answer):
    assert answer.status == 200, answer.body
    return [user["attributes"]["firstName"] for user in answer.body["data"]]


def linked(answer, name):
    """The query that a link of the answer asks for."""
    return parse_qs(urlsplit(answer.body["links"][name]).query)


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({}, "Ada Bob Cyd Dot Eve"),
        ({"filter[id]": "2"}, "Bob"),
        ({"filter[id]": "1,2,9"}, "Ada Bob"),
        ({"filter[id]": ["1", "2"]}, "Ada Bob"),
        ({"filter[id]": "2..4"}, "Bob Cyd Dot"),
        ({"filter[id]": "neginf..2"}, "Ada Bob"),
        ({"filter[id]": "4..inf"}, "Dot Eve"),
        ({"filter[firstName]": "Ada,Eve"}, "Ada Eve"),
        ({"filter[firstName]": "B..D"}, "Bob Cyd"),
        ({"filter[lastName]": "__null__"}, "Cyd"),
        ({"filter[title]": "__notnull__"}, "Ada Cyd Dot"),
        ({"filter[title]": "Analyst", "filter[id]": "2..inf"}, "Dot"),
        ({"filter[locked]": "false"}, "Ada Bob Cyd Dot Eve"),
        ({"filter[locked]": "true"}, ""),
        ({"filter[createdAt]": "2017-01-01..inf"}, "Ada Bob Cyd Dot Eve"),
        ({"filter[createdAt]": "neginf..2017-01-01T00:00:00Z"}, ""),
        ({"newFilterSyntax": "true", "filter[lastName]": "Babbage, Sr."}, "Bob Dot"),
        ({"newFilterSyntax": "true", "filter[title]": "Dancer..lead"}, "Cyd"),
        ({"newFilterSyntax": "true", "filter[lastName][]": ["Babbage, Sr.", "Ng"]}, "Bob Dot Eve"),
        ({"newFilterSyntax": "true", "filter[id][gte]": "2", "filter[id][lte]": "4"}, "Bob Cyd Dot"),
        ({"newFilterSyntax": "true", "filter[id]": "1,2"}, "Ada Bob"),
        ({"sort": "-id"}, "Eve Dot Cyd Bob Ada"),
        ({"sort": "lastName"}, "Bob Dot Ada Eve Cyd"),
        ({"sort": "-lastName,-firstName"}, "Cyd Eve Ada Dot Bob"),
        ({"sort": "lastName,id", "filter[title]": "__notnull__"}, "Dot Ada Cyd"),
        ({"page[limit]": "2", "page[offset]": "3"}, "Dot Eve"),
        ({"page[limit]": "2", "page[offset]": "3", "sort": "-id"}, "Bob Ada"),
        ({"page[offset]": "9"}, ""),
    ],
)
def test_what_a_query_finds(call, people, query, names):
    assert found(call("list_users", query=query)) == names.split()


@pytest.mark.parametrize(
    ("parameter", "value"),
    [
        ("filter", "1"),
        ("filter[]", "1"),
        ("filter[nothing]", "1"),
        ("filter[q]", "A"),
        ("filter[owner][id]", "1"),
        ("filter[firstName][id]", "1"),
        ("filter[id", "1"),
        ("filter[id]]", "1"),
        ("filter[id]", "one"),
        ("filter[id]", "1,"),
        ("filter[id]", "1..x"),
        ("filter[id][gte]", "1"),
        ("filter[locked]", "yes"),
        ("filter[locked]", "false..true"),
        ("filter[createdAt]", "yesterday"),
        ("filter[createdAt]", "2017-13-01"),
        ("sort", "title"),
        ("sort", "nothing"),
        ("sort", "firstName,"),
        ("include", "nothing"),
        ("include", "a.b.c.d"),
        ("count", "maybe"),
        ("page[size]", "0"),
        ("page[size]", "1001"),
        ("page[size]", "x"),
        ("page[limit]", "1001"),
        ("page[offset]", "10001"),
        ("page[after]", "e30"),
        ("page[after]", "!"),
        ("page[before]", "WyJ4IiwxXQ"),
        ("page[number]", "2"),
        ("limit", "2"),
    ],
)
def test_what_is_not_understood_is_refused_by_its_name(call, people, parameter, value):
    answer = call("list_users", query={parameter: value})

    assert answer.status == 422
    assert answer.body["errors"][0]["id"] == "validationError"
    assert answer.body["errors"][0]["source"] == {"parameter": parameter}


def test_pages_are_linked_both_ways(call, people):
    query = {"sort": "-firstName", "page[size]": "2", "filter[id]": "1..5", "fields[user]": "firstName"}
    first = call("list_users", query=query)
    second = call("list_users", query=linked(first, "next"))
    third = call("list_users", query=linked(second, "next"))

    assert [found(page) for page in (first, second, third)] == [["Eve", "Dot"], ["Cyd", "Bob"], ["Ada"]]
    assert set(first.body["links"]) == {"first", "next"}
    assert set(third.body["links"]) == {"first", "prev"}
    assert found(call("list_users", query=linked(third, "prev"))) == ["Cyd", "Bob"]
    assert found(call("list_users", query=linked(second, "prev"))) == ["Eve", "Dot"]
    assert found(call("list_users", query=linked(third, "first"))) == ["Eve", "Dot"]
    assert first.body["links"]["first"].startswith("https://api.example/api/v2/users?")


def test_a_place_belongs_to_one_order(call, people):
    first = call("list_users", query={"sort": "firstName", "page[size]": "2"})

    answer = call("list_users", query=linked(first, "next") | {"sort": "lastName"})

    assert (answer.status, answer.body["errors"][0]["source"]) == (422, {"parameter": "page[after]"})


def test_pages_by_offset_link_to_the_last_one_too(call, people):
    answer = call("list_users", query={"page[limit]": "2", "page[offset]": "2"})

    assert found(answer) == ["Cyd", "Dot"]
    offsets = {name: linked(answer, name)["page[offset]"] for name in answer.body["links"]}
    assert offsets == {"first": ["0"], "prev": ["0"], "next": ["4"], "last": ["4"]}
    assert "meta" not in answer.body


@pytest.mark.parametrize("extra", [{}, {"sort": "-lastName"}, {"page[size]": "1"}, {"page[limit]": "1"}])
def test_what_matches_is_counted_when_asked(call, people, extra):
    answer = call("list_users", query={"count": "true", "filter[title]": "Analyst"} | extra)

    assert answer.body["meta"] == {"count": 2, "count_truncated": False}


def test_another_tenant_sees_nothing_of_it(call, other, people):
    assert found(other("list_users")) == []
    assert found(other("list_users", query={"filter[id]": "1"})) == []
