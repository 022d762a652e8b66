"""Rulesets of a tenant, in one partition."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from drumbeat.adapters.dynamodb import keys
from drumbeat.adapters.dynamodb.creation import create_once
from drumbeat.adapters.dynamodb.table import ConditionFailed, Table
from drumbeat.domain.ruleset import Duplicates, Exclusivity, Ruleset


@dataclass(frozen=True, slots=True)
class RulesetStore:
    """Keeps rulesets."""

    table: Table

    def create(self, ruleset: Ruleset, *, intent: str | None, now: int) -> int:
        """Writes the ruleset; returns the number it has (an earlier attempt's, if there was one)."""
        return create_once(self.table, ruleset.tenant, ruleset.number, [_item(ruleset)], intent=intent, now=now)

    def get(self, tenant: int, number: int) -> Ruleset | None:
        """The ruleset, or None."""
        item = self.table.get(keys.ruleset(tenant, number))
        return None if item is None else _ruleset_of(item)

    def all(self, tenant: int) -> Iterator[Ruleset]:
        """The tenant's rulesets, oldest first."""
        for item in self.table.items(keys.rulesets(tenant)):
            yield _ruleset_of(item)

    def update(self, old: Ruleset, new: Ruleset) -> bool:
        """Replaces the ruleset; returns whether nobody had changed or deleted it before."""
        try:
            self.table.put(_item(new), condition="revision = :known", values={":known": old.revision})
        except ConditionFailed:
            return False
        return True

    def remove(self, ruleset: Ruleset) -> None:
        """Deletes the ruleset."""
        self.table.delete(keys.ruleset(ruleset.tenant, ruleset.number))


def _item(ruleset: Ruleset) -> dict[str, Any]:
    partition, sort = keys.ruleset(ruleset.tenant, ruleset.number)
    return {"PK": partition, "SK": sort} | asdict(ruleset)


def _ruleset_of(item: dict[str, Any]) -> Ruleset:
    return Ruleset(
        tenant=item["tenant"],
        number=item["number"],
        name=item["name"],
        created_at=item["created_at"],
        duplicates=Duplicates(item["duplicates"]),
        exclusivity=Exclusivity(item["exclusivity"]),
        touched_interval=item["touched_interval"],
        fields=item["fields"],
        updated_at=item.get("updated_at"),
        revision=item["revision"],
    )
