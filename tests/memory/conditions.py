"""Conditions, compiled once to closures over (item, values); an item that is not there is an empty one."""

from collections.abc import Callable, Iterable
from operator import ge, gt, le, lt
from typing import Any, NamedTuple

from tests.memory.refusal import Refusal
from tests.memory.tokens import Tokens
from tests.memory.values import Item, Value, comparable, equal

type Values = Any
"""Mapping of placeholders, or a list of positional parameters."""
type Operand = Callable[[Item, Values], Value | None]
type Condition = Callable[[Item, Values], bool]

_WITH_ORDER = frozenset({"S", "N", "B"})
_COMPARATORS = ("=", "<>", "<", "<=", ">", ">=")
_ORDER: dict[str, Callable[[Any, Any], bool]] = {"<": lt, "<=": le, ">": gt, ">=": ge}


class Term(NamedTuple):
    """An operand: how to read it, and its attribute, or what stands for it when it comes with the call."""

    read: Operand
    attribute: str | None = None
    given: str | int | None = None


class ConditionParser:
    """Reads conditions; what an operand looks like is said by its subclasses."""

    def __init__(self, tokens: Tokens) -> None:
        self.tokens = tokens
        self.equalities: dict[str, Operand] = {}
        """What attributes must be equal to, wherever the whole condition depends on it."""
        self.ordered: list[tuple[str | int, str]] = []
        """Which values that come with the call must have an order, and for which comparison."""
        self._free = 0

    def operand(self) -> Term:
        """The operand that comes next."""
        raise NotImplementedError

    def attribute(self) -> Term:
        """The attribute that comes next."""
        raise NotImplementedError

    def condition(self) -> Condition:
        parts = [self._conjunction()]
        while self.tokens.take_if("OR"):
            self.equalities.clear()
            self._free += 1
            parts.append(self._conjunction())
            self._free -= 1
            self.equalities.clear()
        if len(parts) == 1:
            return parts[0]
        return lambda item, values: any(part(item, values) for part in parts)

    def _conjunction(self) -> Condition:
        parts = [self._negation()]
        while self.tokens.take_if("AND"):
            parts.append(self._negation())
        return _all(parts)

    def _negation(self) -> Condition:
        if not self.tokens.take_if("NOT"):
            return self._primary()
        self._free += 1
        inner = self._negation()
        self._free -= 1
        return lambda item, values: not inner(item, values)

    def _primary(self) -> Condition:
        if self.tokens.take_if("("):
            inner = self.condition()
            self.tokens.expect(")")
            return inner
        if function := self.tokens.take_if("ATTRIBUTE_EXISTS", "ATTRIBUTE_NOT_EXISTS", "BEGINS_WITH"):
            return self._function(function)
        return self._comparison()

    def _function(self, function: str) -> Condition:
        self.tokens.expect("(")
        attribute = self.attribute().read
        prefix: Operand = lambda item, values: None  # noqa: E731
        if function == "BEGINS_WITH":
            self.tokens.expect(",")
            prefix = self.operand().read
        self.tokens.expect(")")
        if function == "BEGINS_WITH":
            return lambda item, values: _begins(attribute(item, values), prefix(item, values))
        if function == "ATTRIBUTE_EXISTS":
            return lambda item, values: attribute(item, values) is not None
        return lambda item, values: attribute(item, values) is None

    def _comparison(self) -> Condition:
        term = self.operand()
        left = term.read
        if self.tokens.take_if("BETWEEN"):
            low = self._ordered("BETWEEN")
            self.tokens.expect("AND")
            high = self._ordered("BETWEEN")
            return _all([_compared(left, ">=", low), _compared(left, "<=", high)])
        if self.tokens.take_if("IN"):
            return self._among(left)
        sign = self.tokens.expect(*_COMPARATORS)
        right = self.operand().read if sign in {"=", "<>"} else self._ordered(sign)
        if sign == "=" and term.attribute is not None and not self._free:
            self.equalities[term.attribute] = right
        return _compared(left, sign, right)

    def _ordered(self, sign: str) -> Operand:
        term = self.operand()
        if term.given is not None:
            self.ordered.append((term.given, sign))
        return term.read

    def _among(self, left: Operand) -> Condition:
        self.tokens.expect("(")
        options = [self.operand().read]
        while self.tokens.take_if(","):
            options.append(self.operand().read)
        self.tokens.expect(")")
        choices = [_compared(left, "=", option) for option in options]
        return lambda item, values: any(choice(item, values) for choice in choices)


def check_order(ordered: Iterable[tuple[str | int, str]], values: Values, complain: Callable[[str], Refusal]) -> None:
    """Raises Refusal if something shall be compared that has no order."""
    for given, sign in ordered:
        if values[given].keys().isdisjoint(_WITH_ORDER):
            kind = next(iter(values[given]))
            message = f"operator or function: {sign}, operand type: {kind}"
            raise complain(f"Incorrect operand type for operator or function; {message}")


def _all(parts: list[Condition]) -> Condition:
    if len(parts) == 1:
        return parts[0]
    if len(parts) == 2:
        first, second = parts
        return lambda item, values: first(item, values) and second(item, values)

    def holds(item: Item, values: Values) -> bool:
        for part in parts:  # noqa: SIM110 - a generator costs more than the parts
            if not part(item, values):
                return False
        return True

    return holds


def _compared(left: Operand, sign: str, right: Operand) -> Condition:
    if sign == "=":

        def same(item: Item, values: Values) -> bool:
            here, there = left(item, values), right(item, values)
            return here is not None and there is not None and (here == there or equal(here, there))

        return same
    if sign == "<>":

        def differs(item: Item, values: Values) -> bool:
            here, there = left(item, values), right(item, values)
            return here is None or there is None or not equal(here, there)

        return differs
    fits = _ORDER[sign]

    def ordered(item: Item, values: Values) -> bool:
        here, there = left(item, values), right(item, values)
        if here is None or there is None:
            return False
        pair = comparable(here, there)
        return pair is not None and fits(*pair)

    return ordered


def _begins(value: Value | None, prefix: Value | None) -> bool:
    return bool(value and prefix and "S" in value and "S" in prefix and value["S"].startswith(prefix["S"]))
