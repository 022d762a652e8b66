"""What records are linked to, and whether it is still there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from drumbeat.adapters.dynamodb import keys
from drumbeat.domain.ids import Kind

if TYPE_CHECKING:
    from drumbeat.adapters.dynamodb.table import Table
    from drumbeat.domain.links import Link

_KEYS = {
    Kind.COMPANY: keys.company,
    Kind.OPPORTUNITY: keys.opportunity,
    Kind.RULESET: keys.ruleset,
    Kind.USER: keys.user,
}


@dataclass(frozen=True, slots=True)
class LinkStore:
    """Looks whether users, companies, opportunities and rulesets exist."""

    table: Table

    def missing(self, tenant: int, links: Iterable[Link]) -> set[Link]:
        """Those among the links that lead nowhere; a hundred are one request."""
        wanted = {_KEYS[link.kind](tenant, link.number): link for link in links}
        there = self.table.get_many(list(wanted), names=("PK", "SK"))
        return {link for key, link in wanted.items() if key not in there}
