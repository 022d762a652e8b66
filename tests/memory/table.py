"""One table: its items, their order, and the write units that changing them takes."""

from collections.abc import Callable, Mapping
from typing import Any

from tests.memory.lagging_index import Lag, LaggingIndex
from tests.memory.refusal import Refusal, invalid
from tests.memory.shape import TableShape
from tests.memory.shelf import Key, Shelf
from tests.memory.values import ITEM_LIMIT, Item, Row

_KB = 1024
_LONGEST_HASH, _LONGEST_SORT = 2048, 1024
_WRONG_KEY = "The provided key element does not match the schema"


class Table:
    """Keeps rows by key. Whoever changes one has checked what it puts in."""

    def __init__(self, shape: TableShape, now: Callable[[], int], lag: Lag) -> None:
        self.shape = shape
        self.rows: dict[Key, Row] = {}
        self.shelf = Shelf()
        self.indexes = {index.name: LaggingIndex(index, now, lag) for index in shape.indexes}
        self._watched: frozenset[str] = frozenset()
        for index in shape.indexes:
            projected = index.projected
            self._watched = self._watched | projected if projected is not None else self._watched
        self._index_key_names = frozenset(
            name for index in shape.indexes for name in (index.hash_name, index.sort_name)
        )
        self._watches_all = any(index.projected is None for index in shape.indexes)
        self._key_names = frozenset({shape.hash_name} | ({shape.sort_name} if shape.sort_name else set()))

    def key_of(self, wire: Mapping[str, Any]) -> Key:
        """The key that a request names. Raises Refusal if it is not just the table's key."""
        shape = self.shape
        if shape.sort_name is None:
            if len(wire) != 1:
                raise invalid(_WRONG_KEY)
            return _text(wire, shape.hash_name, _LONGEST_HASH), ""
        if len(wire) != 2:
            raise invalid("The number of conditions on the keys is invalid" if len(wire) > 2 else _WRONG_KEY)
        return _text(wire, shape.hash_name, _LONGEST_HASH), _text(wire, shape.sort_name, _LONGEST_SORT)

    def key_in(self, item: Mapping[str, Any]) -> Key:
        """The key of a whole item. Raises Refusal if it lacks one."""
        shape = self.shape
        for name in (shape.hash_name, shape.sort_name):
            if name is not None and name not in item:
                raise invalid(f"One or more parameter values were invalid: Missing the key {name} in the item")
            if name is not None and "S" not in item[name]:
                actual = next(iter(item[name]))
                raise invalid(
                    "One or more parameter values were invalid: "
                    f"Type mismatch for key {name} expected: S actual: {actual}"
                )
        sort = "" if shape.sort_name is None else _text(item, shape.sort_name, _LONGEST_SORT)
        return _text(item, shape.hash_name, _LONGEST_HASH), sort

    def check(self, item: Item, size: int, *, touched: frozenset[str] | None = None) -> None:
        """Raises Refusal if the table cannot hold the item; `touched` are the attributes that an update changes."""
        if touched is not None and touched & self._key_names:
            name = min(touched & self._key_names)
            raise invalid(
                f"One or more parameter values were invalid: Cannot update attribute {name}. "
                "This attribute is part of the key"
            )
        if size > ITEM_LIMIT:
            what = "Item size" if touched is None else "Item size to update"
            raise invalid(f"{what} has exceeded the maximum allowed size")
        if touched is None or not self._index_key_names.isdisjoint(touched):
            for index in self.indexes.values():
                index.check(item)

    def change(self, key: Key, new: Row | None, touched: frozenset[str] | None = None) -> tuple[int, dict[str, int]]:
        """Puts, replaces or removes a row; returns the write units that it takes in the table and in each index."""
        old = self.rows.get(key)
        if new is not None:
            self.rows[key] = new
            if old is None:
                self.shelf.add(key[0], (key[1], key))
        elif old is not None:
            del self.rows[key]
            self.shelf.drop(key[0], (key[1], key))
        bytes_written = max(old.size if old else 0, new.size if new else 0)
        return max(1, -(-bytes_written // _KB)), self._change_indexes(key, old, new, touched)

    def _change_indexes(
        self, key: Key, old: Row | None, new: Row | None, touched: frozenset[str] | None
    ) -> dict[str, int]:
        if old and new and touched is not None and not self._watches_all and self._watched.isdisjoint(touched):
            return {}
        units = {}
        for name, index in self.indexes.items():
            if count := index.change(key, new.item if new else None):
                units[name] = count
        return units

    def index(self, name: str) -> LaggingIndex:
        """The index as it can be seen now. Raises Refusal if there is none of this name."""
        if name not in self.indexes:
            raise invalid(f"The table does not have the specified index: {name}")
        index = self.indexes[name]
        index.catch_up()
        return index


def _text(wire: Mapping[str, Any], name: str, longest: int) -> str:
    value = wire.get(name)
    if value is None or "S" not in value:
        raise invalid(_WRONG_KEY)
    text: str = value["S"]
    if not text:
        raise invalid(
            "One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an "
            f"empty string value. Key: {name}"
        )
    if len(text) * 4 > longest and len(text.encode()) > longest:
        part = "hashkey" if longest == _LONGEST_HASH else "rangekey"
        limit = f"Size of {part} has exceeded the maximum size limit of{longest} bytes"
        raise invalid(f"One or more parameter values were invalid: {limit}")
    return text


def no_such_table() -> Refusal:
    return Refusal("ResourceNotFoundException", "Requested resource not found")
