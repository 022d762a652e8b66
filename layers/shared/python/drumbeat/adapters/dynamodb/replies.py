"""Enrollments that ended with a reply, as the index shows them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from drumbeat.adapters.dynamodb import keys
from drumbeat.adapters.dynamodb.status_index import enrollments_in

if TYPE_CHECKING:
    from drumbeat.adapters.dynamodb.table import Table
    from drumbeat.domain.enrollment import Enrollment


@dataclass(frozen=True, slots=True)
class ReplyStore:
    """Finds who has replied."""

    table: Table

    def newest(self, tenant: int, sequence: int) -> Iterator[Enrollment]:
        """The sequence's enrollments that ended with a reply, the latest reply first."""
        return enrollments_in(self.table, keys.replies(tenant, sequence), newest_first=True)
