"""GET /contact_imports"""

from tests.world import imported, new_tenant, people


def test_imports_are_listed_newest_first(caller):
    older, newer = imported(caller, people(2)), imported(caller, people(1, start=5))

    listed = caller("list_contact_imports").body

    assert [(entry["id"], entry["record_count"]) for entry in listed] == [(newer, 1), (older, 2)]


def test_only_one_s_own_are_listed(caller):
    imported(new_tenant(), people(1))

    assert caller("list_contact_imports").body == []


def test_a_deleted_import_is_not_listed(caller):
    gone = imported(caller, people(1))
    caller("delete_contact_import", import_id=gone)

    assert caller("list_contact_imports").body == []
