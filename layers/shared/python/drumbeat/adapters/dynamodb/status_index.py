"""What the index `status` shows, read again where it stands: the index may lag behind, and holds keys only."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from drumbeat.adapters.dynamodb.enrollment_items import enrollment_of, status_place

if TYPE_CHECKING:
    from drumbeat.adapters.dynamodb.table import Table
    from drumbeat.domain.enrollment import Enrollment

_PAGE = 100


def enrollments_in(
    table: Table, partition: str, *, after: str | None = None, newest_first: bool = False
) -> Iterator[Enrollment]:
    """The enrollments of a partition of the index in its order, from behind `after` on.

    What has left it meanwhile is left out, what has just come may show a moment later.
    """
    for page in table.pages(partition, index="status", after=after, limit=_PAGE, newest_first=newest_first):
        names = [(row["PK"], row["SK"]) for row in page]
        found = table.get_many(names)
        for row, name in zip(page, names, strict=True):
            enrollment = enrollment_of(found[name]) if name in found else None
            if enrollment is not None and status_place(enrollment).get("ssk") == row["ssk"]:
                yield enrollment
