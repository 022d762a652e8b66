"""PartiQL statements, compiled once for each text: INSERT and UPDATE of one item, as adapters write them."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from tests.memory.conditions import Condition, ConditionParser, Operand, Term
from tests.memory.refusal import Refusal, invalid
from tests.memory.tokens import Tokens
from tests.memory.updates import Assignments, arithmetic
from tests.memory.values import Value

_LITERALS: dict[str, Value] = {"TRUE": {"BOOL": True}, "FALSE": {"BOOL": False}, "NULL": {"NULL": True}}


@dataclass(frozen=True, slots=True)
class Insert:
    """A new item, attribute by attribute."""

    table: str
    members: tuple[tuple[str, Operand], ...]
    parameters: int


@dataclass(frozen=True, slots=True)
class Update:
    """A change of the item whose key is in `keys`, if the condition holds."""

    table: str
    assignments: Assignments
    keys: dict[str, Operand]
    condition: Condition
    ordered: tuple[tuple[str | int, str], ...]
    parameters: int


def _complain(message: str) -> Refusal:
    return invalid(f"Statement wasn't well formed, can't be processed: {message}")


class _StatementParser(ConditionParser):
    """Reads one statement; parameters are counted from left to right."""

    def __init__(self, text: str) -> None:
        super().__init__(Tokens(text, _complain))
        self.parameters = 0

    def name(self) -> str:
        token = self.tokens.take()
        if token.kind == "quoted":
            name = token.text[1:-1].replace('""', '"')
        elif token.kind == "word":
            name = token.text
        else:
            raise _complain(f"Unexpected token: {token.text}")
        if self.tokens.next.text in {".", "["}:
            raise NotImplementedError("no adapter reaches into a value")
        return name

    def operand(self) -> Term:
        token = self.tokens.next
        if token.text == "?":
            self.tokens.take()
            self.parameters += 1
            place = self.parameters - 1
            return Term(_parameter(place), given=place)
        if token.kind in {"string", "number"} or token.text.upper() in _LITERALS:
            return Term(_constant(_literal(self.tokens.take().text)))
        return self.attribute()

    def attribute(self) -> Term:
        name = self.name()
        return Term(lambda item, values: item.get(name), attribute=name)

    def _comparison(self) -> Condition:
        """Adds `IS [NOT] MISSING` to what conditions can say."""
        following = self.tokens.after_next
        if following.text.upper() != "IS":
            return super()._comparison()
        name = self.name()
        self.tokens.expect("IS")
        wanted = self.tokens.take_if("NOT") is not None
        self.tokens.expect("MISSING")
        return lambda item, values: (name in item) is wanted

    def statement(self) -> Insert | Update:
        verb = self.tokens.take_if("INSERT", "UPDATE")
        if verb is None:
            raise NotImplementedError(f"no adapter says {self.tokens.next.text}")
        made = self._insert() if verb == "INSERT" else self._update()
        if self.tokens.next.kind != "end":
            raise self.tokens.wrong()
        return made

    def _insert(self) -> Insert:
        self.tokens.expect("INTO")
        table = self.name()
        self.tokens.expect("VALUE")
        self.tokens.expect("{")
        members = [self._member()]
        while self.tokens.take_if(","):
            members.append(self._member())
        self.tokens.expect("}")
        return Insert(table, tuple(members), self.parameters)

    def _member(self) -> tuple[str, Operand]:
        token = self.tokens.take()
        if token.kind != "string":
            raise _complain(f"Unexpected token: {token.text}")
        self.tokens.expect(":")
        return token.text[1:-1].replace("''", "'"), self.operand().read

    def _update(self) -> Update:
        table = self.name()
        sets: list[tuple[str, Operand]] = []
        removes: list[str] = []
        while clause := self.tokens.take_if("SET", "REMOVE"):
            self._change(clause, sets, removes)
            while self.tokens.take_if(","):
                self._change(clause, sets, removes)
        if not sets and not removes:
            raise self.tokens.wrong()
        self.tokens.expect("WHERE")
        condition = self.condition()
        touched = frozenset(name for name, _ in sets) | set(removes)
        if len(touched) != len(sets) + len(removes):
            raise invalid("Two document paths overlap with each other; must remove or rewrite one of these paths")
        assignments = Assignments(tuple(sets), tuple(removes), (), touched)
        return Update(table, assignments, dict(self.equalities), condition, tuple(self.ordered), self.parameters)

    def _change(self, clause: str, sets: list[tuple[str, Operand]], removes: list[str]) -> None:
        name = self.name()
        if clause == "REMOVE":
            removes.append(name)
            return
        self.tokens.expect("=")
        sets.append((name, arithmetic(self.tokens, lambda: self.operand().read)))


def _parameter(place: int) -> Operand:
    return lambda item, values: values[place]


def _constant(value: Value) -> Operand:
    return lambda item, values: value


def _literal(text: str) -> Any:
    if text.upper() in _LITERALS:
        return _LITERALS[text.upper()]
    return {"S": text[1:-1].replace("''", "'")} if text[0] == "'" else {"N": text}


@cache
def compiled(statement: str) -> Insert | Update:
    """The statement, ready to run. Raises Refusal for what DynamoDB does not understand."""
    return _StatementParser(statement).statement()
