"""DynamoDB's typed values: their canonical form, size and order. Values are shared, never changed in place."""

from base64 import b64decode
from dataclasses import dataclass
from decimal import Context, Decimal, DecimalException
from functools import lru_cache
from typing import Any

from tests.memory.refusal import invalid

type Value = dict[str, Any]
type Item = dict[str, Value]

ITEM_LIMIT = 400 * 1024
_DEEPEST = 32
_EXACT = Context(prec=38)
_SMALLEST, _LARGEST = Decimal("1E-130"), Decimal("9.9999999999999999999999999999999999999E+125")
_SETS = {"SS", "NS", "BS"}


def measured(item: Item) -> tuple[Item, int]:
    """The item in canonical form, and its size in bytes as AWS counts it."""
    kept, total = {}, 0
    for name, value in item.items():
        text = value.get("S")
        if text is not None and len(value) == 1:
            kept[name] = value
            total += len(name) + len(text) if name.isascii() and text.isascii() else entry_size(name, value)
        elif "N" in value and len(value) == 1:
            number, size = _number_and_size(value["N"])
            kept[name] = value if number == value["N"] else {"N": number}
            total += size + (len(name) if name.isascii() else len(name.encode()))
        else:
            kept[name], size = measure(value)
            total += size + (len(name) if name.isascii() else len(name.encode()))
    return kept, total


def entry_size(name: str, value: Value) -> int:
    """What one attribute that is already in canonical form adds to its item."""
    return len(name.encode()) + measure(value)[1]


@dataclass(frozen=True, slots=True)
class Row:
    """An item as it is kept, and its size in bytes. Never changed: a write makes a new one."""

    item: Item
    size: int


def measure(value: Value, depth: int = 0) -> tuple[Value, int]:
    """A value in canonical form, and its size. Raises Refusal for what DynamoDB does not store."""
    try:
        ((kind, content),) = value.items()
    except (ValueError, AttributeError):
        raise invalid("Supplied AttributeValue is empty, must contain exactly one of the supported datatypes") from None
    if kind == "S":
        return value, len(content) if content.isascii() else len(content.encode())
    if kind == "N":
        number, size = _number_and_size(content)
        return (value if number == content else {"N": number}), size
    if kind in {"BOOL", "NULL"}:
        return value, 1
    return _measure_other(kind, content, depth + 1)


def _measure_other(kind: str, content: Any, depth: int) -> tuple[Value, int]:
    if depth > _DEEPEST:
        raise invalid("Nesting Levels have exceeded supported limits")
    if kind == "L":
        kept, total = [], 3
        for entry in content:
            number = entry.get("N") if len(entry) == 1 else None
            one, size = _measured_number(entry, number) if number is not None else measure(entry, depth)
            kept.append(one)
            total += 1 + size
        return {"L": kept}, total
    if kind == "M":
        members = {name: measure(entry, depth) for name, entry in content.items()}
        size = 3 + sum(1 + len(name.encode()) + size for name, (_, size) in members.items())
        return {"M": {name: kept for name, (kept, _) in members.items()}}, size
    if kind == "B":
        return {"B": content}, len(content if isinstance(content, bytes) else b64decode(content))
    if kind in _SETS:
        raise NotImplementedError("the table holds no sets")
    raise invalid("Supplied AttributeValue is empty, must contain exactly one of the supported datatypes")


def _measured_number(value: Value, text: str) -> tuple[Value, int]:
    number, size = _number_and_size(text)
    return (value if number == text else {"N": number}), size


def canonical(number: str) -> str:
    """A number as DynamoDB gives it back: no exponent, no needless zeros."""
    if number.isdigit() and number.isascii() and number[0] != "0" and len(number) <= 38:
        return number
    try:
        exact = Decimal(number.strip())
    except DecimalException:
        raise invalid(f"The parameter cannot be converted to a numeric value: {number}") from None
    if not exact.is_finite():
        raise invalid(f"The parameter cannot be converted to a numeric value: {number}")
    return _plain(exact)


def _plain(exact: Decimal) -> str:
    if not exact:
        return "0"
    if abs(exact) > _LARGEST:
        raise invalid("Number overflow. Attempting to store a number with magnitude larger than supported range")
    if abs(exact) < _SMALLEST:
        raise invalid("Number underflow. Attempting to store a number with magnitude smaller than supported range")
    if len("".join(map(str, exact.as_tuple().digits)).strip("0")) > 38:
        raise invalid("Attempting to store more than 38 significant digits in a Number")
    text = format(exact, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


@lru_cache(1 << 16)
def _number_and_size(text: str) -> tuple[str, int]:
    number = canonical(text)
    digits = number if number.isdigit() else number.lstrip("-").replace(".", "").lstrip("0")
    significant = len(digits.rstrip("0"))
    return number, (significant + 1) // 2 + (2 if number[0] == "-" else 1)


def added(left: Value, right: Value, sign: int = 1) -> Value:
    """The sum of two numbers, or with `sign` -1 their difference. Raises Refusal for what is no number."""
    if "N" not in left or "N" not in right:
        raise invalid("An operand in the update expression has an incorrect data type")
    try:
        return {"N": str(int(left["N"]) + sign * int(right["N"]))}
    except ValueError:
        return {"N": _plain(_EXACT.add(Decimal(left["N"]), sign * Decimal(right["N"])))}


def equal(left: Value, right: Value) -> bool:
    """Whether two values are the same, however their numbers are written."""
    if left == right:
        return True
    if "N" in left:
        return "N" in right and Decimal(left["N"]) == Decimal(right["N"])
    return left.keys() == right.keys() and ("L" in left or "M" in left) and measure(left)[0] == measure(right)[0]


def comparable(left: Value, right: Value) -> tuple[Any, Any] | None:
    """What Python orders as DynamoDB orders the values, or None when they have no order."""
    if "N" in left:
        return (_number(left["N"]), _number(right["N"])) if "N" in right else None
    for kind in ("S", "B"):
        if kind in left:
            return (left[kind], right[kind]) if kind in right else None
    return None


def _number(text: str) -> int | Decimal:
    try:
        return int(text)
    except ValueError:
        return Decimal(text)
