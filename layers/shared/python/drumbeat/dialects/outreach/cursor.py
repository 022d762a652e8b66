"""Places in a sorted list: what one record is sorted by, travelling as opaque text (contract 1.1)."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_LONGEST = 8_000


@dataclass(frozen=True, slots=True)
class Order:
    """One key of a sort: an engine field, and whether its largest value comes first. Nothing is the largest value."""

    field: str
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """Where a record stands in an order; only places of one order compare."""

    order: tuple[Order, ...]
    values: tuple[Any, ...]

    def __lt__(self, other: Place) -> bool:
        for key, mine, theirs in zip(self.order, self.values, other.values, strict=True):
            if mine != theirs or type(mine) is not type(theirs):
                return _is_less(mine, theirs) != key.descending
        return False

    def spelled(self) -> str:
        """The place as text for a URL."""
        names = [f"-{key.field}" if key.descending else key.field for key in self.order]
        raw = json.dumps([names, self.values], separators=(",", ":"))
        return base64.urlsafe_b64encode(raw.encode()).decode().rstrip("=")


def place_of(view: Mapping[str, Any], order: tuple[Order, ...]) -> Place:
    """Where the record stands that is seen like this."""
    return Place(order, tuple(view.get(key.field) for key in order))


def read_place(text: str, order: tuple[Order, ...]) -> Place | None:
    """The place that was spelled, or None if the text is none of this order."""
    if len(text) > _LONGEST:
        return None
    try:
        names, values = json.loads(base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True))
    except (binascii.Error, ValueError, TypeError):
        return None
    ours = [f"-{key.field}" if key.descending else key.field for key in order]
    if names != ours or not isinstance(values, list) or len(values) != len(order):
        return None
    plain = all(value is None or type(value) in (str, int, bool) for value in values)
    numbered = all(type(value) is int for key, value in zip(order, values, strict=True) if key.field == "number")
    return Place(order, tuple(values)) if plain and numbered else None


def _is_less(one: Any, other: Any) -> bool:
    if one is None or other is None:
        return one is not None
    if type(one) is not type(other):  # a place that nobody has spelled here
        return type(one).__name__ < type(other).__name__
    return bool(one < other)
