"""POST /api/v2/sequences/{id}/actions/activate"""

from tests.functional.outreach.furniture import act, made, sequence_with_steps, shown


def test_a_sequence_with_steps_is_enabled_from_now_on(call):
    number = sequence_with_steps(call)

    answer = act(call, "activate_sequence", number)

    assert answer.status == 200
    assert answer.body["data"]["attributes"]["enabled"] is True
    assert answer.body["data"]["attributes"]["enabledAt"] is not None
    assert shown(call, "sequence", number) == answer.body["data"]


def test_activating_again_changes_nothing(call):
    number = sequence_with_steps(call)

    first, again = act(call, "activate_sequence", number), act(call, "activate_sequence", number)

    assert (again.status, again.body) == (200, first.body)


def test_one_without_steps_is_refused(call):
    number = made(call, "sequence", {"name": "a"})

    answer = act(call, "activate_sequence", number)

    assert (answer.status, answer.body["errors"][0]["id"]) == (422, "validationError")
    assert shown(call, "sequence", number)["attributes"]["enabled"] is False


def test_a_missing_one_and_a_foreign_one_are_not_found(call, other):
    number = sequence_with_steps(call)

    assert [act(other, "activate_sequence", number).status, act(call, "activate_sequence", 99).status] == [404, 404]
