"""POST /api/v2/sequenceStates"""

import pytest

from drumbeat import bootstrap
from tests.functional.outreach.furniture import (
    act,
    active_sequence,
    change,
    contacts,
    create,
    enrolled,
    found,
    made,
    mailbox,
    pointer,
    related,
    sequence_with_steps,
    shown,
)


@pytest.fixture
def ready(call):
    """Numbers of a prospect, an active sequence and a mailbox."""
    (contact,) = contacts(call)
    return {"prospect": contact, "sequence": active_sequence(call), "mailbox": mailbox(call)}


def add(call, numbers, **options):
    return create(call, "sequence_state", relationships=related(**numbers), **options)


def test_a_prospect_is_added_and_waits_for_the_first_step(call, ready):
    answer = add(call, ready)

    assert answer.status == 201
    data = answer.body["data"]
    assert data["attributes"]["state"] == "active"
    (step,) = found(call, "sequence_steps")
    wanted = ready | {"sequenceStep": step}
    assert {name: data["relationships"][name]["data"]["id"] for name in wanted} == wanted
    assert shown(call, "sequence_state", data["id"]) == data


def test_everything_that_it_is_of_must_be_named(call, ready):
    for name in ready:
        others = {other: number for other, number in ready.items() if other != name}
        assert pointer(add(call, others)) == f"/data/relationships/{name}"


@pytest.mark.parametrize("name", ["prospect", "sequence", "mailbox"])
def test_what_is_missing_or_another_tenant_s_is_not_found_and_nobody_is_added(call, other, ready, name):
    theirs = {
        "prospect": lambda: contacts(other, 2)[-1],
        "sequence": lambda: [active_sequence(other), active_sequence(other)][-1],
        "mailbox": lambda: [mailbox(other), mailbox(other)][-1],
    }[name]()

    assert [add(call, ready | {name: number}).status for number in (theirs, 9_999)] == [404, 404]
    assert found(call, "sequence_states") == []


def test_a_sequence_that_does_not_send_takes_nobody(call, ready):
    asleep = sequence_with_steps(call)

    answer = add(call, ready | {"sequence": asleep})

    assert (answer.status, answer.body["errors"][0]["id"]) == (422, "validationError")


def test_nobody_is_added_twice_unless_the_ruleset_allows_it(call, ready):
    add(call, ready)
    again = add(call, ready)
    ruleset = made(call, "ruleset", {"name": "Loose", "permitDuplicateProspects": "allow"})
    change(call, "sequence", ready["sequence"], ruleset=ruleset)
    allowed = add(call, ready)

    assert (again.status, again.body["errors"][0]["id"]) == (422, "validationError")
    assert allowed.status == 201
    assert len(found(call, "sequence_states")) == 2


def test_who_has_unsubscribed_is_not_added(call, ready):
    (row,) = call.func("list_contact_imports").body
    (person,) = call.func("list_contact_import_contacts", import_id=row["id"]).body
    call.func("suppress", {"emails": [person["email"]]}, group="drumbeat")

    assert add(call, ready).status == 422
    assert found(call, "sequence_states") == []


def test_a_throttled_sequence_lets_in_who_fits_and_the_others_wait(call, ready):
    change(call, "sequence", ready["sequence"], {"throttleCapacity": 1})
    second, third = contacts(call, 2, start=1)

    numbers = [enrolled(call, contact, ready["sequence"], ready["mailbox"]) for contact in (second, third)]

    states = [shown(call, "sequence_state", number)["attributes"]["state"] for number in numbers]
    assert sorted(states) == ["active", "pending"]


def test_the_same_call_under_one_key_adds_once(call, ready):
    answers = [add(call, ready, headers={"Idempotency-Key": "k"}) for _ in range(2)]

    assert answers[0].body == answers[1].body
    assert len(found(call, "sequence_states")) == 1


def test_attributes_are_refused(call, ready):
    answer = create(call, "sequence_state", {"state": "active"}, relationships=related(**ready))

    assert pointer(answer) == "/data/attributes/state"


def test_a_row_costs_few_requests_to_read(call, ready):
    number = add(call, ready).body["data"]["id"]

    act(call, "get_sequence_state", number)

    assert bootstrap.ledger.datastore_requests() <= 5
