"""BatchExecuteStatement: each statement for itself; one that fails leaves the others as they are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.memory.capacity import Bill
from tests.memory.conditions import check_order
from tests.memory.partiql import Insert, Update, compiled
from tests.memory.reads import charged
from tests.memory.refusal import Refusal, condition_failed, invalid
from tests.memory.table import Table
from tests.memory.values import Row, measured

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.memory.store import Store

_LIMIT = 25
_KNOWN = frozenset({"Statement", "Parameters", "ReturnValuesOnConditionCheckFailure"})
_ITEM_ERRORS = {"ConditionalCheckFailedException": "ConditionalCheckFailed", "DuplicateItemException": "DuplicateItem"}
_MISSING_KEY = "Where clause does not contain a mandatory equality on all key attributes"


def batch_execute_statement(store: Store, params: Mapping[str, Any]) -> dict[str, Any]:
    """Runs up to 25 writes, in the given order; each has its own answer."""
    statements = params["Statements"]
    if not 1 <= len(statements) <= _LIMIT:
        few = not statements
        raise invalid(
            "1 validation error detected: Value '[]' at 'statements' failed to satisfy constraint: "
            "Member must have length greater than or equal to 1"
            if few
            else f"Member must have length less than or equal to {_LIMIT}"
        )
    bill = Bill(writes=True)
    answers = [_answer(store, statement, bill) for statement in statements]
    table = next(iter(store.tables.values()))
    return charged(store, "BatchExecuteStatement", params, {"Responses": answers}, table, bill, many=True)


def _answer(store: Store, statement: Mapping[str, Any], bill: Bill) -> dict[str, Any]:
    if not statement.keys() <= _KNOWN:
        raise NotImplementedError(f"a statement with {', '.join(sorted(statement.keys() - _KNOWN))}")
    table = ""
    try:
        made = compiled(statement["Statement"])
        parameters = statement.get("Parameters", [])
        if len(parameters) != made.parameters:
            raise invalid("Number of parameters in request and statement don't match.")
        table = made.table
        if isinstance(made, Insert):
            _insert(store, made, parameters, bill)
        else:
            _update(store, made, statement, bill)
    except Refusal as refusal:
        error: dict[str, Any] = {"Code": _code(refusal.code), "Message": refusal.message, **refusal.extra}
        named = {"TableName": table} if refusal.code in _ITEM_ERRORS else {}
        return {"Error": error} | named
    return {"TableName": table}


def _code(code: str) -> str:
    if code == "ValidationException":
        return "ValidationError"
    return _ITEM_ERRORS.get(code, code.removesuffix("Exception"))


def _insert(store: Store, made: Insert, parameters: list[Any], bill: Bill) -> None:
    table = store.table(made.table)
    item, size = measured({name: operand({}, parameters) or {} for name, operand in made.members})
    key = table.key_in(item)
    table.check(item, size)
    there = table.rows.get(key)
    if there is not None:
        bill.write((_units(there), {}))
        raise Refusal("DuplicateItemException", "Duplicate primary key exists in table")
    bill.write(store.commit(table, key, Row(item, size)))


def _update(store: Store, made: Update, statement: Mapping[str, Any], bill: Bill) -> None:
    table, parameters = store.table(made.table), statement.get("Parameters", [])
    key = _key(table, made, parameters)
    check_order(made.ordered, parameters, invalid)
    table.check({}, 0, touched=made.assignments.touched)
    old = table.rows.get(key)
    if old is None or not made.condition(old.item, parameters):
        bill.write((_units(old), {}))
        shown = statement.get("ReturnValuesOnConditionCheckFailure") == "ALL_OLD"
        raise condition_failed(dict(old.item) if old and shown else None)
    item, size = made.assignments.apply(old.item, old.size, parameters)
    table.check(item, size, touched=made.assignments.touched)
    bill.write(store.commit(table, key, Row(item, size), made.assignments.touched))


def _key(table: Table, made: Update, parameters: list[Any]) -> tuple[str, str]:
    names = [table.shape.hash_name] + ([table.shape.sort_name] if table.shape.sort_name else [])
    if not made.keys.keys() >= set(names):
        raise invalid(_MISSING_KEY)
    return table.key_of({name: made.keys[name]({}, parameters) for name in names})


def _units(row: Row | None) -> int:
    return max(1, -(-(row.size if row else 0) // 1024))
