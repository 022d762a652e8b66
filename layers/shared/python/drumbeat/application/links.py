"""Links lead somewhere when they are made, and are not shown once they do not."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Protocol

from drumbeat.domain.condition import Looked
from drumbeat.domain.errors import UnknownLink
from drumbeat.domain.ids import Kind
from drumbeat.domain.links import Link, Linked, links_of, without_links


class Links(Protocol):
    """Knows what links lead to."""

    def missing(self, tenant: int, links: Iterable[Link]) -> set[Link]: ...


def check_links(links: Links, tenant: int, new: Linked, old: Linked | None = None) -> None:
    """Raises UnknownLink if a link that `old` does not have leads nowhere."""
    before = {} if old is None else links_of(old)
    fresh = {link: field for link, field in links_of(new).items() if link not in before}
    gone = links.missing(tenant, fresh) if fresh else set()
    if gone:
        first = min(gone)
        raise UnknownLink(fresh[first], first.number)


def checked[R: Linked](links: Links, tenant: int, change: Callable[[R], R]) -> Callable[[R], R]:
    """The change, which raises UnknownLink if it makes a link that leads nowhere."""

    def check(old: R) -> R:
        new = change(old)
        check_links(links, tenant, new, old)
        return new

    return check


def without_dead_links[R: Linked](links: Links, tenant: int, records: Sequence[R]) -> list[R]:
    """The records without their links to what has been deleted; users are never."""
    mortal = {link for record in records for link in links_of(record) if link.kind is not Kind.USER}
    gone = links.missing(tenant, mortal) if mortal else set()
    return [without_links(record, gone) for record in records] if gone else list(records)


def with_live_links[R: Linked](links: Links, tenant: int, pages: Iterable[Looked[R]]) -> Iterator[Looked[R]]:
    """The pages of a search, their records without links to what has been deleted."""
    for page in pages:
        yield Looked(without_dead_links(links, tenant, page.records), page.upto)


def with_live_link[R: Linked](links: Links, tenant: int, record: R) -> R:
    """The record without its links to what has been deleted."""
    return without_dead_links(links, tenant, [record])[0]
