"""PATCH /contacts/{contact_id}"""

import pytest

from tests.world import people


def _update(scene, **changes):
    return scene.call("update_contact", body={"contact": changes})


def test_what_is_named_changes_and_the_rest_stays(scene):
    before = scene.call("get_contact").body

    answer = _update(scene, first_name="Zoë", company="Acme")

    assert answer.status == 200
    assert scene.call("get_contact").body == before | {"first_name": "Zoë", "company": "Acme"}
    assert answer.body == {name: value for name, value in scene.call("get_contact").body.items() if name in answer.body}


def test_null_clears_a_name(scene):
    assert _update(scene, first_name=None).body["first_name"] is None
    assert scene.call("get_contact").body["first_name"] is None


def test_a_time_zone_is_set_shown_and_cleared_again(scene):
    before = scene.call("get_contact").body

    assert _update(scene, time_zone="America/New_York").body["time_zone"] == "America/New_York"
    assert scene.call("get_contact").body == before | {"time_zone": "America/New_York"}
    assert "time_zone" not in _update(scene, time_zone=None).body
    assert scene.call("get_contact").body == before


def test_a_time_zone_that_is_none_is_refused_by_name(scene):
    answer = _update(scene, time_zone="CET/Berlin")

    assert (answer.status, answer.body["code"]) == (422, "validation_failed")
    assert answer.body["details"]["errors"][0]["field"] == "contact.time_zone"
    assert "time_zone" not in scene.call("get_contact").body


def test_an_empty_change_changes_nothing(scene):
    before = scene.call("get_contact").body

    assert _update(scene).status == 200
    assert scene.call("get_contact").body == before


def test_a_new_address_is_taken_and_the_old_one_is_free(scene):
    assert _update(scene, email="new@corp.example").body["email"] == "new@corp.example"

    rows = [{"email": "p0@corp.example"}, {"email": "NEW@corp.example"}]
    imported = scene.caller("create_contact_import", {"contact_import": {"name": "again", "contacts": rows}}).body
    assert (imported["record_count"], imported["duplicates"][0]["row"]) == (1, 1)


def test_the_case_of_an_address_can_change(scene):
    assert _update(scene, email="P0@corp.example").body["email"] == "P0@corp.example"


def test_another_contact_s_address_is_refused_and_nothing_changes(scene):
    before = scene.call("get_contact").body

    answer = _update(scene, email="P1@CORP.example", first_name="Zoë")

    assert (answer.status, answer.body["code"]) == (422, "validation_failed")
    assert scene.call("get_contact").body == before


@pytest.mark.parametrize(
    "changes", [{"email": "nobody"}, {"email": None}, {"email": ""}, {"first_name": 7}, {"company": "a\r\nb"}]
)
def test_a_change_that_makes_no_sense_is_refused_and_nothing_changes(scene, changes):
    before = scene.call("get_contact").body

    answer = _update(scene, last_name="Changed", **changes)

    assert (answer.status, answer.body["code"]) == (422, "validation_failed")
    assert scene.call("get_contact").body == before


@pytest.mark.parametrize("name", ["unsubscribed_at", "id", "created_at", "tenant", "number", "import_number"])
def test_what_is_not_the_caller_s_to_set_is_ignored(scene, name):
    before = scene.call("get_contact").body

    answer = _update(scene, **{name: "2020-01-01T00:00:00Z"})

    assert answer.status == 200
    assert scene.call("get_contact").body == before
    assert scene.call("list_contact_import_contacts").body[0]["email"] == people(1)[0]["email"]


def test_a_contact_that_moves_to_a_suppressed_address_is_unsubscribed(scene):
    scene.caller("suppress", {"emails": ["gone@corp.example"]}, group="drumbeat")

    answer = _update(scene, email="gone@corp.example")

    assert answer.status == 200
    assert answer.body["unsubscribed_at"] is not None
    assert scene.call("get_contact").body["unsubscribed_at"] == answer.body["unsubscribed_at"]
