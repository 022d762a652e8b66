"""DELETE /api/v2/customObjects/{object_name}/{id}"""

from tests.functional.outreach.test_create_custom_object import BOAT, boat


def delete(call, name="boats", number="1"):
    return call("delete_custom_object", object_name=name, id=number).status


def test_it_is_gone_and_others_stay(call):
    boat(call, BOAT)
    boat(call, BOAT)

    assert delete(call) == 204

    (left,) = call("list_custom_objects", object_name="boats").body["data"]
    assert left["id"] == 2


def test_what_is_not_there_is_not_found(call, other):
    boat(call, BOAT)

    assert [delete(other), delete(call, "cars"), delete(call, "b s"), delete(call), delete(call)] == [
        404, 404, 404, 204, 404
    ]  # fmt: skip
