"""PATCH /api/v2/rulesets/{id}"""

from tests.functional.outreach.furniture import change, made, pointer, shown


def test_what_is_given_changes_and_the_rest_stays(call):
    number = made(call, "ruleset", {"name": "Strict", "sequenceExclusivity": "all_sequences"})

    answer = change(call, "ruleset", number, {"permitDuplicateProspects": "allow"})

    assert answer.status == 200
    attributes = shown(call, "ruleset", number)["attributes"]
    assert attributes["permitDuplicateProspects"] == "allow"
    assert (attributes["name"], attributes["sequenceExclusivity"]) == ("Strict", "all_sequences")


def test_a_policy_that_is_none_is_refused_and_nothing_changes(call):
    number = made(call, "ruleset", {"name": "Strict"})

    answer = change(call, "ruleset", number, {"name": "Loose", "sequenceExclusivity": "never"})

    assert pointer(answer) == "/data/attributes/sequenceExclusivity"
    assert shown(call, "ruleset", number)["attributes"]["name"] == "Strict"


def test_a_missing_one_and_a_foreign_one_are_not_found(call, other):
    number = made(call, "ruleset", {"name": "Strict"})

    answers = change(other, "ruleset", number, {"name": "x"}), change(call, "ruleset", 99, {"name": "x"})

    assert [answer.status for answer in answers] == [404, 404]
