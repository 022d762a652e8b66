"""The source document on enrolling many contacts: its request and its response, member by member."""

import pytest

from tests.contract.julian.answers import Accepted, accepted, errors_of, read, refused
from tests.contract.julian.vendor import contact, contacts, office
from tests.functional.outreach.bulk import worked

SEED_ROW = {
    "name": "John Doe",
    "phoneNumber": "+15551234567",
    "phoneNumberExt": "12",
    "timezone": "America/Chicago",
    "scheduledAt": "2026-11-23T15:31:56Z",
    "toEmailAddress": "john.doe@corp.example",
}
"""The row of the example; where it prints a placeholder or a time that is over stands something that is meant so."""


def test_the_example_is_accepted_as_it_stands(desk):
    answer = desk.schedule([SEED_ROW])

    told = accepted(answer)
    assert (told.total, told.accepted, told.rejected) == (1, 1, [])
    assert list(answer.body) == ["batchId", "total", "accepted", "rejected"]


def test_of_a_hundred_contacts_two_are_rejected_as_in_the_example(stack, time):
    desk = office(requiredVariables=["account_id"])
    rows = contacts(100, account_id="acme")
    rows[3] = {"name": "John Doe", "phoneNumber": "+15551234567"}
    rows[40] = contact(account_id=None)

    told = accepted(desk.schedule(rows))

    assert (told.total, told.accepted) == (100, 98)
    assert told.rejected[0].model_dump(by_alias=True) == {
        "index": 3,
        "phoneNumber": "+15551234567",
        "error": "Missing custom input variables: account_id.",
    }
    assert (told.rejected[1].index, told.rejected[1].error) == (40, told.rejected[0].error)


def test_a_row_may_hold_a_name_and_a_number_only(desk):
    assert accepted(desk.schedule([{"name": "John Doe", "phoneNumber": "+15551234567"}])).accepted == 1


@pytest.mark.parametrize("name", ["name", "phoneNumber"])
def test_without_one_of_these_two_it_is_rejected(desk, name):
    row = contact()
    del row[name]

    told = accepted(desk.schedule([row, contact()]))

    assert [one.index for one in told.rejected] == [0]
    assert name in told.rejected[0].error
    assert told.rejected[0].phone_number == row.get("phoneNumber", "")


def test_the_fields_of_the_whole_call_go_together(desk):
    fields = {"timezone": "America/New_York", "groupByField": "account_id", "normalizeFields": ["prospect_name"]}

    assert accepted(desk.schedule(contacts(3, account_id="a", prospect_name="JOHN"), **fields)).accepted == 3


@pytest.mark.parametrize("many", [1, 1_000])
def test_it_takes_one_to_a_thousand_contacts(desk, many):
    assert accepted(desk.schedule(contacts(many))).total == many


@pytest.mark.parametrize("rows", [[], None, "x", {}, contacts(1_001)], ids=["none", "null", "text", "object", "1001"])
def test_any_other_number_of_contacts_is_refused_as_a_whole(desk, rows):
    refused(desk.schedule(rows), 400, "VALIDATION_ERROR")


def test_contacts_are_required(desk):
    refused(desk.ask("POST", f"/agents/{desk.agent}/schedule/sequences", {}), 400, "VALIDATION_ERROR")


@pytest.mark.parametrize(
    "fields",
    [
        {"timezone": 1}, {"timezone": "Mars/Olympus"}, {"groupByField": 1}, {"normalizeFields": "account_id"},
        {"normalizeFields": [1]}, {"allowDuplicates": "true"}, {"allowDuplicates": 1},
    ],
    ids=str,
)  # fmt: skip
def test_fields_of_other_types_are_refused_as_a_whole(desk, fields):
    refused(desk.schedule([contact()], **fields), 400, "VALIDATION_ERROR")


def test_groups_and_duplicates_exclude_each_other(desk):
    rows = contacts(2, account_id="a")

    refused(desk.schedule(rows, groupByField="account_id", allowDuplicates=True), 400, "VALIDATION_ERROR")
    assert accepted(desk.schedule(rows, groupByField="account_id", allowDuplicates=False)).accepted == 2


def test_every_member_of_the_answer_is_there_also_when_all_passed(desk):
    assert read(desk.schedule([contact()]), Accepted, 202).rejected == []


def test_of_two_groups_the_first_valid_contact_of_each_is_scheduled_at_once(desk):
    rows = [
        contact(account_id="a") | {"phoneNumber": "0"}, contact(account_id="a"), contact(account_id="b"),
        contact(account_id="a"), contact(account_id="b"),
    ]  # fmt: skip

    answer = desk.schedule(rows, groupByField="account_id")
    worked()

    assert list(errors_of(answer)) == [0]
    states = [row.get("lifecycleStatus") for row in desk.batch(answer.body["batchId"])["contacts"]]
    assert states == [None, "scheduled", "scheduled", "waiting", "waiting"]


def test_the_key_may_have_255_characters(desk):
    longest = "k" * 255
    first = desk.schedule([contact()], key=longest)

    assert accepted(desk.schedule([contact()], key=longest)) == accepted(first)
    answer = desk.schedule([contact()], key=longest + "k")
    assert answer.status == 400, answer
    assert set(answer.body) >= {"error", "message"}


def test_fixed_rows_are_sent_again_under_a_new_key(desk):
    wrong = contact() | {"phoneNumber": "1"}
    partial = desk.schedule([contact(), wrong], key="monday")
    assert list(errors_of(partial)) == [1]
    fixed = [contact()]

    assert desk.schedule(fixed, key="monday").body == partial.body
    again = accepted(desk.schedule(fixed, key="monday-fixed"))

    assert (again.total, again.accepted) == (1, 1)
    assert again.batch_id != partial.body["batchId"]


def test_the_example_as_it_is_printed_was_good_in_its_time(desk, time):
    """Its placeholders stand for nothing that was said; the time it names is over."""
    printed = {
        "name": "John Doe",
        "phoneNumber": "+15551234567",
        "phoneNumberExt": "<string>",
        "timezone": "<string>",
        "scheduledAt": "2023-11-07T05:31:56Z",
        "toEmailAddress": "[email protected]",
    }

    rejected = refused(desk.schedule([printed]), 400, "NO_VALID_CONTACTS")["rejected"]
    time[0] = 1_699_300_000_000  # 2023-11-06

    assert [row["error"].split()[0] for row in rejected] == ["scheduledAt"]
    assert accepted(desk.schedule([printed])).accepted == 1


@pytest.mark.parametrize("name", ["name", "phoneNumber", "timezone", "toEmailAddress", ""])
def test_groups_and_normalizing_go_by_custom_variables_only(desk, name):
    refused(desk.schedule([contact()], groupByField=name), 400, "VALIDATION_ERROR")
    refused(desk.schedule([contact()], normalizeFields=[name]), 400, "VALIDATION_ERROR")


def test_what_is_null_is_not_said(desk):
    nothing = dict.fromkeys(("timezone", "groupByField", "normalizeFields", "allowDuplicates"))

    assert accepted(desk.schedule([contact()], **nothing)).accepted == 1


def test_a_retry_is_answered_as_before_also_once_the_agent_is_off(desk):
    first = desk.schedule([contact()], key="monday")
    desk.change(enabled=False)

    again = desk.schedule([contact()], key="monday")

    assert (again.status, again.body) == (202, first.body)
    refused(desk.schedule([contact()], key="tuesday"), 422, "AGENT_MISCONFIGURED")
