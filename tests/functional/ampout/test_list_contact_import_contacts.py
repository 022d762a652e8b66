"""GET /contact_imports/{import_id}/contacts"""

import pytest

from tests.contract.scene import UNTAKEN_ROWS
from tests.world import imported, people


def _emails(answer):
    return [contact["email"] for contact in answer.body]


def test_contacts_come_in_the_order_of_the_rows_across_pages(caller):
    made = imported(caller, [*people(3), *UNTAKEN_ROWS, *people(3, start=3)])

    answer = caller("list_contact_import_contacts", import_id=made)

    assert _emails(answer) == [row["email"] for row in people(6)]


def test_a_list_can_be_read_in_parts_without_loss_or_repetition(caller):
    made = imported(caller, people(5))
    first = caller("list_contact_import_contacts", import_id=made, query={"limit": "2"})

    rest = caller("list_contact_import_contacts", import_id=made, query={"after": first.body[-1]["id"]})

    assert _emails(first) + _emails(rest) == [row["email"] for row in people(5)]
    assert len(first.body) == 2


def test_deleted_contacts_are_not_there(caller):
    made = imported(caller, people(2))
    caller("delete_contact", contact_id=caller("list_contact_import_contacts", import_id=made).body[0]["id"])

    assert _emails(caller("list_contact_import_contacts", import_id=made)) == ["p1@corp.example"]


def test_another_import_s_contacts_are_not_there(caller):
    made = imported(caller, people(1))
    imported(caller, people(1, start=1))

    assert _emails(caller("list_contact_import_contacts", import_id=made)) == ["p0@corp.example"]


@pytest.mark.parametrize("limit", ["0", "-1", "1.5", "x", "10001", "9" * 30, "٣"])
def test_a_limit_that_is_none_is_refused(caller, limit):
    made = imported(caller, people(1))

    answer = caller("list_contact_import_contacts", import_id=made, query={"limit": limit})

    assert (answer.status, answer.body["details"]["errors"][0]["field"]) == (422, "limit")
