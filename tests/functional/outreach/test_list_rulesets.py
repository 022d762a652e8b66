"""GET /api/v2/rulesets"""

from tests.functional.outreach.furniture import found, made


def test_rulesets_are_found_and_sorted_by_name(call):
    first, second = made(call, "ruleset", {"name": "b"}), made(call, "ruleset", {"name": "a"})

    assert found(call, "rulesets") == [first, second]
    assert found(call, "rulesets", sort="name") == [second, first]
    assert found(call, "rulesets", **{"filter[name]": "b"}) == [first]


def test_nobody_sees_another_tenant_s(call, other):
    made(call, "ruleset", {"name": "a"})

    assert found(other, "rulesets") == []
