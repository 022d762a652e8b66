"""PutItem, UpdateItem, DeleteItem and BatchWriteItem; a transaction prepares its members with the same steps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from tests.memory.capacity import Bill
from tests.memory.expressions import plan_of
from tests.memory.reads import charged
from tests.memory.refusal import condition_failed, invalid
from tests.memory.table import Table
from tests.memory.values import Item, Row, measured

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tests.memory.conditions import Condition
    from tests.memory.shelf import Key
    from tests.memory.store import Store

COMMON_PARAMETERS = (
    "TableName ConditionExpression ExpressionAttributeNames ExpressionAttributeValues ReturnValues"
    " ReturnValuesOnConditionCheckFailure"
)
_WRITE_LIMIT = 25
_NO_ITEM: Item = {}


class Prepared(NamedTuple):
    """A write that only has to be committed, if its condition holds. `touched` None: the whole item."""

    table: Table
    key: Key
    old: Row | None
    new: Row | None
    holds: bool
    touched: frozenset[str] | None


def prepare_put(store: Store, params: Mapping[str, Any]) -> Prepared:
    table, plan = store.table(params["TableName"]), plan_of(params)
    item, size = measured(params["Item"])
    key = table.key_in(item)
    table.check(item, size)
    old = table.rows.get(key)
    holds = plan.condition is None or _holds(plan.condition, old, params)
    return Prepared(table, key, old, Row(item, size), holds, None)


def prepare_update(store: Store, params: Mapping[str, Any]) -> Prepared:
    table, plan = store.table(params["TableName"]), plan_of(params)
    key = table.key_of(params["Key"])
    old = table.rows.get(key)
    if plan.condition is not None and not _holds(plan.condition, old, params):
        return Prepared(table, key, old, None, holds=False, touched=None)
    item, size = (old.item, old.size) if old else measured(params["Key"])
    touched: frozenset[str] = frozenset()
    if plan.update is not None:
        touched = plan.update.touched
        table.check(_NO_ITEM, 0, touched=touched)
        item, size = plan.update.apply(
            old.item if old else item, size, params.get("ExpressionAttributeValues", _NO_ITEM)
        )
    table.check(item, size, touched=touched)
    return Prepared(table, key, old, Row(item, size), holds=True, touched=touched)


def prepare_delete(store: Store, params: Mapping[str, Any]) -> Prepared:
    table, plan = store.table(params["TableName"]), plan_of(params)
    key = table.key_of(params["Key"])
    old = table.rows.get(key)
    holds = plan.condition is None or _holds(plan.condition, old, params)
    return Prepared(table, key, old, None, holds, None)


def _holds(condition: Condition, old: Row | None, params: Mapping[str, Any]) -> bool:
    return condition(old.item if old else _NO_ITEM, params.get("ExpressionAttributeValues", _NO_ITEM))


def put_item(store: Store, params: Mapping[str, Any]) -> dict[str, Any]:
    """Writes the whole item."""
    return _write(store, "PutItem", params, prepare_put)


def update_item(store: Store, params: Mapping[str, Any]) -> dict[str, Any]:
    """Changes some attributes; makes the item if it is not there."""
    return _write(store, "UpdateItem", params, prepare_update)


def delete_item(store: Store, params: Mapping[str, Any]) -> dict[str, Any]:
    """Removes the item, if it is there."""
    return _write(store, "DeleteItem", params, prepare_delete)


def _write(
    store: Store,
    operation: str,
    params: Mapping[str, Any],
    prepare: Callable[[Store, Mapping[str, Any]], Prepared],
) -> dict[str, Any]:
    table, key, old, new, holds, touched = prepare(store, params)
    bill = Bill(writes=True)
    if not holds:
        if store.meter is not None:
            bill.write((max(1, -(-(old.size if old else 0) // 1024)), {}))
            charged(store, operation, {}, {}, table, bill)
        shown = params.get("ReturnValuesOnConditionCheckFailure") == "ALL_OLD"
        raise condition_failed(dict(old.item) if old and shown else None)
    bill.write(store.commit(table, key, new, touched))
    answer: dict[str, Any] = {}
    match params.get("ReturnValues", "NONE"):
        case "ALL_NEW" if new is not None and operation == "UpdateItem":
            answer["Attributes"] = store.shown(new.item)
        case "ALL_OLD":
            if old is not None:
                answer["Attributes"] = dict(old.item)
        case "NONE":
            pass
        case other:
            raise NotImplementedError(f"{operation} with ReturnValues={other}")
    return charged(store, operation, params, answer, table, bill)


def batch_write_item(store: Store, params: Mapping[str, Any]) -> dict[str, Any]:
    """Puts and deletes without conditions, all of them checked before the first one is done."""
    ((name, requests),) = params["RequestItems"].items()
    table = store.table(name)
    if not 1 <= len(requests) <= _WRITE_LIMIT:
        raise invalid(
            "1 validation error detected: Value at 'requestItems' failed to satisfy constraint: Map value must satisfy "
            f"constraint: [Member must have length less than or equal to {_WRITE_LIMIT}, "
            "Member must have length greater than or equal to 1]"
        )
    changes = [_batch_member(store, name, request) for request in requests]
    if len({change.key for change in changes}) != len(changes):
        raise invalid("Provided list of item keys contains duplicates")
    bill = Bill(writes=True)
    for change in changes:
        bill.write(store.commit(table, change.key, change.new))
    answer: dict[str, Any] = {"UnprocessedItems": {}}
    return charged(store, "BatchWriteItem", params, answer, table, bill, many=True)


def _batch_member(store: Store, table: str, request: Mapping[str, Any]) -> Prepared:
    ((kind, member),) = request.items()
    prepare = {"PutRequest": prepare_put, "DeleteRequest": prepare_delete}[kind]
    return prepare(store, {"TableName": table, **member})
