"""The page of a list that is asked for, in bounded memory whatever the list's length."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from heapq import nlargest, nsmallest
from itertools import islice
from typing import TYPE_CHECKING

from drumbeat.dialects.outreach.cursor import Place, place_of
from drumbeat.dialects.outreach.errors import refused_parameter
from drumbeat.dialects.outreach.listing import Listing, natural_order
from drumbeat.domain.condition import Looked

if TYPE_CHECKING:
    from drumbeat.application.ports import OutOfTime
    from drumbeat.dialects.outreach.collection import Collection

COUNT_LIMIT = 2_000_000

type Search[R] = Callable[[int], Iterable[Looked[R]]]
"""The records that match, in pages in the collection's natural order, all of them above a number of that order."""
type _Row[R] = tuple[Place, R]


@dataclass(frozen=True, slots=True)
class Found[R]:
    """A page in its order. `before` and `after` are places of the pages beside it; `total` is None if not counted."""

    records: tuple[R, ...]
    before: Place | None
    after: Place | None
    total: int | None = None
    truncated: bool = False


def find_page[R](collection: Collection[R], listing: Listing, search: Search[R], out_of_time: OutOfTime) -> Found[R]:
    """The page that is asked for.

    In its natural order a list is read from the page's place on and no further than the page goes; when few records
    match and time is up, the page is short and the next one goes on from there. Any other order, a page before a place
    and a count read all that match and keep one page. A count that takes too long is 0 and truncated (contract 1.1).
    Raises ValidationFailed when an order takes too long.
    """
    counts = listing.counted or listing.page.offset is not None  # the link to the last page asks for it
    natural = natural_order(collection)
    streams = listing.order == natural and listing.page.before is None
    begins = listing.page.after if streams else None
    walk = _Walk(collection, listing, search(int(begins.values[0]) if begins else 0), out_of_time, may_stop=streams)
    rows = _page(listing, walk, streams=streams)
    kept, before, after = _cut(listing, rows)
    if walk.stopped_at is not None and after is None:
        after = Place(natural, (walk.stopped_at,))
    records = tuple(record for _, record in kept)
    if not counts:
        return Found(records, before, after)
    whole = walk if begins is None else _Walk(collection, listing, search(0), out_of_time, may_stop=True)
    whole.count_on()
    in_time = whole.stopped_at is None
    return Found(records, before, after, whole.seen if in_time else 0, not in_time or whole.seen >= COUNT_LIMIT)


class _Walk[R]:
    """Goes over the records that match, each with its place, and counts them."""

    def __init__(
        self,
        collection: Collection[R],
        listing: Listing,
        pages: Iterable[Looked[R]],
        out_of_time: OutOfTime,
        *,
        may_stop: bool,
    ) -> None:
        self.seen = 0
        self.stopped_at: int | None = None
        self._out_of_time = out_of_time
        self._may_stop = may_stop
        self._rows = self._walked(collection, listing, pages)

    def __iter__(self) -> Iterator[_Row[R]]:
        return self._rows

    def count_on(self) -> None:
        """Goes on to the end, or to where counting ends."""
        for _ in self._rows:
            if self.seen >= COUNT_LIMIT:
                return

    def _walked(self, collection: Collection[R], listing: Listing, pages: Iterable[Looked[R]]) -> Iterator[_Row[R]]:
        for looked in pages:
            for record in looked.records:
                self.seen += 1
                yield place_of(collection.view(record), listing.order), record
            if self._out_of_time():
                if not self._may_stop:
                    raise refused_parameter("sort", "Too many records match. Filter further, or sort by id.")
                self.stopped_at = looked.upto
                return


def _page[R](listing: Listing, rows: Iterable[_Row[R]], *, streams: bool) -> list[_Row[R]]:
    """The page's rows, those before it if it has an offset, and one beyond it if there is one."""
    page = listing.page
    before, after = page.before, page.after
    if before is not None:
        return nlargest(page.size + 1, (row for row in rows if row[0] < before), key=_place)[::-1]
    behind = rows if after is None else (row for row in rows if after < row[0])
    many = (page.offset or 0) + page.size + 1
    return list(islice(behind, many)) if streams else nsmallest(many, behind, key=_place)


def _cut[R](listing: Listing, rows: list[_Row[R]]) -> tuple[list[_Row[R]], Place | None, Place | None]:
    """The page alone, and the places of the pages beside it."""
    page = listing.page
    if page.before is not None:
        kept = rows[-page.size :]
        return kept, kept[0][0] if len(rows) > page.size else None, kept[-1][0] if kept else page.before
    kept = rows[page.offset or 0 :][: page.size]
    begins_later = page.after is not None or bool(page.offset)
    more_after = len(rows) > (page.offset or 0) + page.size
    return kept, kept[0][0] if kept and begins_later else None, kept[-1][0] if more_after else None


def _place[R](row: _Row[R]) -> Place:
    return row[0]
