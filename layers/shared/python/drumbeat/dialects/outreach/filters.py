"""Filters of the query string as conditions, in the old syntax and in the new one (contract 1.1)."""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime

from drumbeat.dialects.outreach.collection import Attribute, Collection, Shape
from drumbeat.dialects.outreach.errors import refused_parameter
from drumbeat.domain.condition import Condition, Value, any_of, between, missing, prefix, present
from drumbeat.domain.fit_text import is_text
from drumbeat.domain.times import DAY, SECOND

NULL, NOT_NULL = "__null__", "__notnull__"
MOST_VALUES = 10_000
_PARTS = re.compile(r"\[([^\[\]]*)\]")
_WHOLE = re.compile(r"-?[0-9]{1,18}")
_BOUNDS = {"gte", "lte"}
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def read_filters[R](
    collection: Collection[R], values: Mapping[str, tuple[str, ...]], *, start: str = "filter", new_syntax: bool = False
) -> tuple[Condition, ...]:
    """The conditions of all parameters that begin with `start`. Raises ValidationFailed naming the parameter."""
    return tuple(
        condition
        for parameter, texts in values.items()
        if parameter.startswith(f"{start}[") or parameter == start
        for condition in _conditions(collection, parameter, parameter.removeprefix(start), texts, new_syntax=new_syntax)
    )


def _conditions[R](
    collection: Collection[R], parameter: str, path: str, texts: tuple[str, ...], *, new_syntax: bool
) -> Iterator[Condition]:
    names = _PARTS.findall(path)
    if not names or "".join(f"[{name}]" for name in names) != path:
        raise refused_parameter(parameter, "This is not how a filter is spelled.")
    if names == ["q"] and collection.searchable:
        yield prefix("texts", *filter(is_text, texts))
        return
    tail = names.pop() if new_syntax and len(names) > 1 and names[-1] in _BOUNDS | {""} else None
    if len(names) > 2:
        raise refused_parameter(parameter, "A filter names an attribute, or a relation and its id.")
    attribute = collection.filterable(parameter, names[0], names[1] if len(names) == 2 else None)
    wanted = _Wanted(parameter, attribute, new_syntax=new_syntax)
    yield wanted.bound(tail, texts) if tail in _BOUNDS else wanted.condition(texts, literal=tail == "")


class _Wanted:
    """What one parameter wants of an attribute."""

    def __init__(self, parameter: str, attribute: Attribute, *, new_syntax: bool) -> None:
        self._parameter = parameter
        self._attribute = attribute
        # In the new syntax a text may hold commas and dots; where they can mean nothing else they still list.
        self._splits = not new_syntax or attribute.shape not in (Shape.TEXT, Shape.TEXTS)

    def bound(self, tail: str, texts: tuple[str, ...]) -> Condition:
        """`[gte]` or `[lte]`."""
        if len(texts) != 1:
            raise self._refused("A bound has one value.")
        low = self._end(texts[0], last=False) if tail == "gte" else None
        high = self._end(texts[0], last=True) if tail == "lte" else None
        return between(self._attribute.field, low, high)

    def condition(self, texts: tuple[str, ...], *, literal: bool) -> Condition:
        """An exact value, a list, a range, or whether there is anything at all."""
        field = self._attribute.field
        if texts == (NULL,):
            return missing(field)
        if texts == (NOT_NULL,):
            return present(field)
        if self._splits and not literal:
            if len(texts) == 1 and ".." in texts[0]:
                low, _, high = texts[0].partition("..")
                return between(field, self._open(low, "neginf", last=False), self._open(high, "inf", last=True))
            texts = tuple(part for text in texts for part in text.split(","))
        if len(texts) == 1 and self._is_day(texts[0]):
            return between(field, self._end(texts[0], last=False), self._end(texts[0], last=True))
        if len(texts) > MOST_VALUES:
            raise self._refused(f"A filter takes {MOST_VALUES} values.")
        return any_of(field, *dict.fromkeys(self._value(text) for text in texts))

    def _open(self, text: str, infinite: str, *, last: bool) -> str | int | None:
        return None if text in (infinite, "") else self._end(text, last=last)

    def _end(self, text: str, *, last: bool) -> str | int:
        if self._is_day(text):
            return self._instant(text) + (DAY - 1 if last else 0)
        value = self._value(text)
        if isinstance(value, bool):
            raise self._refused("true and false have no order.")
        return value

    def _is_day(self, text: str) -> bool:
        return self._attribute.shape is Shape.INSTANT and len(text) == len("2017-01-01")

    def _value(self, text: str) -> Value:
        match self._attribute.shape:
            case Shape.WHOLE:
                if not _WHOLE.fullmatch(text):
                    raise self._refused(f"'{text}' is not a whole number.")
                return int(text)
            case Shape.FLAG:
                if text not in ("true", "false"):
                    raise self._refused("must be true or false.")
                return text == "true"
            case Shape.INSTANT:
                return self._instant(text)
        if not is_text(text):
            raise self._refused("must not hold control characters.")
        return text

    def _instant(self, text: str) -> int:
        try:
            if self._is_day(text):
                return (date.fromisoformat(text) - _EPOCH.date()).days * DAY
            moment = datetime.fromisoformat(text)
            aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
            return round((aware - _EPOCH).total_seconds() * SECOND)
        except (ValueError, OverflowError):
            raise self._refused(f"'{text}' is neither a date nor a time.") from None

    def _refused(self, message: str) -> Exception:
        return refused_parameter(self._parameter, message)
