"""POST /api/v2/sequences/{id}/actions/deactivate"""

from tests.functional.outreach.furniture import act, active_sequence, contacts, enrolled, made, mailbox, shown


def test_an_active_sequence_is_enabled_no_more_and_who_is_in_it_waits(call):
    sequence, sender, (contact,) = active_sequence(call), mailbox(call), contacts(call)
    state = enrolled(call, contact, sequence, sender)

    answer = act(call, "deactivate_sequence", sequence)

    assert answer.status == 200
    assert answer.body["data"]["attributes"]["enabled"] is False
    assert shown(call, "sequence_state", state)["attributes"]["state"] == "pending"


def test_activating_it_again_makes_them_active_again(call):
    sequence, sender, (contact,) = active_sequence(call), mailbox(call), contacts(call)
    state = enrolled(call, contact, sequence, sender)
    act(call, "deactivate_sequence", sequence)

    act(call, "activate_sequence", sequence)

    assert shown(call, "sequence_state", state)["attributes"]["state"] == "active"


def test_one_that_never_sent_stays_as_it_is(call):
    number = made(call, "sequence", {"name": "a"})

    answer = act(call, "deactivate_sequence", number)

    assert (answer.status, answer.body["data"]["attributes"]["enabled"]) == (200, False)


def test_a_missing_one_and_a_foreign_one_are_not_found(call, other):
    number = active_sequence(call)

    assert [act(other, "deactivate_sequence", number).status, act(call, "deactivate_sequence", 99).status] == [404, 404]
    assert shown(call, "sequence", number)["attributes"]["enabled"] is True
