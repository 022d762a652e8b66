"""Update expressions, compiled once to what becomes of the attributes they name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.memory.refusal import invalid
from tests.memory.tokens import Tokens, complainer
from tests.memory.values import Item, Value, added, entry_size, measure

if TYPE_CHECKING:
    from tests.memory.conditions import Operand, Values
    from tests.memory.expressions import Placeholders

_WHAT = "UpdateExpression"


@dataclass(frozen=True, slots=True)
class Assignments:
    """What an update makes of an item: all operands are read from the item as it was."""

    sets: tuple[tuple[str, Operand], ...]
    removes: tuple[str, ...]
    adds: tuple[tuple[str, Operand], ...]
    touched: frozenset[str]

    def apply(self, old: Item, size: int, values: Values) -> tuple[Item, int]:
        """The new item and its size. Raises Refusal when an operand is missing or of a wrong type."""
        new = dict(old)
        for name, operand in self.sets:
            value = operand(old, values)
            if value is None:
                raise invalid("The provided expression refers to an attribute that does not exist in the item")
            size += _put(new, name, value)
        for name in self.removes:
            if name in new:
                size -= entry_size(name, new.pop(name))
        for name, operand in self.adds:
            value = operand(old, values) or {}
            if "N" not in value:
                raise invalid(
                    "Invalid UpdateExpression: Incorrect operand type for operator or function; operator: ADD, "
                    f"operand type: {_type_name(value)}"
                )
            size += _put(new, name, added(old[name], value) if name in old else value)
        return new, size


def _type_name(value: Value) -> str:
    names = {"S": "STRING", "BOOL": "BOOLEAN", "L": "LIST", "M": "MAP", "NULL": "NULL", "B": "BINARY"}
    return names[next(iter(value))]


def _put(item: Item, name: str, value: Value) -> int:
    """Puts the value in and returns by how much the item grew."""
    kept, width = measure(value)
    old = item.get(name)
    item[name] = kept
    if old is not None:
        return width if old is kept else width - measure(old)[1]
    return width + len(name) if name.isascii() else width + len(name.encode())


class UpdateParser:
    """Reads SET, REMOVE and ADD; each clause at most once."""

    def __init__(self, tokens: Tokens, placeholders: Placeholders) -> None:
        self._tokens, self._placeholders = tokens, placeholders
        self._touched: list[str] = []

    def read(self) -> Assignments:
        found: dict[str, list[Any]] = {}
        while self._tokens.next.kind != "end":
            clause = self._tokens.expect("SET", "REMOVE", "ADD", "DELETE")
            if clause == "DELETE":
                raise NotImplementedError("the table holds no sets")
            if clause in found:
                message = f'The "{clause}" section can only be used once in an update expression;'
                raise complainer(_WHAT)(message)
            found[clause] = self._clause(clause)
        if len(set(self._touched)) != len(self._touched):
            twice = next(name for name in self._touched if self._touched.count(name) > 1)
            message = "Two document paths overlap with each other; must remove or rewrite one of these paths; "
            raise complainer(_WHAT)(f"{message}path one: [{twice}], path two: [{twice}]")
        return Assignments(
            tuple(found.get("SET", ())),
            tuple(name for name, _ in found.get("REMOVE", ())),
            tuple(found.get("ADD", ())),
            frozenset(self._touched),
        )

    def _clause(self, clause: str) -> list[Any]:
        entries = [self._entry(clause)]
        while self._tokens.take_if(","):
            entries.append(self._entry(clause))
        return entries

    def _entry(self, clause: str) -> tuple[str, Operand | None]:
        name = self._placeholders.name()
        self._touched.append(name)
        if clause == "REMOVE":
            return name, None
        if clause == "ADD":
            return name, self._placeholders.operand().read
        self._tokens.expect("=")
        return name, arithmetic(self._tokens, self._operand)

    def _operand(self) -> Operand:
        if not self._tokens.take_if("IF_NOT_EXISTS"):
            return self._placeholders.operand().read
        self._tokens.expect("(")
        name = self._placeholders.name()
        self._tokens.expect(",")
        otherwise = self._operand()
        self._tokens.expect(")")

        def first(item: Item, values: Values) -> Value | None:
            found = item.get(name)
            return otherwise(item, values) if found is None else found

        return first


def arithmetic(tokens: Tokens, operand: Any) -> Operand:
    """An operand, or two of them added or subtracted."""
    left: Operand = operand()
    sign = tokens.take_if("+", "-")
    if sign is None:
        return left
    right: Operand = operand()
    factor = 1 if sign == "+" else -1

    def total(item: Item, values: Values) -> Value | None:
        here, there = left(item, values), right(item, values)
        return None if here is None or there is None else added(here, there, factor)

    return total
