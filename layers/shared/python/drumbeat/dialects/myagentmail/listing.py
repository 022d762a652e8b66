"""Lists: rows under `items`, and where the next page begins."""

from collections.abc import Callable, Iterable, Mapping
from itertools import islice
from typing import Any

from drumbeat.dialects.query import whole
from drumbeat.domain.errors import invalid_field
from drumbeat.domain.ids import Kind, resource_number

MOST_ROWS = 200


def behind(kind: Kind, tenant: int, query: Mapping[str, str]) -> int:
    """The number of what the page before ended with, 0 for the first page. Raises ValidationFailed."""
    text = query.get("cursor") or None
    number = 0 if text is None else resource_number(kind, tenant, text)
    if number is None:
        raise invalid_field("cursor", "is none that a list has given")
    return number


def listed[R](
    rows: Iterable[R], query: Mapping[str, str], *, show: Callable[[R], Any], cursor_of: Callable[[R], str]
) -> dict[str, Any]:
    """The first `limit` rows as they are shown, and the cursor of the last one if there are more; reads no further.

    Raises ValidationFailed.
    """
    limit = whole(query, "limit", default=MOST_ROWS, low=1, high=MOST_ROWS) or MOST_ROWS
    found = list(islice(rows, limit + 1))
    cursor = cursor_of(found[limit - 1]) if len(found) > limit else None
    return {"items": [show(row) for row in found[:limit]], "nextCursor": cursor}
