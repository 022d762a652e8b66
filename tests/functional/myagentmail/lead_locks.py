"""What the table says of leads' external ids: the enrollments that have one, and the lock items that hold one."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from drumbeat.adapters.dynamodb import keys
from drumbeat.adapters.dynamodb.lead_locks import lock_key
from tests.memory.shelf import Key
from tests.memory.store import Store
from tests.memory.values import Item

_TABLE = "Table"
_ANY = "?"


class LeadLocks:
    """Sees every change the moment it is committed, and knows where the two sides disagree."""

    def __init__(self, store: Store) -> None:
        self._items: dict[Key, Item] = {}
        store.observers.append(self._note)

    def forget(self) -> None:
        """What was committed up to now is no longer looked at: tenants that nobody asks about."""
        self._items.clear()

    def disagreements(self, tenant: int, sequences: Iterable[int]) -> list[str]:
        """Every lock that no enrollment stands behind, every external id without its lock, every id that two have."""
        found: list[str] = []
        for sequence in sequences:
            held = dict(self._held(tenant, sequence))
            wanted: dict[Key, tuple[int, int]] = {}
            for name, holder in self._having(tenant, sequence):
                if name in wanted:
                    found.append(f"{holder} and {wanted[name]} of {sequence} have the same external id")
                wanted[name] = holder
            found += [f"{wanted[n]} of {sequence} has an id without a lock" for n in wanted.keys() - held.keys()]
            found += [f"a lock of {sequence} names {held[n]}, whose id is another" for n in held.keys() - wanted.keys()]
            shared = held.keys() & wanted.keys()
            found += [f"{wanted[n]}'s lock of {sequence} names {held[n]}" for n in shared if held[n] != wanted[n]]
        return found

    def _note(self, table: str, key: Key, _: Item | None, new: Item | None) -> None:
        if table != _TABLE:
            return
        if new is None:
            self._items.pop(key, None)
        else:
            self._items[key] = new

    def _held(self, tenant: int, sequence: int) -> Iterator[tuple[Key, tuple[int, int]]]:
        """Each lock of a sequence, and the contact and run that hold it."""
        pattern = keys.lead_lock(tenant, sequence, _ANY)
        for key, item in self._items.items():
            if _fits(pattern, key):
                yield key, (_number(item, "contact"), _number(item, "run"))

    def _having(self, tenant: int, sequence: int) -> Iterator[tuple[Key, tuple[int, int]]]:
        """Each enrollment of a sequence that has an external id: the lock it should have, the contact and the run."""
        shards = {keys.enrollment_shard(tenant, sequence, shard) for shard in range(keys.SHARDS)}
        for (partition, _), item in self._items.items():
            if partition in shards and "lead_external_id" in item and "state" in item:
                lock = lock_key(tenant, sequence, item["lead_external_id"]["S"])
                yield lock, (_number(item, "contact"), _number(item, "run"))


def _fits(pattern: Key, key: Key) -> bool:
    """Whether a key is the pattern with anything for its question mark."""
    parts = [(part, *known.partition(_ANY)) for part, known in zip(key, pattern, strict=True)]
    return all(
        part.startswith(before) and part.endswith(after) and (mark or part == before)
        for part, before, mark, after in parts
    )


def _number(item: Mapping[str, Any], name: str) -> int:
    return int(item[name]["N"])
