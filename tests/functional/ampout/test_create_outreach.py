"""POST /outreaches"""

import pytest


def test_contacts_are_not_unique_unless_asked_for(caller):
    plain = caller("create_outreach", {"outreach": {"name": "Spring"}})
    unique = caller("create_outreach", {"outreach": {"name": "Autumn", "unique_contacts": True}})

    assert plain.body == {"id": plain.body["id"], "name": "Spring", "unique_contacts": False}
    assert unique.body["unique_contacts"] is True


@pytest.mark.parametrize("name", ["", "   ", "x" * 256, "two\nlines", "nul\u0000", 7, None, ["x"]])
def test_a_name_that_is_none_is_refused_and_nothing_is_made(caller, name):
    answer = caller("create_outreach", {"outreach": {"name": name}})

    assert (answer.status, answer.body["code"]) == (422, "validation_failed")
    assert caller("list_outreaches").body == []


def test_two_outreaches_may_have_one_name(caller):
    body = {"outreach": {"name": "Spring"}}

    assert caller("create_outreach", body).body["id"] != caller("create_outreach", body).body["id"]
