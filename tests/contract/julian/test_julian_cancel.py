"""Contract 4.2 and 4.8: cancelling by a variable, across the organization."""

import pytest

from tests.contract.julian.answers import accepted, refused, scheduled
from tests.contract.julian.vendor import Office, contact, office
from tests.functional.outreach.bulk import worked


def canceled(desk: Office, name: str = "account_id", value: str = "acme", **fields: object) -> None:
    answer = desk.cancel(name, value, **fields)
    assert (answer.status, answer.body) == (200, {"success": True}), answer


def lifecycles(desk: Office, batch_id: str) -> list[str | None]:
    return [row.get("lifecycleStatus") for row in desk.batch(batch_id)["contacts"]]


def test_every_sequence_with_the_variable_is_cancelled_and_no_other(desk):
    values = ["acme", "other", "acme", "ACME", "acme2"]
    batch = accepted(desk.schedule([contact(account_id=value) for value in values] + [contact()])).batch_id
    worked()

    canceled(desk)

    assert lifecycles(desk, batch) == ["cancelled", "scheduled", "cancelled", "scheduled", "scheduled", "scheduled"]


def test_a_value_of_another_variable_is_no_match(desk):
    batch = accepted(desk.schedule([contact(owner="acme")])).batch_id
    worked()

    canceled(desk)

    assert lifecycles(desk, batch) == ["scheduled"]


def test_it_reaches_all_agents_of_the_organization_and_nobody_else_s(desk):
    offices = [desk, desk.hire(name="Second"), office()]
    batches = [accepted(one.schedule([contact(account_id="acme")])).batch_id for one in offices]
    worked()

    canceled(desk)

    told = [lifecycles(one, batch) for one, batch in zip(offices, batches, strict=True)]
    assert told == [["cancelled"], ["cancelled"], ["scheduled"]]


def test_nothing_that_matches_is_a_success_too(desk):
    canceled(desk)
    canceled(desk, value="x", reason="There may be some.")


def test_said_again_it_is_a_success_again(desk):
    batch = accepted(desk.schedule([contact(account_id="acme")])).batch_id
    worked()

    for _ in range(2):
        canceled(desk, reason="They moved.")

    assert lifecycles(desk, batch) == ["cancelled"]


def test_what_was_accepted_and_is_not_made_yet_is_cancelled_too(desk):
    batch = accepted(desk.schedule([contact(account_id="acme"), contact()])).batch_id

    canceled(desk)
    worked()

    assert lifecycles(desk, batch) == ["cancelled", "scheduled"]


def test_those_who_wait_for_their_group_are_cancelled_too(desk):
    batch = accepted(desk.schedule([contact(account_id="acme") for _ in range(3)], groupByField="account_id")).batch_id
    worked()

    canceled(desk)

    assert lifecycles(desk, batch) == ["cancelled"] * 3


def test_what_is_accepted_later_is_scheduled(desk, time):
    canceled(desk)
    time[0] += 1

    told = scheduled(desk.schedule_one(contact(account_id="acme")))

    assert told.lifecycle_status == "scheduled"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"referenceValue": "acme"}, "referenceKey"), ({"referenceKey": "account_id"}, "referenceValue"),
        ({"referenceKey": "", "referenceValue": "acme"}, "referenceKey"),
        ({"referenceKey": "account_id", "referenceValue": ""}, "referenceValue"),
        ({"referenceKey": "account_id", "referenceValue": None}, "referenceValue"),
        ({"referenceKey": 7, "referenceValue": "acme"}, "referenceKey"),
        ({"referenceKey": "account_id", "referenceValue": 7}, "referenceValue"),
        ({"referenceKey": "account_id", "referenceValue": "acme", "reason": 7}, "reason"),
    ],
    ids=str,
)  # fmt: skip
def test_key_and_value_are_texts_that_say_something(desk, body, field):
    batch = accepted(desk.schedule([contact(account_id="acme")])).batch_id
    worked()

    answer = desk.ask("POST", "/sequences/cancel", body)

    refused(answer, 400, "VALIDATION_ERROR")
    assert field in str(answer.body)
    assert lifecycles(desk, batch) == ["scheduled"]


def test_only_those_who_match_are_looked_at_by_the_whole_value(desk):
    """Nothing of it is a pattern."""
    batch = accepted(
        desk.schedule([contact(account_id="a*"), contact(account_id="ab"), contact(account_id="%")])
    ).batch_id
    worked()

    canceled(desk, value="a*")
    canceled(desk, value="%")

    assert lifecycles(desk, batch) == ["cancelled", "scheduled", "cancelled"]


@pytest.mark.parametrize("name", ["phoneNumber", "name", "toEmailAddress"])
def test_what_is_no_variable_matches_nothing(desk, name):
    """Contract 4.9: there is no cancelling by number."""
    row = contact(toEmailAddress="john@corp.example")
    batch = accepted(desk.schedule([row])).batch_id
    worked()

    canceled(desk, name, row[name])

    assert lifecycles(desk, batch) == ["scheduled"]
