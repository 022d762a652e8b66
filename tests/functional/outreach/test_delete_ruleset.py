"""DELETE /api/v2/rulesets/{id}"""

from tests.functional.outreach.furniture import act, change, found, made


def test_a_ruleset_that_nobody_goes_by_is_gone(call):
    number = made(call, "ruleset", {"name": "Strict"})

    assert act(call, "delete_ruleset", number).status == 204
    assert found(call, "rulesets") == []
    assert act(call, "delete_ruleset", number).status == 404


def test_one_that_a_sequence_goes_by_stays_until_that_has_another(call):
    number, other_one = made(call, "ruleset", {"name": "Strict"}), made(call, "ruleset", {"name": "Loose"})
    sequence = made(call, "sequence", {"name": "Spring"}, ruleset=number)

    refused = act(call, "delete_ruleset", number)
    change(call, "sequence", sequence, ruleset=other_one)

    assert (refused.status, refused.body["errors"][0]["id"]) == (422, "validationError")
    assert act(call, "delete_ruleset", number).status == 204


def test_a_foreign_one_is_not_found_and_stays(call, other):
    number = made(call, "ruleset", {"name": "Strict"})

    assert act(other, "delete_ruleset", number).status == 404
    assert found(call, "rulesets") == [number]
