"""POST /contact_imports"""

import pytest

from tests.contract.scene import everything
from tests.world import new_tenant, people


def _import(caller, rows, name="list"):
    return caller("create_contact_import", {"contact_import": {"name": name, "contacts": rows}})


def _contacts(caller, import_id):
    return caller("list_contact_import_contacts", import_id=import_id).body


def test_a_clean_list_comes_in_whole_and_says_nothing_of_skips(caller):
    answer = _import(caller, people(3))

    assert answer.status == 201
    assert answer.body == {"id": answer.body["id"], "name": "list", "record_count": 3}


def test_a_contact_keeps_its_names(caller):
    row = {"email": "zoe@corp.example", "first_name": "Zoë", "last_name": "O'Hara", "company": "Ünlü & Söhne"}

    made = _import(caller, [row]).body["id"]

    (contact,) = _contacts(caller, made)
    assert {name: contact[name] for name in row} == row


def test_a_time_zone_is_kept_and_shown_only_where_there_is_one(caller):
    rows = [{"email": "zoe@corp.example", "time_zone": "Asia/Tokyo"}, {"email": "ann@corp.example", "time_zone": ""}]

    zoe, ann = _contacts(caller, _import(caller, rows).body["id"])

    assert zoe["time_zone"] == "Asia/Tokyo"
    assert "time_zone" not in ann


def test_the_first_of_two_rows_with_one_address_wins_whatever_its_case(caller):
    rows = [
        {"email": "Ann@corp.example", "first_name": "First"},
        {"email": "ann@CORP.example", "first_name": "Second"},
    ]

    answer = _import(caller, rows)

    assert (answer.body["record_count"], answer.body["skipped"]) == (1, 1)
    assert [(row["row"], row["code"]) for row in answer.body["duplicates"]] == [(1, "duplicate_email")]
    assert [contact["first_name"] for contact in _contacts(caller, answer.body["id"])] == ["First"]


def test_an_address_of_an_earlier_import_is_not_taken_again(caller):
    _import(caller, people(2))

    answer = _import(caller, people(3))

    assert (answer.body["record_count"], answer.body["skipped"]) == (1, 2)
    assert [contact["email"] for contact in _contacts(caller, answer.body["id"])] == ["p2@corp.example"]


def test_another_tenant_s_addresses_do_not_matter(caller):
    _import(new_tenant(), people(2))

    assert _import(caller, people(2)).body["record_count"] == 2


BAD_ROWS = [
    ({}, "missing", "email"),
    ({"email": ""}, "missing", "email"),
    ({"email": None}, "missing", "email"),
    ({"email": "nobody"}, "invalid_email", "email"),
    ({"email": 7}, "invalid_email", "email"),
    ({"email": ["a@b.example"]}, "invalid_email", "email"),
    ({"email": "a@b.example, c@d.example"}, "invalid_email", "email"),
    ({"email": "a@b.example\r\nBcc: x@y.example"}, "invalid_email", "email"),
    ({"email": "a\u0000@b.example"}, "invalid_email", "email"),
    ({"email": "good@corp.example", "first_name": 7}, "wrong_type", "first_name"),
    ({"email": "good@corp.example", "last_name": "a\nb"}, "invalid_text", "last_name"),
    ({"email": "good@corp.example", "company": "x" * 256}, "too_long", "company"),
    ({"email": "good@corp.example", "company": "\ud800"}, "invalid_text", "company"),
    ({"email": "good@corp.example", "time_zone": "Berlin"}, "invalid_time_zone", "time_zone"),
    ({"email": "good@corp.example", "time_zone": "../../etc/passwd"}, "invalid_time_zone", "time_zone"),
    ({"email": "good@corp.example", "time_zone": 7}, "invalid_time_zone", "time_zone"),
    ("a@b.example", "not_an_object", ""),
    (None, "not_an_object", ""),
    ([], "not_an_object", ""),
]


@pytest.mark.parametrize(("row", "code", "field"), BAD_ROWS, ids=[repr(row)[:40] for row, _, _ in BAD_ROWS])
def test_a_bad_row_is_reported_and_does_not_stop_its_neighbours(caller, row, code, field):
    answer = _import(caller, [{"email": "one@corp.example"}, row, {"email": "two@corp.example"}])

    assert (answer.status, answer.body["record_count"]) == (201, 2)
    (refused,) = answer.body["rejected"]
    assert (refused["row"], refused["code"], refused["field"]) == (1, code, field)
    assert "skipped" not in answer.body


def test_an_address_that_a_refused_row_had_can_still_come_in(caller):
    answer = _import(caller, [{"email": "a@corp.example", "first_name": 1}, {"email": "a@corp.example"}])

    assert (answer.body["record_count"], len(answer.body["rejected"])) == (1, 1)


def test_a_list_without_a_single_good_row_is_refused_row_by_row_and_leaves_nothing(caller):
    caller("list_contact_imports")
    before = everything()

    answer = _import(caller, [{"email": "nobody"}, {}])

    assert (answer.status, answer.body["code"]) == (422, "validation_failed")
    assert [(error["row"], error["code"]) for error in answer.body["details"]["errors"]] == [
        (0, "invalid_email"),
        (1, "missing"),
    ]
    assert everything() == before


def test_a_list_of_duplicates_only_is_an_import_without_contacts(caller):
    _import(caller, people(2))

    answer = _import(caller, people(2))

    assert (answer.status, answer.body["record_count"], answer.body["skipped"]) == (201, 0, 2)


def test_one_row_too_many_is_told_with_the_limit(caller):
    answer = _import(caller, [{}] * 20_001)

    assert (answer.status, answer.body["details"]["limit"]) == (422, 20_000)


def test_a_domain_in_another_script_is_kept_as_it_travels(caller):
    made = _import(caller, [{"email": "info@münchen.example"}]).body["id"]

    assert _contacts(caller, made)[0]["email"] == "info@xn--mnchen-3ya.example"


def test_what_a_row_may_not_decide_is_ignored(caller):
    row = {"email": "a@corp.example", "id": "x", "tenant": 1, "unsubscribed_at": "2020-01-01T00:00:00Z", "number": 9}

    made = _import(caller, [row]).body["id"]

    assert _contacts(caller, made)[0]["unsubscribed_at"] is None


def test_an_address_that_was_suppressed_comes_in_unsubscribed(caller):
    caller("suppress", {"emails": ["P0@corp.example"]}, group="drumbeat")

    made = _import(caller, people(2)).body["id"]

    first, second = _contacts(caller, made)
    assert first["unsubscribed_at"] is not None
    assert second["unsubscribed_at"] is None
