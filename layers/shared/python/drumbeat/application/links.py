"""Links lead somewhere when they are made."""

from collections.abc import Callable, Iterable
from typing import Protocol

from drumbeat.domain.errors import UnknownLink
from drumbeat.domain.links import Link, Linked, links_of


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
