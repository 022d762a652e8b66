"""Entries of many partitions, each partition in sort order: how a table and an index keep what they hold."""

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterator
from operator import itemgetter

from tests.memory.expressions import KeyCondition

type Key = tuple[str, str]
type Entry = tuple[str, Key]
_SORT = itemgetter(0)
_EMPTY: list[Entry] = []


class Shelf:
    """Keeps (sort key, table key) by partition."""

    def __init__(self) -> None:
        self._partitions: dict[str, list[Entry]] = {}

    def add(self, partition: str, entry: Entry) -> None:
        insort(self._partitions.setdefault(partition, []), entry)

    def drop(self, partition: str, entry: Entry) -> None:
        entries = self._partitions[partition]
        del entries[bisect_left(entries, entry)]
        if not entries:
            del self._partitions[partition]

    def range(
        self, partition: str, condition: KeyCondition, bounds: list[str], start: Entry | None, *, forward: bool
    ) -> Iterator[Entry]:
        """The entries that the condition on the sort key admits, in the given order, behind `start`."""
        entries = self._partitions.get(partition, _EMPTY)
        low, high = _range(entries, condition.sign, bounds)
        if start is not None and forward:
            low = max(low, bisect_right(entries, start))
        elif start is not None:
            high = min(high, bisect_left(entries, start))
        places = range(low, high) if forward else range(high - 1, low - 1, -1)
        return (entries[place] for place in places)


def _range(entries: list[Entry], sign: str, bounds: list[str]) -> tuple[int, int]:
    low, high = 0, len(entries)
    match sign:
        case "=":
            return bisect_left(entries, bounds[0], key=_SORT), bisect_right(entries, bounds[0], key=_SORT)
        case "between":
            return bisect_left(entries, bounds[0], key=_SORT), bisect_right(entries, bounds[1], key=_SORT)
        case "begins_with":
            width = len(bounds[0])
            low = bisect_left(entries, bounds[0], key=_SORT)
            return low, bisect_right(entries, bounds[0], lo=low, key=lambda entry: entry[0][:width])
        case ">":
            low = bisect_right(entries, bounds[0], key=_SORT)
        case ">=":
            low = bisect_left(entries, bounds[0], key=_SORT)
        case "<":
            high = bisect_left(entries, bounds[0], key=_SORT)
        case "<=":
            high = bisect_right(entries, bounds[0], key=_SORT)
    return low, high
