"""Condition, update, projection and key expressions of the item calls, compiled once for each text and its names."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from moto.dynamodb.parsing.reserved_keywords import ReservedKeywords

from tests.memory.conditions import Condition, ConditionParser, Operand, Term, check_order
from tests.memory.refusal import invalid
from tests.memory.tokens import Tokens, complainer
from tests.memory.updates import Assignments, UpdateParser
from tests.memory.values import Value

type Names = tuple[tuple[str, str], ...]
_RESERVED = frozenset(word.upper() for word in ReservedKeywords.get_reserved_keywords())
_NOTHING: frozenset[str] = frozenset()


class Placeholders:
    """Looks names and values up for a parser and notes which of them an expression uses."""

    def __init__(self, tokens: Tokens, what: str, names: Names) -> None:
        self.tokens, self._names, self._complain = tokens, dict(names), complainer(what)
        self.used_names: set[str] = set()
        self.used_values: set[str] = set()

    def name(self) -> str:
        """An attribute."""
        name, *inner = self._path()
        if inner:
            raise NotImplementedError("no adapter changes a part of a value")
        return name

    def attribute(self) -> Term:
        """An attribute, or a member of the map that it is."""
        name, *inner = self._path()
        if not inner:
            return Term(lambda item, values: item.get(name), attribute=name)
        return Term(lambda item, values: _member(item.get(name), inner))

    def _path(self) -> list[str]:
        path = [self._name()]
        while self.tokens.take_if("."):
            path.append(self._name())
        if self.tokens.next.text == "[":
            raise NotImplementedError("no adapter reaches into a list")
        return path

    def _name(self) -> str:
        token = self.tokens.take()
        if token.kind == "reference" and token.text[0] == "#":
            if token.text not in self._names:
                message = "An expression attribute name used in the document path is not defined; attribute name: "
                raise self._complain(message + token.text)
            self.used_names.add(token.text)
            return self._names[token.text]
        if token.kind != "word":
            raise self._complain(f'Syntax error; token: "{token.text}"')
        if token.text.upper() in _RESERVED:
            raise self._complain(f"Attribute name is a reserved keyword; reserved keyword: {token.text}")
        return token.text

    def operand(self) -> Term:
        token = self.tokens.next
        if token.kind == "reference" and token.text[0] == ":":
            self.used_values.add(self.tokens.take().text)
            return Term(_value(token.text), given=token.text)
        return self.attribute()


def _member(value: Value | None, path: list[str]) -> Value | None:
    for name in path:
        value = value["M"].get(name) if value is not None and "M" in value else None
    return value


def _value(placeholder: str) -> Operand:
    return lambda item, values: values[placeholder]


class _ConditionOfItem(ConditionParser):
    def __init__(self, tokens: Tokens, placeholders: Placeholders) -> None:
        super().__init__(tokens)
        self._placeholders = placeholders

    def attribute(self) -> Term:
        return self._placeholders.attribute()

    def operand(self) -> Term:
        return self._placeholders.operand()


@dataclass(frozen=True, slots=True)
class Plan:
    """What a write does if its condition holds, and the names and values that must be given with it."""

    condition: Condition | None
    update: Assignments | None
    names: frozenset[str]
    values: frozenset[str]
    ordered: tuple[tuple[str | int, str], ...]


@cache
def plan(condition: str | None, update: str | None, names: Names) -> Plan:
    """The compiled expressions of a write. Raises Refusal for what DynamoDB does not understand."""
    used_names: set[str] = set()
    used_values: set[str] = set()

    def compiled[Result](text: str | None, what: str, read: Callable[[Tokens, Placeholders], Result]) -> Result | None:
        if text is None:
            return None
        tokens = Tokens(text, complainer(what))
        if tokens.next.kind == "end":
            raise complainer(what)("The expression can not be empty;")
        placeholders = Placeholders(tokens, what, names)
        result = read(tokens, placeholders)
        if tokens.next.kind != "end":
            raise tokens.wrong()
        used_names.update(placeholders.used_names)
        used_values.update(placeholders.used_values)
        return result

    assignments = compiled(update, "UpdateExpression", lambda tokens, holders: UpdateParser(tokens, holders).read())
    ordered: list[tuple[str | int, str]] = []

    def read_condition(tokens: Tokens, placeholders: Placeholders) -> Condition:
        parser = _ConditionOfItem(tokens, placeholders)
        holds = parser.condition()
        ordered.extend(parser.ordered)
        return holds

    holds = compiled(condition, "ConditionExpression", read_condition)
    return Plan(holds, assignments, frozenset(used_names), frozenset(used_values), tuple(ordered))


def plan_of(params: Mapping[str, Any]) -> Plan:
    """The plan of a call, checked against the names and values it brings."""
    names, values = params.get("ExpressionAttributeNames"), params.get("ExpressionAttributeValues")
    made = plan(
        params.get("ConditionExpression"), params.get("UpdateExpression"), tuple(names.items()) if names else ()
    )
    if (values.keys() if values else _NOTHING) != made.values:
        _complain_of_values(params, made)
    if names and names.keys() != made.names:
        unused = ", ".join(sorted(names.keys() - made.names))
        raise invalid(f"Value provided in ExpressionAttributeNames unused in expressions: keys: {{{unused}}}")
    if made.ordered:
        check_order(made.ordered, values, complainer("ConditionExpression"))
    return made


def _complain_of_values(params: Mapping[str, Any], made: Plan) -> None:
    values = params.get("ExpressionAttributeValues") or {}
    if missing := sorted(made.values - values.keys()):
        condition = params.get("ConditionExpression") or ""
        what = "ConditionExpression" if missing[0] in condition else "UpdateExpression"
        message = f"An expression attribute value used in expression is not defined; attribute value: {missing[0]}"
        raise complainer(what)(message)
    unused = ", ".join(sorted(values.keys() - made.values))
    raise invalid(f"Value provided in ExpressionAttributeValues unused in expressions: keys: {{{unused}}}")


@cache
def projection(text: str, names: Names) -> tuple[str, ...]:
    """The attributes a projection asks for."""
    tokens = Tokens(text, complainer("ProjectionExpression"))
    placeholders = Placeholders(tokens, "ProjectionExpression", names)
    wanted = [placeholders.name()]
    while tokens.take_if(","):
        wanted.append(placeholders.name())
    if tokens.next.kind != "end":
        raise tokens.wrong()
    if unused := sorted(dict(names).keys() - placeholders.used_names):
        raise invalid(
            f"Value provided in ExpressionAttributeNames unused in expressions: keys: {{{', '.join(unused)}}}"
        )
    return tuple(wanted)


def projection_of(params: Mapping[str, Any]) -> tuple[str, ...] | None:
    """The attributes a read asks for, or None for all of them."""
    text = params.get("ProjectionExpression")
    if text is None:
        return None
    return projection(text, tuple(params.get("ExpressionAttributeNames", {}).items()))


@dataclass(frozen=True, slots=True)
class KeyCondition:
    """An equality on the hash key, and what the sort key must be: a sign (empty: anything) and its placeholders."""

    hash_value: str
    sign: str
    sort_values: tuple[str, ...]
    names: frozenset[str]
    values: frozenset[str]


@cache
def key_condition(text: str, names: Names, hash_name: str, sort_name: str | None) -> KeyCondition:
    """The compiled condition of a query. Raises Refusal for one that names other attributes or no hash key."""
    tokens = Tokens(text, complainer("KeyConditionExpression"))
    placeholders = Placeholders(tokens, "KeyConditionExpression", names)
    found: dict[str, tuple[str, tuple[str, ...]]] = {}
    while True:
        name, sign, values = _key_clause(tokens, placeholders)
        found[name] = sign, values
        if not tokens.take_if("AND"):
            break
    if tokens.next.kind != "end":
        raise tokens.wrong()
    if found.get(hash_name, ("", ()))[0] != "=":
        raise invalid(f"Query condition missed key schema element: {hash_name}")
    if found.keys() - {hash_name, sort_name}:
        raise invalid("Query key condition not supported")
    sign, sort_values = found.get(sort_name or "", ("", ()))
    if sign == "<>":
        raise invalid("Unsupported operator on KeyCondition")
    hash_value = found[hash_name][1][0]
    used = frozenset({hash_value, *sort_values})
    return KeyCondition(hash_value, sign, sort_values, frozenset(placeholders.used_names), used)


def _key_clause(tokens: Tokens, placeholders: Placeholders) -> tuple[str, str, tuple[str, ...]]:
    def value() -> str:
        token = tokens.next
        if token.kind != "reference" or token.text[0] != ":":
            raise tokens.wrong()
        return tokens.take().text

    if tokens.take_if("BEGINS_WITH"):
        tokens.expect("(")
        name = placeholders.name()
        tokens.expect(",")
        prefix = value()
        tokens.expect(")")
        return name, "begins_with", (prefix,)
    name = placeholders.name()
    if tokens.take_if("BETWEEN"):
        low = value()
        tokens.expect("AND")
        return name, "between", (low, value())
    return name, tokens.expect("=", "<", "<=", ">", ">="), (value(),)
