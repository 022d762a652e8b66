"""GET /api/v2/customObjects/{object_name}/{id}"""

import pytest

from tests.functional.outreach.test_create_custom_object import BOAT, boat


def get(call, name="boats", number="1", **options):
    return call("get_custom_object", object_name=name, id=number, **options)


def test_what_is_wanted_of_it_is_shown(call):
    boat(call, BOAT)

    answer = get(call, query={"fields[customObject]": "length", "provideAuthorizationMeta": "true"})

    assert answer.body["data"]["attributes"] == {"length": 12}
    assert answer.body["data"]["meta"] == {"canWrite": True, "canDelete": True}


@pytest.mark.parametrize(("name", "number"), [("boats", "9"), ("cars", "1"), ("boats", "x"), ("b s", "1")])
def test_what_is_not_there_is_not_found(call, name, number):
    boat(call, BOAT)

    assert get(call, name, number).status == 404


def test_another_tenant_s_record_is_not_found(call, other):
    boat(call, BOAT)

    assert get(other).status == 404
