"""PATCH /api/v2/customObjects/{object_name}/{id}"""

import pytest

from tests.functional.outreach.documents import document, refusal
from tests.functional.outreach.test_create_custom_object import BOAT, boat


def update(call, attributes, name="boats", number="1"):
    return call("update_custom_object", document("customObject", attributes), object_name=name, id=number)


def test_what_is_given_is_changed_null_takes_away_and_the_rest_stays(call):
    boat(call, BOAT)

    shown = update(call, {"length": True, "name": None, "crew": 2}).body["data"]

    attributes = {name: value for name, value in shown["attributes"].items() if not name.endswith("At")}
    assert attributes == {"length": True, "draught": 1.5, "sails": True, "note": "two\nlines", "crew": 2}
    assert attributes["length"] is True
    assert call("get_custom_object", object_name="boats", id="1").body["data"] == shown


@pytest.mark.parametrize("attributes", [{"x": []}, {"updatedAt": None}])
def test_what_cannot_be_kept_changes_nothing(call, attributes):
    boat(call, BOAT)
    before = call("get_custom_object", object_name="boats", id="1").body

    answer = update(call, {"length": 1} | attributes)

    (name,) = attributes
    assert refusal(answer) == (422, "validationError", {"pointer": f"/data/attributes/{name}"})
    assert call("get_custom_object", object_name="boats", id="1").body == before


def test_what_is_not_there_is_not_found(call, other):
    boat(call, BOAT)

    assert update(call, {"x": 1}, "cars").status == 404
    assert update(call, {"x": 1}, number="9").status == 404
    assert update(other, {"x": 1}).status == 404


def test_a_record_does_not_grow_without_end(call):
    boat(call, BOAT)
    answers = [update(call, {f"x{place}": "x" * 30_000}) for place in range(4)]

    assert [answer.status for answer in answers] == [200, 200, 200, 422]
