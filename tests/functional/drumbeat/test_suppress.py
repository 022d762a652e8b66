"""POST /drumbeat/v1/suppressions"""

import pytest

from tests.contract.scene import everything
from tests.world import new_tenant, people


def _suppress(caller, emails):
    return caller("suppress", {"emails": emails}, group="drumbeat")


def test_a_contact_that_is_suppressed_is_unsubscribed_and_gets_no_further_mail(scene):
    answer = _suppress(scene.caller, ["P0@CORP.example"])

    assert (answer.status, answer.body) == (200, {"suppressed": 1, "rejected": []})
    assert scene.call("get_contact").body["unsubscribed_at"] is not None
    assert scene.call("dispatch_campaign").body["code"] == "no_pending_enrollments"


def test_an_address_can_be_suppressed_before_it_is_a_contact(caller):
    _suppress(caller, ["p0@corp.example"])

    made = caller("create_contact_import", {"contact_import": {"name": "x", "contacts": people(1)}}).body["id"]

    (contact,) = caller("list_contact_import_contacts", import_id=made).body
    assert contact["unsubscribed_at"] is not None


def test_each_entry_is_looked_at_by_itself(scene):
    answer = _suppress(scene.caller, ["nobody", "p0@corp.example", 7, None, "a@b.example\r\nx"])

    assert answer.body["suppressed"] == 1
    assert [row["row"] for row in answer.body["rejected"]] == [0, 2, 3, 4]
    assert scene.call("get_contact").body["unsubscribed_at"] is not None


def test_suppressing_again_changes_nothing(scene):
    _suppress(scene.caller, ["p0@corp.example"])
    before = everything()

    assert _suppress(scene.caller, ["p0@corp.example"]).body["suppressed"] == 1
    assert everything() == before


def test_another_tenant_s_contact_is_not_touched(scene):
    _suppress(new_tenant(), ["p0@corp.example"])

    assert scene.call("get_contact").body["unsubscribed_at"] is None


@pytest.mark.parametrize("emails", [[], None, "a@b.example", {}, ["a@b.example"] * 201])
def test_a_list_that_is_none_or_too_long_is_refused_and_nothing_is_written(caller, emails):
    caller("list_campaigns")
    before = everything()

    answer = _suppress(caller, emails)

    assert (answer.status, answer.body["code"]) == (422, "validation_failed")
    assert answer.body["errors"][0]["field"] == "emails"
    assert everything() == before
