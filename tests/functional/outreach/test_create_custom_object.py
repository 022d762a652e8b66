"""POST /api/v2/customObjects/{object_name}"""

import pytest

from tests.functional.outreach.documents import create, document, refusal

BOAT = {"name": "Ada", "length": 12, "draught": 1.5, "sails": True, "note": "two\nlines"}


def boat(call, attributes, name="boats", **options):
    return create(call, "custom_object", attributes, object_name=name, **options)


def test_a_record_is_made_and_shown(call):
    answer = boat(call, BOAT)

    shown = answer.body["data"]
    assert (answer.status, shown["type"], shown["id"]) == (201, "customObject", 1)
    assert shown["links"] == {"self": "https://api.example/api/v2/customObjects/boats/1"}
    assert {name: shown["attributes"][name] for name in BOAT} == BOAT
    assert shown["attributes"].keys() == BOAT.keys() | {"createdAt", "updatedAt"}
    assert call("get_custom_object", object_name="boats", id="1").body["data"] == shown


def test_null_is_nothing(call):
    assert "name" not in boat(call, {"name": None}).body["data"]["attributes"]


@pytest.mark.parametrize(
    ("attributes", "pointer"),
    [
        ({"x": []}, "/data/attributes/x"),
        ({"x": {"y": 1}}, "/data/attributes/x"),
        ({"x": "a\x00b"}, "/data/attributes/x"),
        ({"x": 1 << 54}, "/data/attributes/x"),
        ({"x": 1e300}, "/data/attributes/x"),
        ({"x": 1e-200}, "/data/attributes/x"),
        ({"id": 7}, "/data/attributes/id"),
        ({"createdAt": "2026-12-01T09:00:00Z"}, "/data/attributes/createdAt"),
        ({"number": 7}, "/data/attributes/number"),
        ({"a b": 7}, "/data/attributes"),
        ({"x" * 65: 7}, "/data/attributes"),
        ({f"x{place}": 7 for place in range(151)}, "/data/attributes"),
        ([], "/data/attributes"),
    ],
    ids=lambda value: str(value)[:30],
)
def test_what_cannot_be_kept_is_refused_with_a_pointer_and_nothing_is_made(call, attributes, pointer):
    answer = boat(call, attributes)

    assert refusal(answer) == (422, "validationError", {"pointer": pointer})
    assert call("list_custom_objects", object_name="boats").body["data"] == []


def test_it_has_no_relations(call):
    body = document("customObject", BOAT, {"owner": {"data": None}})

    assert call("create_custom_object", body, object_name="boats").status == 422


@pytest.mark.parametrize("name", ["a b", "x" * 65, "1st", "a-b", "a#b", "ü"])
def test_what_is_no_name_of_a_kind_is_not_found(call, name):
    assert boat(call, BOAT, name).status == 404


def test_the_same_call_under_one_key_makes_one_record(call):
    headers = {"Idempotency-Key": "once"}

    first, again = (boat(call, BOAT, headers=headers) for _ in range(2))

    assert first.body == again.body
    assert len(call("list_custom_objects", object_name="boats").body["data"]) == 1
