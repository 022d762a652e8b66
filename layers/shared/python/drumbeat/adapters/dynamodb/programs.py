"""Programs, and which of their sequences took a contact first."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from drumbeat.adapters.dynamodb import keys
from drumbeat.adapters.dynamodb.creation import create_once
from drumbeat.adapters.dynamodb.table import PRESENT, ConditionFailed, Table
from drumbeat.domain.errors import NotFound
from drumbeat.domain.program import Program


@dataclass(frozen=True, slots=True)
class ProgramStore:
    """Keeps programs."""

    table: Table

    def create(self, program: Program, *, intent: str | None, now: int) -> int:
        """Writes the program; returns the number it has (an earlier attempt's, if there was one)."""
        return create_once(self.table, program.tenant, program.number, [_item(program)], intent=intent, now=now)

    def get(self, tenant: int, number: int) -> Program | None:
        """The program, or None."""
        item = self.table.get(keys.program(tenant, number))
        return None if item is None else _program_of(item)

    def all(self, tenant: int) -> Iterator[Program]:
        """The tenant's programs, newest first."""
        for item in self.table.items(keys.programs(tenant), newest_first=True):
            yield _program_of(item)

    def update(self, program: Program) -> None:
        """Replaces the program. Raises NotFound if it is gone."""
        try:
            self.table.put(_item(program), condition=PRESENT)
        except ConditionFailed:
            raise NotFound("program") from None


def _item(program: Program) -> dict[str, Any]:
    partition, sort = keys.program(program.tenant, program.number)
    return {"PK": partition, "SK": sort} | asdict(program)


def _program_of(item: dict[str, Any]) -> Program:
    return Program(
        tenant=item["tenant"],
        number=item["number"],
        name=item["name"],
        unique_contacts=item["unique_contacts"],
        created_at=item["created_at"],
    )
