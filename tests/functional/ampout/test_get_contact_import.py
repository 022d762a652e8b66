"""GET /contact_imports/{import_id}"""

from tests.world import imported, people


def test_the_count_of_contacts_follows_deletions_and_the_record_count_stays(caller):
    made = imported(caller, people(3))
    doomed = caller("list_contact_import_contacts", import_id=made).body[1]["id"]
    caller("delete_contact", contact_id=doomed)

    shown = caller("get_contact_import", import_id=made).body

    assert (shown["record_count"], shown["contact_count"]) == (3, 2)


def test_a_deleted_import_is_not_found(caller):
    made = imported(caller, people(1))
    caller("delete_contact_import", import_id=made)

    answer = caller("get_contact_import", import_id=made)

    assert (answer.status, answer.body["code"]) == (404, "contact_import_not_found")


def test_an_id_of_something_else_is_not_found(caller):
    outreach = caller("create_outreach", {"outreach": {"name": "x"}}).body["id"]

    assert caller("get_contact_import", import_id=outreach).status == 404
