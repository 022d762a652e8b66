"""Rulesets are kept as they were given, tenant by tenant, and nobody's change is lost."""

from dataclasses import replace

import pytest

from drumbeat import bootstrap
from drumbeat.domain.ruleset import Duplicates, Exclusivity, Ruleset

RULESET = Ruleset(1, 1, "Strict", 1_795_251_600_000, Duplicates.ONLY_IF_INACTIVE, Exclusivity.ALL, 3600, {"a": 1})


@pytest.fixture
def rulesets(aws):
    store = bootstrap.rulesets()
    store.create(RULESET, intent=None, now=RULESET.created_at)
    return store


def test_a_ruleset_is_read_back_as_it_was_written(rulesets):
    assert rulesets.get(1, 1) == RULESET
    assert list(rulesets.all(1)) == [RULESET]


def test_a_ruleset_of_another_tenant_is_not_there(rulesets):
    assert rulesets.get(2, 1) is None
    assert list(rulesets.all(2)) == []


def test_of_two_changes_to_what_was_read_once_the_second_is_refused(rulesets):
    first = replace(RULESET, name="First", revision=1)

    assert rulesets.update(RULESET, first)
    assert not rulesets.update(RULESET, replace(RULESET, name="Second", revision=1))
    assert rulesets.get(1, 1) == first


def test_a_deleted_ruleset_is_not_changed_back_into_being(rulesets):
    rulesets.remove(RULESET)

    assert not rulesets.update(RULESET, replace(RULESET, revision=1))
    assert rulesets.get(1, 1) is None
