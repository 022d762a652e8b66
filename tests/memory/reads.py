"""GetItem, BatchGetItem, Query and Scan."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.memory.capacity import Bill
from tests.memory.expressions import KeyCondition, key_condition, projection_of
from tests.memory.refusal import invalid
from tests.memory.values import Item

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.memory.lagging_index import LaggingIndex
    from tests.memory.shelf import Entry
    from tests.memory.store import Store
    from tests.memory.table import Table

QUERY_PARAMETERS = (
    "TableName", "IndexName", "KeyConditionExpression", "ExpressionAttributeNames", "ExpressionAttributeValues",
    "ScanIndexForward", "Limit", "ExclusiveStartKey", "ConsistentRead",
)  # fmt: skip
_GET_LIMIT = 100
_PAGE_BYTES = 1024 * 1024
_BATCH_BYTES = 16 * 1024 * 1024


def get_item(store: Store, params: Mapping[str, Any]) -> dict[str, Any]:
    """The item, if it is there: a read that is not consistent is answered as if it were."""
    table = store.table(params["TableName"])
    wanted = projection_of(params)
    row = table.rows.get(table.key_of(params["Key"]))
    answer: dict[str, Any] = {} if row is None else {"Item": _projected(row.item, wanted)}
    bill = Bill(writes=False)
    bill.read(row.size if row else 0, consistent=params.get("ConsistentRead", False))
    return charged(store, "GetItem", params, answer, table, bill)


def _projected(item: Item, wanted: tuple[str, ...] | None) -> Item:
    return dict(item) if wanted is None else {name: item[name] for name in wanted if name in item}


def batch_get_item(store: Store, params: Mapping[str, Any]) -> dict[str, Any]:
    """All items of the batch that exist."""
    ((name, request),) = params["RequestItems"].items()
    table = store.table(name)
    wanted = projection_of(request)
    if not 1 <= len(request["Keys"]) <= _GET_LIMIT:
        few = len(request["Keys"]) < 1
        raise invalid(
            f"1 validation error detected: Value at 'RequestItems.{name}.member.Keys' failed to satisfy constraint: "
            f"Member must have length {'greater' if few else 'less'} than or equal to {1 if few else _GET_LIMIT}"
        )
    keys = [table.key_of(key) for key in request["Keys"]]
    if len(set(keys)) != len(keys):
        raise invalid("Provided list of item keys contains duplicates")
    found, bill, consistent = [], Bill(writes=False), request.get("ConsistentRead", False)
    read, unprocessed = 0, []
    is_billed = store.meter is not None or "ReturnConsumedCapacity" in params
    for place, key in enumerate(keys):
        row = table.rows.get(key)
        if row is not None and read + row.size > _BATCH_BYTES:
            unprocessed.append(request["Keys"][place])
            continue
        if is_billed:
            bill.read(row.size if row else 0, consistent=consistent)
        if row is not None:
            read += row.size
            found.append(store.shown(row.item) if wanted is None else _projected(row.item, wanted))
    answer: dict[str, Any] = {"Responses": {name: found}, "UnprocessedKeys": {}}
    if unprocessed:
        answer["UnprocessedKeys"] = {name: {**request, "Keys": unprocessed}}
    return charged(store, "BatchGetItem", params, answer, table, bill, many=True)


def query(store: Store, params: Mapping[str, Any]) -> dict[str, Any]:
    """A page of a partition of the table, or of an index as it can be seen now."""
    table = store.table(params["TableName"])
    index = table.index(params["IndexName"]) if "IndexName" in params else None
    consistent = params.get("ConsistentRead", False)
    if index is not None and consistent:
        raise invalid("Consistent reads are not supported on global secondary indexes")
    names = params.get("ExpressionAttributeNames")
    shape = index.shape if index is not None else table.shape
    text, pairs = params["KeyConditionExpression"], tuple(names.items()) if names else ()
    condition = key_condition(text, pairs, shape.hash_name, shape.sort_name)
    partition, bounds = _bounds(condition, params, (shape.hash_name, shape.sort_name or ""))
    forward = params.get("ScanIndexForward", True)
    start = _start(table, index, params.get("ExclusiveStartKey"))
    shelf = table.shelf if index is None else index.shelf
    limit = params.get("Limit", 0)
    if "Limit" in params and limit < 1:
        raise invalid("Limit must be greater than or equal to 1")
    items: list[Item] = []
    read, last = 0, None
    for entry in shelf.range(partition, condition, bounds, start, forward=forward):
        row = (table.rows if index is None else index.images)[entry[1]]
        if items and read + row.size > _PAGE_BYTES:
            last = items[-1]
            break
        read += row.size
        items.append(store.shown(row.item))
        if len(items) == limit:
            last = row.item
            break
    answer: dict[str, Any] = {"Items": items, "Count": len(items), "ScannedCount": len(items)}
    if last is not None:
        answer["LastEvaluatedKey"] = {name: last[name] for name in _cursor_names(table, index)}
    bill = Bill(writes=False)
    bill.read(read, consistent=consistent, index=params.get("IndexName"))
    return charged(store, "Query", params, answer, table, bill)


def _bounds(condition: KeyCondition, params: Mapping[str, Any], key_names: tuple[str, str]) -> tuple[str, list[str]]:
    values, names = params.get("ExpressionAttributeValues", {}), params.get("ExpressionAttributeNames") or {}
    if values.keys() != condition.values or names.keys() != condition.names:
        _complain(condition, values, names)
    texts = []
    for placeholder in (condition.hash_value, *condition.sort_values):
        if "S" not in values[placeholder]:
            raise invalid(
                "One or more parameter values were invalid: Condition parameter type does not match schema type"
            )
        texts.append(values[placeholder]["S"])
    if "" in texts:
        name = key_names[0] if not texts[0] else key_names[1]
        raise invalid(
            "One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an "
            f"empty string value. Key: {name}"
        )
    partition, *bounds = texts
    if condition.sign == "between" and bounds[0] > bounds[1]:
        raise invalid(
            "Invalid KeyConditionExpression: The BETWEEN operator requires upper bound to be greater than or equal to "
            f"lower bound; lower bound operand: AttributeValue: {{S:{bounds[0]}}}, upper bound operand: "
            f"AttributeValue: {{S:{bounds[1]}}}"
        )
    return partition, bounds


def _complain(condition: KeyCondition, values: Mapping[str, Any], names: Mapping[str, str]) -> None:
    if missing := sorted(condition.values - values.keys()):
        raise invalid(
            "Invalid KeyConditionExpression: An expression attribute value used in expression is not defined; "
            f"attribute value: {missing[0]}"
        )
    for what, unused in (("Values", values.keys() - condition.values), ("Names", names.keys() - condition.names)):
        if unused:
            keys = ", ".join(sorted(unused))
            raise invalid(f"Value provided in ExpressionAttribute{what} unused in expressions: keys: {{{keys}}}")


def _cursor_names(table: Table, index: LaggingIndex | None) -> list[str]:
    names = [table.shape.hash_name] + ([table.shape.sort_name] if table.shape.sort_name else [])
    return names if index is None else [*names, index.shape.hash_name, index.shape.sort_name]


def _start(table: Table, index: LaggingIndex | None, cursor: Mapping[str, Any] | None) -> Entry | None:
    if cursor is None:
        return None
    if cursor.keys() != set(_cursor_names(table, index)):
        raise invalid("The provided starting key is invalid")
    key = table.key_in(cursor)
    return (key[1] if index is None else cursor[index.shape.sort_name]["S"]), key


def scan(store: Store, params: Mapping[str, Any]) -> dict[str, Any]:
    """Everything in one page, for tests that look: no adapter scans."""
    table = store.table(params["TableName"])
    index = table.index(params["IndexName"]) if "IndexName" in params else None
    rows = table.rows if index is None else index.images
    items = [dict(row.item) for row in rows.values()]
    return {"Items": items, "Count": len(items), "ScannedCount": len(items)}


def charged(
    store: Store,
    operation: str,
    params: Mapping[str, Any],
    answer: dict[str, Any],
    table: Table,
    bill: Bill,
    *,
    many: bool = False,
) -> dict[str, Any]:
    """The answer with what it took, if that was asked for; and notes it on the store's meter."""
    if store.meter is not None:
        (store.meter.write_units if bill.writes else store.meter.read_units)[operation] += bill.total  # type: ignore[assignment]
    wanted = params.get("ReturnConsumedCapacity", "NONE")
    if wanted != "NONE":
        entry = bill.report(table.shape.name, wanted)
        answer["ConsumedCapacity"] = [entry] if many else entry
    return answer
