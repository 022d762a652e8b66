"""DELETE /contacts/{contact_id}"""

from tests.contract.scene import everything, tenant_of
from tests.world import people


def test_a_contact_goes_with_its_enrollments(scene):
    answer = scene.call("delete_contact")

    assert answer.status == 204
    assert scene.call("get_contact").status == 404
    assert scene.call("list_enrollments").body == []
    assert scene.call("get_contact_import").body["contact_count"] == 1


def test_the_address_is_free_again(scene):
    scene.call("delete_contact")

    again = scene.caller("create_contact_import", {"contact_import": {"name": "again", "contacts": people(1)}})

    assert again.body["record_count"] == 1


def test_deleting_twice_is_not_found(scene):
    scene.call("delete_contact")

    answer = scene.call("delete_contact")

    assert (answer.status, answer.body["code"]) == (404, "contact_not_found")


def test_other_contacts_stay(scene):
    scene.call("delete_contact")

    assert scene.call("get_contact", contact_id=scene.other_contact_id).status == 200


def test_nothing_of_it_stays(scene):
    assert "p0@corp.example" in repr(everything())

    scene.call("delete_contact")

    mark = f"T#{tenant_of(scene.caller)}#"
    kept = [item for item in everything() if item.get("PK", {}).get("S", "").startswith(mark)]
    assert "p0@corp.example" not in repr(kept)
    assert [item["PK"]["S"] for item in kept if item["PK"]["S"].startswith(f"{mark}P#")] == []
