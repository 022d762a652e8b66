"""What a list is asked for beside its filters: order, page, count, fields, what to include (contract 1.1)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from drumbeat.dialects.outreach.cursor import Order, Place, read_place
from drumbeat.dialects.outreach.errors import refused_parameter
from drumbeat.dialects.outreach.filters import read_filters
from drumbeat.domain.fit_text import is_line

if TYPE_CHECKING:
    from drumbeat.dialects.outreach.collection import Collection
    from drumbeat.domain.condition import Condition

DEFAULT_SIZE = 50
MOST_SIZE = 1_000
MOST_OFFSET = 10_000
_KNOWN = re.compile(
    r"filter(\[.*)?|fields\[[A-Za-z]+\]|page\[(size|after|before|limit|offset)\]|sort|include|count|newFilterSyntax"
    r"|provideAuthorizationMeta"
)
_FIELDS = re.compile(r"fields\[([A-Za-z]+)\]")


_BY_NUMBER = (Order("number"),)


@dataclass(frozen=True, slots=True)
class Page:
    """Which part of a list: behind or before a place, or from an offset on."""

    size: int = DEFAULT_SIZE
    after: Place | None = None
    before: Place | None = None
    offset: int | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """How resources are shown: `fields` by type where not all are wanted, `include` as paths of relations."""

    fields: Mapping[str, frozenset[str]] = field(default_factory=dict)
    include: tuple[tuple[str, ...], ...] = ()
    authorization: bool = False


@dataclass(frozen=True, slots=True)
class Listing:
    """A list as it is asked for."""

    order: tuple[Order, ...]
    conditions: tuple[Condition, ...] = ()
    page: Page = Page()
    counted: bool = False
    shown: Shown = Shown()


def read_listing[R](collection: Collection[R], values: Mapping[str, tuple[str, ...]]) -> Listing:
    """The list that a query string asks for. Raises ValidationFailed naming the parameter at fault."""
    for name, texts in values.items():
        if not _KNOWN.fullmatch(name):
            raise refused_parameter(name, "There is no such parameter.")
        _check_printable(name, texts)
    order = _order(collection, single(values, "sort"))
    return Listing(
        conditions=read_filters(collection, values, new_syntax=flag(values, "newFilterSyntax")),
        order=order,
        page=_page(values, order),
        counted=flag(values, "count"),
        shown=_shown(values),
    )


def read_shown(values: Mapping[str, tuple[str, ...]]) -> Shown:
    """How a single resource is shown: sparse fields, includes, authorization. Raises ValidationFailed."""
    for name, texts in values.items():
        if not _FIELDS.fullmatch(name) and name not in ("include", "provideAuthorizationMeta"):
            raise refused_parameter(name, "There is no such parameter.")
        _check_printable(name, texts)
    return _shown(values)


def read_written(values: Mapping[str, tuple[str, ...]]) -> Shown:
    """How what was just written is shown: nothing is included (contract 1.1). Raises ValidationFailed."""
    if "include" in values:
        raise refused_parameter("include", "The answer to a write includes nothing.")
    return read_shown(values)


def _check_printable(name: str, texts: tuple[str, ...]) -> None:
    """Links repeat what was asked: what no URL can spell has no place in a query."""
    if not all(is_line(text) for text in (name, *texts)):
        raise refused_parameter(ascii(name), "must be printable text.")


def _shown(values: Mapping[str, tuple[str, ...]]) -> Shown:
    fields = {
        match[1]: frozenset(part for text in texts for part in text.split(",") if part)
        for name, texts in values.items()
        if (match := _FIELDS.fullmatch(name))
    }
    include = (single(values, "include") or "").split(",")
    paths = tuple(dict.fromkeys(tuple(path.split(".")) for path in include if path))
    return Shown(fields, paths, flag(values, "provideAuthorizationMeta"))


def natural_order[R](collection: Collection[R]) -> tuple[Order, ...]:
    """The order in which the collection is searched: a list in it is read no further than its page."""
    return (Order(collection.natural),)


def _order[R](collection: Collection[R], text: str | None) -> tuple[Order, ...]:
    if not text:
        return natural_order(collection)
    keys = [(part.removeprefix("-"), part.startswith("-")) for part in text.split(",")]
    wanted = {collection.sortable(name).field: descending for name, descending in reversed(keys)}
    order = tuple(Order(name, descending) for name, descending in reversed(wanted.items()))
    # The number last: no two records are equal, so every place in the list is one record's.
    return order if "number" in wanted else (*order, *_BY_NUMBER)


def _page(values: Mapping[str, tuple[str, ...]], order: tuple[Order, ...]) -> Page:
    by_offset = "page[limit]" in values or "page[offset]" in values
    by_cursor = {"page[size]", "page[after]", "page[before]"} & values.keys()
    if by_offset and by_cursor:
        raise refused_parameter(min(by_cursor), "A page is asked for by cursor or by offset.")
    if by_offset:
        offset = whole(values, "page[offset]", default=0, low=0, high=MOST_OFFSET)
        return Page(whole(values, "page[limit]", default=DEFAULT_SIZE, low=1, high=MOST_SIZE), offset=offset)
    if {"page[after]", "page[before]"} <= values.keys():
        raise refused_parameter("page[before]", "A page lies behind a place or before it.")
    size = whole(values, "page[size]", default=DEFAULT_SIZE, low=1, high=MOST_SIZE)
    after, before = (_place(values, f"page[{side}]", order) for side in ("after", "before"))
    return Page(size, after, before)


def _place(values: Mapping[str, tuple[str, ...]], name: str, order: tuple[Order, ...]) -> Place | None:
    text = single(values, name)
    if text is None:
        return None
    place = read_place(text, order)
    if place is None:
        raise refused_parameter(name, "This is no place in a list in this order.")
    return place


def single(values: Mapping[str, tuple[str, ...]], name: str) -> str | None:
    """The one value of a parameter, if it is given. Raises ValidationFailed."""
    texts = values.get(name, ())
    if len(texts) > 1:
        raise refused_parameter(name, "It is given more than once.")
    return texts[0] if texts else None


def flag(values: Mapping[str, tuple[str, ...]], name: str) -> bool:
    """Whether a parameter is true, or given without a value. Raises ValidationFailed."""
    text = single(values, name)
    if text not in (None, "", "true", "false"):
        raise refused_parameter(name, "must be true or false.")
    return text == "true" or (text == "" and name in values)


def whole(values: Mapping[str, tuple[str, ...]], name: str, *, default: int, low: int, high: int) -> int:
    """The whole number of a parameter, or `default`. Raises ValidationFailed."""
    text = single(values, name)
    if text is None:
        return default
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 19 else -1
    if not low <= number <= high:
        raise refused_parameter(name, f"must be a whole number from {low} to {high}.")
    return number
