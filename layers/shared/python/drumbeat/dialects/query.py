"""Query parameters of lists."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice

from drumbeat.domain.errors import invalid_field

MAX_PAGE = 10_000


def whole(query: Mapping[str, str], name: str, *, default: int | None, low: int, high: int) -> int | None:
    """The whole number of a parameter, or `default`. Raises ValidationFailed."""
    text = query.get(name)
    if text is None or text == "":
        return default
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 19 else -1
    if not low <= number <= high:
        raise invalid_field(name, f"must be a whole number from {low} to {high}")
    return number


def limit_of(query: Mapping[str, str], *, default: int, most: int) -> int:
    """How many rows the parameter `limit` asks for. Raises ValidationFailed."""
    return whole(query, "limit", default=default, low=1, high=most) or default


def choice(query: Mapping[str, str], name: str, options: tuple[str, ...]) -> str | None:
    """The value of a parameter if given. Raises ValidationFailed for one that is not among the options."""
    text = query.get(name) or None
    if text is not None and text not in options:
        raise invalid_field(name, f"must be one of {', '.join(options)}")
    return text


def flag(query: Mapping[str, str], name: str) -> bool:
    """Whether a parameter is "true"; it is not, where it is absent. Raises ValidationFailed for other words."""
    return choice(query, name, ("true", "false")) == "true"


def page[T](rows: Iterable[T], query: Mapping[str, str], *, default: int = MAX_PAGE) -> Iterator[T]:
    """The first `limit` rows; reads no further. Raises ValidationFailed."""
    limit = whole(query, "limit", default=default, low=1, high=MAX_PAGE)
    return islice(rows, limit)
