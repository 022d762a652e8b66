"""DELETE /contact_imports/{import_id}"""

from drumbeat.entrypoints import http
from tests.contract.scene import everything, queued
from tests.faults import meanwhile
from tests.world import imported, people


def test_contacts_and_their_enrollments_go_with_the_import(scene):
    answer = scene.call("delete_contact_import")

    assert answer.status == 204
    assert scene.call("get_contact").status == 404
    assert scene.call("list_enrollments").body == []
    assert scene.call("get_campaign").body["totals"]["pending"] == 0


def test_the_addresses_can_be_imported_again(scene):
    scene.call("delete_contact_import")

    again = scene.caller("create_contact_import", {"contact_import": {"name": "again", "contacts": people(3)}})

    assert again.body["record_count"] == 3


def test_a_contact_of_another_import_stays(caller):
    doomed, kept = imported(caller, people(2)), imported(caller, people(2, start=2))

    caller("delete_contact_import", import_id=doomed)

    assert len(caller("list_contact_import_contacts", import_id=kept).body) == 2


def test_a_contact_may_be_enrolled_in_the_outreach_anew_after_its_import_came_again(scene):
    scene.call("delete_contact_import")
    again = imported(scene.caller, people(1))

    enrolled = scene.call("enroll", body={"contact_import_id": again})

    assert enrolled.body["enrolled"] == 1


def test_deleting_twice_is_not_found(scene):
    scene.call("delete_contact_import")

    answer = scene.call("delete_contact_import")

    assert (answer.status, answer.body["code"]) == (404, "contact_import_not_found")


def test_what_does_not_fit_the_time_is_handed_over_and_hidden_at_once(scene, monkeypatch):
    waiting = queued("BatchQueue")
    monkeypatch.setattr(http, "TIME_FOR_WORK", -1)

    answer = scene.call("delete_contact_import")

    assert (answer.status, answer.body) == (202, {"status": "deleting"})
    assert queued("BatchQueue") == waiting + 1
    assert scene.call("get_contact_import").status == 404
    assert scene.caller("list_contact_imports").body == []
    assert scene.call("enroll").body["code"] == "contact_import_not_found"


def test_who_is_suppressed_stays_so_and_the_address_is_forgotten(caller):
    rows = [{"email": "left@this.example"}]
    doomed = imported(caller, rows)
    caller("suppress", {"emails": ["left@this.example"]}, group="drumbeat")

    caller("delete_contact_import", import_id=doomed)
    kept = repr(everything())
    (again,) = caller("list_contact_import_contacts", import_id=imported(caller, rows)).body

    assert "left@this.example" not in kept
    assert again["unsubscribed_at"] is not None


def test_a_contact_that_somebody_changes_meanwhile_goes_all_the_same(scene):
    with meanwhile("TransactWriteItems", lambda: scene.call("update_contact")):
        assert scene.call("delete_contact_import").status == 204

    assert scene.call("get_contact").status == 404
