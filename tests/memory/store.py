"""DynamoDB in memory: the calls our adapters make, with AWS's answers and errors, fast enough to simulate on.

What is not built raises NotImplementedError: nothing passes by silence. Values in answers are shared with the store.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from tests.memory import reads, statements, transactions, writes
from tests.memory.capacity import Meter
from tests.memory.lagging_index import Lag, at_once
from tests.memory.refusal import EXCEPTIONS, Refusal
from tests.memory.shape import TableShape, shape_of
from tests.memory.shelf import Key
from tests.memory.table import Table, no_such_table
from tests.memory.values import Item, Row

type Params = Mapping[str, Any]
type Answer = dict[str, Any]
type Observer = Callable[[str, Key, Item | None, Item | None], None]
"""Told of every change the moment it is committed: table, key, the item before and after (None: not there)."""

_OPERATIONS: dict[str, tuple[Callable[["Store", Params], Answer], frozenset[str]]] = {
    name: (operation, frozenset(known.split()) | {"ReturnConsumedCapacity"})
    for name, operation, known in (
        ("GetItem", reads.get_item, "TableName Key ConsistentRead ProjectionExpression ExpressionAttributeNames"),
        ("BatchGetItem", reads.batch_get_item, "RequestItems"),
        ("Query", reads.query, " ".join(reads.QUERY_PARAMETERS)),
        ("Scan", reads.scan, "TableName IndexName"),
        ("PutItem", writes.put_item, f"{writes.COMMON_PARAMETERS} Item"),
        ("UpdateItem", writes.update_item, f"{writes.COMMON_PARAMETERS} Key UpdateExpression"),
        ("DeleteItem", writes.delete_item, f"{writes.COMMON_PARAMETERS} Key"),
        ("BatchWriteItem", writes.batch_write_item, "RequestItems"),
        ("TransactWriteItems", transactions.transact_write_items, "TransactItems ClientRequestToken"),
        ("BatchExecuteStatement", statements.batch_execute_statement, "Statements"),
    )
}


class Store:
    """Tables behind one `call`. `now` is virtual time in UTC milliseconds; `lag` says how late indexes follow."""

    def __init__(
        self,
        now: Callable[[], int],
        tables: Iterable[TableShape] = (),
        *,
        lag: Lag = at_once,
        meter: Meter | None = None,
    ) -> None:
        self.now = now
        self._lag = lag
        self.tables = {shape.name: Table(shape, now, lag) for shape in tables}
        self.meter = meter
        self.observers: list[Observer] = []
        self.shown: Callable[[Item], Item] = dict
        """What an answer has of a whole item: a copy, unless whoever reads it is known to change nothing."""
        self.tokens: dict[str, transactions.Done] = {}

    def call(self, operation: str, params: Params) -> Answer:
        """What DynamoDB answers. Raises botocore's exceptions (`refusal.EXCEPTIONS`) when it refuses."""
        if operation == "CreateTable":
            return self._create(params)
        act, known = _OPERATIONS[operation]
        if not params.keys() <= known:
            raise NotImplementedError(f"{operation} with {', '.join(sorted(params.keys() - known))}")
        if self.meter is not None:
            self.meter.requests[operation] += 1
        try:
            return act(self, params)
        except Refusal as refusal:
            raise EXCEPTIONS.of(refusal, operation) from None

    def _create(self, params: Params) -> Answer:
        shape = shape_of(params["TableName"], params)
        self.tables[shape.name] = Table(shape, self.now, self._lag)
        return {"TableDescription": {"TableName": shape.name, "TableStatus": "ACTIVE"}}

    def table(self, name: str) -> Table:
        """The table of this name. Raises Refusal if there is none."""
        try:
            return self.tables[name]
        except KeyError:
            raise no_such_table() from None

    def items(self, table: str) -> list[Item]:
        """Everything in a table as it is this moment, for oracles and assertions; never to be changed."""
        return [row.item for row in self.tables[table].rows.values()]

    def commit(
        self, table: Table, key: Key, new: Row | None, touched: frozenset[str] | None = None
    ) -> tuple[int, dict[str, int]]:
        """Changes one row and tells the observers; returns the write units it takes."""
        if not self.observers:
            return table.change(key, new, touched)
        old = table.rows.get(key)
        units = table.change(key, new, touched)
        for observer in self.observers:
            observer(table.shape.name, key, old.item if old else None, new.item if new else None)
        return units
