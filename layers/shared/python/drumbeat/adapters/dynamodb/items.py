"""Plain Python values to DynamoDB's typed ones and back; None is written as absence."""

from collections.abc import Mapping
from typing import Any

type Wire = dict[str, Any]


def to_wire(item: Mapping[str, Any]) -> Wire:
    """The item as the low-level client takes it, without its None members."""
    return {name: wire_value(value) for name, value in item.items() if value is not None}


def without_none(item: Mapping[str, Any]) -> dict[str, Any]:
    """The members that are there."""
    return {name: value for name, value in item.items() if value is not None}


def wire_value(value: Any) -> Wire:
    """One typed value. Raises TypeError for what the table never holds."""
    match value:
        case bool():
            return {"BOOL": value}
        case str():
            return {"S": str(value)}
        case int():
            return {"N": str(int(value))}
        case float():
            return {"N": repr(value)}
        case list() | tuple():
            return {"L": [wire_value(entry) for entry in value]}
        case Mapping():
            return {"M": to_wire(value)}
    raise TypeError(f"no such value in the table: {type(value).__name__}")


def from_wire(item: Wire) -> dict[str, Any]:
    """The item as plain values: whole numbers are int, others float."""
    return {name: _plain(value) for name, value in item.items()}


def _plain(value: Wire) -> Any:
    ((kind, content),) = value.items()
    match kind:
        case "N":
            return int(content) if content.lstrip("-").isdigit() else float(content)
        case "L":
            return [_plain(entry) for entry in content]
        case "M":
            return from_wire(content)
    return content
