"""POST /api/v2/rulesets"""

import pytest

from tests.functional.outreach.furniture import create, pointer


def test_a_ruleset_is_as_strict_as_outreach_s_where_it_says_nothing(call):
    answer = create(call, "ruleset", {"name": "Plain"})

    assert answer.status == 201
    attributes = answer.body["data"]["attributes"]
    assert attributes["permitDuplicateProspects"] == "disallow"
    assert attributes["sequenceExclusivity"] == "none"
    assert attributes["minimumProspectTouchedInterval"] == 0


def test_what_is_given_is_kept_and_shown(call):
    given = {
        "name": "Strict",
        "permitDuplicateProspects": "only_if_inactive",
        "sequenceExclusivity": "all_sequences",
        "minimumProspectTouchedInterval": 86_400,
        "emailOptOutAction": "finish",
        "includeUnsubscribeLinks": True,
        "stepOverridesEnabled": False,
    }

    made = create(call, "ruleset", given).body["data"]

    assert made["attributes"].items() >= given.items()
    assert call("get_ruleset", id=str(made["id"])).body["data"] == made


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("name", None),
        ("permitDuplicateProspects", "maybe"),
        ("sequenceExclusivity", None),
        ("minimumProspectTouchedInterval", -1),
        ("minimumProspectTouchedInterval", True),
        ("includeUnsubscribeLinks", False),
        ("nonsense", 1),
    ],
)
def test_what_is_no_ruleset_is_refused_with_a_pointer(call, name, value):
    answer = create(call, "ruleset", {"name": "x"} | {name: value})

    assert pointer(answer) == f"/data/attributes/{name}"
    assert call("list_rulesets").body["data"] == []
