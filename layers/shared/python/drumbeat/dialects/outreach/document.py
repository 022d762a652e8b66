"""Documents: one resource, or a page of a list with its links (contract 1.1)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from drumbeat.dialects.outreach.included import Sources, included
from drumbeat.dialects.outreach.listing import MOST_OFFSET, Listing, Shown, read_listing, read_shown
from drumbeat.dialects.outreach.paging import Found, find_page
from drumbeat.dialects.outreach.resource import ROOT, Asked, resource
from drumbeat.domain.condition import Condition, Looked

if TYPE_CHECKING:
    from drumbeat.dialects.outreach.collection import Collection

type Search[R] = Callable[[Sequence[Condition], int], Iterable[Looked[R]]]
"""Conditions and a number to the records above it that meet them, in pages, in order of their numbers."""


def list_body[R](collection: Collection[R], asked: Asked, search: Search[R], sources: Sources) -> dict[str, Any]:
    """The page of a list that a query string asks for. Raises ValidationFailed."""
    listing = read_listing(collection, asked.query_values)
    found = find_page(collection, listing, lambda after: search(listing.conditions, after), asked.out_of_time)
    views = [collection.view(record) for record in found.records]
    body: dict[str, Any] = {"data": [resource(collection, view, asked, listing.shown) for view in views]}
    if listing.shown.include:
        body["included"] = included(collection, views, asked, listing.shown, sources)
    if listing.counted:
        body["meta"] = {"count": found.total, "count_truncated": found.truncated}
    return body | {"links": _links(collection, asked, listing, found)}


def one_body[R](collection: Collection[R], asked: Asked, record: R, sources: Sources) -> dict[str, Any]:
    """A resource that was asked for. Raises ValidationFailed."""
    shown = read_shown(asked.query_values)
    view = collection.view(record)
    body: dict[str, Any] = {"data": resource(collection, view, asked, shown)}
    return body | ({"included": included(collection, [view], asked, shown, sources)} if shown.include else {})


def written_body[R](collection: Collection[R], asked: Asked, record: R, shown: Shown) -> dict[str, Any]:
    """A resource that was just written; `shown` is read before anything is (`read_written`)."""
    return {"data": resource(collection, collection.view(record), asked, shown)}


def _links(collection: Collection[Any], asked: Asked, listing: Listing, found: Found[Any]) -> dict[str, str]:
    page = listing.page
    if page.offset is not None:
        return _by_offset(collection, asked, listing, found)
    links: dict[str, dict[str, Any]] = {"first": {}}
    if found.before:
        links["prev"] = {"before": found.before.spelled()}
    if found.after:
        links["next"] = {"after": found.after.spelled()}
    return {name: _link(collection, asked, {"size": page.size} | place) for name, place in links.items()}


def _by_offset(collection: Collection[Any], asked: Asked, listing: Listing, found: Found[Any]) -> dict[str, str]:
    size, offset = listing.page.size, listing.page.offset or 0
    last = max((found.total or 0) - 1, 0) // size * size
    offsets = {"first": 0, "last": min(last, MOST_OFFSET)}
    if offset > 0:
        offsets["prev"] = max(offset - size, 0)
    if found.after and offset + size <= MOST_OFFSET:
        offsets["next"] = offset + size
    return {name: _link(collection, asked, {"limit": size, "offset": start}) for name, start in offsets.items()}


def _link(collection: Collection[Any], asked: Asked, page: dict[str, Any]) -> str:
    values = {name: texts for name, texts in asked.query_values.items() if not name.startswith("page[")}
    kept = [(name, text) for name, texts in values.items() for text in texts]
    pages = [(f"page[{name}]", str(value)) for name, value in page.items()]
    return f"{asked.root}{ROOT}/{collection.path}?{urlencode(kept + pages, errors='replace')}"
