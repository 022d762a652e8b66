"""Lists: rows under `items`, and where the next page begins."""

from collections.abc import Callable, Iterable, Mapping
from itertools import islice
from typing import Any

from drumbeat.dialects.query import whole

MOST_ROWS = 200


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
