"""An index: a lagging copy of each item, which may be old but never goes backwards (reliability §5.4)."""

from collections.abc import Callable
from heapq import heappop, heappush

from tests.memory.refusal import invalid
from tests.memory.shape import IndexShape
from tests.memory.shelf import Key, Shelf
from tests.memory.values import Item, Row, measured

type Lag = Callable[[str, Key], int]
"""By how many milliseconds an index shows a change of an item later than the table."""
_KB = 1024


def at_once(index: str, key: Key) -> int:
    """No lag."""
    return 0


class LaggingIndex:
    """What readers of the index see at an instant."""

    def __init__(self, shape: IndexShape, now: Callable[[], int], lag: Lag) -> None:
        self.shape = shape
        self.shelf = Shelf()
        self.images: dict[Key, Row] = {}
        """What can be seen; `_latest` is what will be when all changes have come through."""
        self._latest: dict[Key, Row] = {}
        self._now, self._lag = now, lag
        self._coming: list[tuple[int, int, Key, Row | None]] = []
        self._last_visible: dict[Key, int] = {}
        self._changes = 0

    def _image(self, item: Item) -> Row | None:
        """What the index keeps of an item: nothing, if it lacks one of the index's keys."""
        if self.shape.hash_name not in item or self.shape.sort_name not in item:
            return None
        projected = self.shape.projected
        kept = item if projected is None else {name: item[name] for name in projected if name in item}
        return Row(*measured(kept))

    def check(self, item: Item) -> None:
        """Raises Refusal if the item cannot stand in the index."""
        for name in (self.shape.hash_name, self.shape.sort_name):
            value = item.get(name)
            if value is None or value.get("S"):
                continue
            if "S" not in value:
                raise invalid(
                    f"One or more parameter values were invalid: Type mismatch for Index Key {name} Expected: S "
                    f"Actual: {next(iter(value))} IndexName: {self.shape.name}"
                )
            raise invalid(
                "One or more parameter values are not valid. A value specified for a secondary index key is not "
                "supported. The AttributeValue for a key attribute cannot contain an empty string value. "
                f"IndexName: {self.shape.name}, IndexKey: {name}"
            )

    def change(self, key: Key, new: Item | None) -> int:
        """Notes what became of an item, to be seen when it has come through; returns the write units it takes."""
        before = self._latest.get(key)
        if before is None and (new is None or self.shape.hash_name not in new):
            return 0
        after = None if new is None else self._image(new)
        if before is None and after is None:
            return 0
        if after is None:
            del self._latest[key]
        elif before is not None and before.item == after.item:
            return 0
        else:
            self._latest[key] = after
        self._send(key, after)
        if before is None or after is None:
            return _units(before or after)
        if self._place(before) != self._place(after):
            return _units(before) + _units(after)
        return max(_units(before), _units(after))

    def _send(self, key: Key, image: Row | None) -> None:
        lag = self._lag(self.shape.name, key)
        if not lag and not self._coming:
            self._show(key, image)
            return
        visible = max(self._now() + lag, self._last_visible.get(key, 0))
        self._last_visible[key] = visible
        self._changes += 1
        heappush(self._coming, (visible, self._changes, key, image))

    def catch_up(self) -> None:
        """Shows all that has come through by now."""
        if not self._coming:
            return
        now = self._now()
        while self._coming and self._coming[0][0] <= now:
            visible, _, key, image = heappop(self._coming)
            if self._last_visible.get(key) == visible:
                del self._last_visible[key]
            self._show(key, image)

    def _show(self, key: Key, image: Row | None) -> None:
        seen = self.images.pop(key, None)
        if seen is not None:
            partition, sort = self._place(seen)
            self.shelf.drop(partition, (sort, key))
        if image is not None:
            partition, sort = self._place(image)
            self.shelf.add(partition, (sort, key))
            self.images[key] = image

    def _place(self, image: Row) -> tuple[str, str]:
        return image.item[self.shape.hash_name]["S"], image.item[self.shape.sort_name]["S"]


def _units(image: Row | None) -> int:
    return -(-image.size // _KB) if image else 0
