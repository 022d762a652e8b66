"""Rulesets are kept as they were given, tenant by tenant, and nobody's change is lost."""

from dataclasses import replace

import pytest

from drumbeat import bootstrap
from drumbeat.domain.condition import any_of
from drumbeat.domain.ruleset import Duplicates, Exclusivity, Ruleset

RULESET = Ruleset(1, 1, "Strict", 1_795_251_600_000, Duplicates.ONLY_IF_INACTIVE, Exclusivity.ALL, 3600, {"a": 1})


@pytest.fixture
def rulesets(aws):
    store = bootstrap.rulesets()
    store.create(RULESET, intent=None, now=RULESET.created_at)
    return store


def test_a_ruleset_is_read_back_as_it_was_written(rulesets):
    found = rulesets.get(1, 1)

    assert found == RULESET
    assert isinstance(found.duplicates, Duplicates)
    assert isinstance(found.exclusivity, Exclusivity)


def test_a_ruleset_of_another_tenant_is_not_there(rulesets):
    assert rulesets.get(2, 1) is None


def test_a_ruleset_is_found_by_what_it_says(rulesets):
    (found,) = rulesets.search(1, [any_of("exclusivity", "all_sequences")])

    assert found.records == [RULESET]


def test_of_two_changes_at_once_neither_is_lost(rulesets):
    def change(seen):
        if seen.revision == 0:
            rulesets.change(1, [1], lambda other: replace(other, touched_interval=7), now=2)
        return replace(seen, name="Renamed")

    rulesets.change(1, [1], change, now=3)

    assert rulesets.get(1, 1) == replace(RULESET, name="Renamed", touched_interval=7, revision=2, updated_at=3)
