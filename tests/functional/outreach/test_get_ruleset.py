"""GET /api/v2/rulesets/{id}"""

from tests.functional.outreach.furniture import act, made, shown


def test_a_ruleset_is_shown(call):
    number = made(call, "ruleset", {"name": "Strict"})

    assert shown(call, "ruleset", number)["attributes"]["name"] == "Strict"


def test_a_missing_one_and_a_foreign_one_are_not_found(call, other):
    number = made(call, "ruleset", {"name": "Strict"})

    assert [act(other, "get_ruleset", number).status, act(call, "get_ruleset", 99).status] == [404, 404]
