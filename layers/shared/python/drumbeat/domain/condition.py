"""What a list or a batch asks of the records that it picks: conditions on fields, all of which must hold."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple

type Value = str | int | bool


class Op(StrEnum):
    """How a condition looks at a field."""

    ANY_OF = "any_of"
    BETWEEN = "between"
    MISSING = "missing"
    PRESENT = "present"
    PREFIX = "prefix"


@dataclass(frozen=True, slots=True)
class Condition:
    """One demand on a field. ANY_OF and PREFIX look at `values`; BETWEEN at `low` and `high`, both of which belong.

    None as an end is an open one.
    """

    field: str
    op: Op
    values: tuple[Value, ...] = ()
    low: str | int | None = None
    high: str | int | None = None


class Looked[R](NamedTuple):
    """What a search has found on one page, often nothing, and the last number it has looked at for that."""

    records: list[R]
    upto: int


def any_of(field: str, *values: Value) -> Condition:
    """The field holds one of the values."""
    return Condition(field, Op.ANY_OF, values)


def between(field: str, low: str | int | None, high: str | int | None) -> Condition:
    """The field holds something from `low` to `high`, both included; None is an open end."""
    return Condition(field, Op.BETWEEN, low=low, high=high)


def missing(field: str) -> Condition:
    """The field holds nothing."""
    return Condition(field, Op.MISSING)


def present(field: str) -> Condition:
    """The field holds something."""
    return Condition(field, Op.PRESENT)


def prefix(field: str, *values: str) -> Condition:
    """The field begins with one of the values, capitals or not."""
    return Condition(field, Op.PREFIX, values)


def matches(view: Mapping[str, Any], conditions: Iterable[Condition]) -> bool:
    """Whether all conditions hold of a record seen as engine fields.

    A field with many values (a tuple) does what one of them does. None, no value at all and a field that the view does
    not know are nothing. Values of different types are never equal and never in a range: neither "7" nor true is 7.
    """
    return all(_holds(_values(view.get(condition.field)), condition) for condition in conditions)


def packed(conditions: Iterable[Condition]) -> list[dict[str, Any]]:
    """The conditions as JSON: what `unpacked` reads."""
    return [
        {"field": c.field, "op": c.op.value, "values": list(c.values), "low": c.low, "high": c.high} for c in conditions
    ]


def unpacked(documents: Iterable[Mapping[str, Any]]) -> tuple[Condition, ...]:
    """The conditions that were packed."""
    return tuple(
        Condition(
            d["field"], Op(d["op"]), tuple(_plain(value) for value in d["values"]), _end(d["low"]), _end(d["high"])
        )
        for d in documents
    )


def _values(value: Any) -> Sequence[Any]:
    if value is None:
        return ()
    return value if isinstance(value, tuple) else (value,)


def _holds(held: Sequence[Any], condition: Condition) -> bool:
    match condition.op:
        case Op.MISSING:
            return not held
        case Op.PRESENT:
            return bool(held)
        case Op.ANY_OF:
            return any(type(value) is type(wanted) and value == wanted for value in held for wanted in condition.values)
        case Op.BETWEEN:
            return any(_is_within(value, condition.low, condition.high) for value in held)
        case Op.PREFIX:
            starts = tuple(str(wanted).casefold() for wanted in condition.values)
            return any(isinstance(value, str) and value.casefold().startswith(starts) for value in held)


def _is_within(value: Any, low: str | int | None, high: str | int | None) -> bool:
    ends = [end for end in (low, high) if end is not None]
    if any(type(value) is not type(end) for end in ends):
        return False
    return (low is None or value >= low) and (high is None or value <= high)


def _plain(value: Any) -> Value:
    return value if isinstance(value, str | bool) else int(value)


def _end(value: Any) -> str | int | None:
    return value if value is None or isinstance(value, str) else int(value)
