"""Consumed capacity, as AWS counts and reports it."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

_READ_BLOCK = 4096


@dataclass(slots=True)
class Meter:
    """What all calls together took: requests and units by operation."""

    requests: Counter[str] = field(default_factory=Counter)
    write_units: Counter[str] = field(default_factory=Counter)
    read_units: Counter[str] = field(default_factory=Counter)

    def clear(self) -> None:
        """Starts counting anew."""
        for count in (self.requests, self.write_units, self.read_units):
            count.clear()


class Bill:
    """What one call takes: of the table itself and of each index."""

    __slots__ = ("index_units", "table_units", "writes")

    def __init__(self, *, writes: bool) -> None:
        self.writes = writes
        self.table_units = 0.0
        self.index_units: dict[str, float] = {}

    def write(self, units: tuple[int, dict[str, int]], *, times: int = 1) -> None:
        """Adds a change. In a transaction the table counts twice; indexes follow on their own and count once."""
        self.table_units += units[0] * times
        for name, count in units[1].items():
            self.index_units[name] = self.index_units.get(name, 0) + count

    def read(self, size: int, *, consistent: bool, index: str | None = None) -> None:
        """Adds a read of so many bytes."""
        units = (-(-size // _READ_BLOCK) or 1) * (1.0 if consistent else 0.5)
        if index is None:
            self.table_units += units
        else:
            self.index_units[index] = self.index_units.get(index, 0) + units

    @property
    def total(self) -> float:
        return self.table_units + sum(self.index_units.values())

    def report(self, table: str, wanted: str) -> dict[str, Any]:
        """The ConsumedCapacity member of an answer."""
        entry: dict[str, Any] = {"TableName": table, "CapacityUnits": self.total}
        if wanted == "INDEXES":
            entry["Table"] = {"CapacityUnits": self.table_units}
            if self.index_units:
                units = {name: {"CapacityUnits": count} for name, count in self.index_units.items()}
                entry["GlobalSecondaryIndexes"] = units
        return entry
