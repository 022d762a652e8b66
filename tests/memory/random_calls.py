"""Random DynamoDB calls in the shapes our adapters use, and with the mistakes one can make in them.

Left out is what MiniStack gets wrong (tests/ministack/test_memory_conforms.py names it).
"""

from collections.abc import Callable
from random import Random
from typing import Any

from tests.memory.random_parts import FREE, PLACES, RandomParts

type Call = tuple[str, dict[str, Any]]


class RandomCalls(RandomParts):
    """Draws calls about a few items of one table."""

    def __init__(self, random: Random, table: str, scope: str) -> None:
        super().__init__(random, scope)
        self._table = table
        self._shapes: tuple[tuple[int, Callable[[], Call]], ...] = (
            (4, self.put), (8, self.update), (2, self.delete), (3, self.get), (2, self.batch_get), (3, self.query),
            (3, self.query_index), (1, self.batch_write), (4, self.transact), (5, self.execute),
        )  # fmt: skip

    def next(self) -> Call:
        weights = [weight for weight, _ in self._shapes]
        ((_, shape),) = self._random.choices(self._shapes, weights)
        self._careful = shape in {self.transact, self.execute}
        operation, params = shape()
        if self._random.random() < 0.3:
            params["ReturnConsumedCapacity"] = self._choice(("INDEXES", "TOTAL"))
        return operation, params

    def put(self) -> Call:
        params = {"TableName": self._table, "Item": self.key() | self.attributes()}
        return "PutItem", self._returning(self.expressions(params, condition=self._random.random() < 0.5), "ALL_OLD")

    def update(self) -> Call:
        params = {"TableName": self._table, "Key": self.key()}
        misspelled = self._random.random() < 0.02
        condition = not misspelled and self._random.random() < 0.7
        made = self.expressions(params, condition=condition, update=True)
        if misspelled:
            made["UpdateExpression"] = self.misspelled(made["UpdateExpression"])
        return "UpdateItem", self._returning(made, "ALL_NEW")

    def delete(self) -> Call:
        params = {"TableName": self._table, "Key": self.key()}
        return "DeleteItem", self._returning(self.expressions(params, condition=self._random.random() < 0.6), "ALL_OLD")

    def _returning(self, params: dict[str, Any], values: str) -> dict[str, Any]:
        if self._random.random() < 0.6:
            params["ReturnValues"] = self._choice((values, "ALL_OLD", "NONE"))
        if "ConditionExpression" in params and self._random.random() < 0.6:
            params["ReturnValuesOnConditionCheckFailure"] = "ALL_OLD"
        return params

    def get(self) -> Call:
        consistent = self._random.random() < 0.8
        return "GetItem", {
            "TableName": self._table,
            "Key": self.key(),
            "ConsistentRead": consistent,
        } | self._projection()

    def batch_get(self) -> Call:
        keys = [self.key() for _ in range(self._random.randrange(1, 6))]
        if self._random.random() < 0.9:
            keys = list({repr(key): key for key in keys}.values())
        if self._random.random() < 0.02:
            keys = [{"PK": {"S": self._scope}, "SK": {"S": str(number)}} for number in range(101)]
        return "BatchGetItem", {
            "RequestItems": {self._table: {"Keys": keys, "ConsistentRead": True} | self._projection()}
        }

    def _projection(self) -> dict[str, Any]:
        if self._random.random() < 0.6:
            return {}
        names = {f"#{place}": name for place, name in enumerate(("PK", "SK", self._choice(FREE)))}
        return {"ProjectionExpression": ",".join(names), "ExpressionAttributeNames": names}

    def query(self) -> Call:
        partition = f"{self._scope}{self._choice('12')}"
        params = self._query(partition, "PK", "SK", ("1", "10", "2", "3", "31"))
        if self._random.random() < 0.2:
            params["ExclusiveStartKey"] = self._cursor(params, partition, self._choice(("1", "10", "2", "25")))
        return "Query", params | {"ConsistentRead": True}

    def _cursor(self, params: dict[str, Any], partition: str, sort: str) -> dict[str, Any]:
        """Only where any key may be given: with a condition on the sort key the cursor has to satisfy it."""
        params["KeyConditionExpression"] = "PK = :p"
        params["ExpressionAttributeValues"] = {":p": {"S": partition}}
        return {"PK": {"S": partition}, "SK": {"S": sort}}

    def query_index(self) -> Call:
        index, hash_name, sort_name = self._choice(
            (("queue", "qpk", "qsk"), ("status", "spk", "ssk"), ("related", "rpk", "rsk"))
        )
        partition = self._scope + self._choice(PLACES[hash_name])
        params = self._query(partition, hash_name, sort_name, PLACES[sort_name])
        if self._random.random() < 0.03:
            params["ConsistentRead"] = True
        return "Query", params | {"IndexName": index}

    def _query(self, partition: str, hash_name: str, sort_name: str, sorts: tuple[str, ...]) -> dict[str, Any]:
        values = {":p": {"S": partition}}
        kind = self._choice(("", "", "between", "begins_with", "<", "<=", ">", ">=", "="))
        text = f"{hash_name} = :p"
        if kind:
            values[":a"] = {"S": self._choice(sorts)}
            text += {
                "between": f" AND {sort_name} BETWEEN :a AND :b",
                "begins_with": f" AND begins_with({sort_name}, :a)",
            }.get(kind, f" AND {sort_name} {kind} :a")
        if kind == "between":
            values[":b"] = {"S": self._choice(sorts)}
        params: dict[str, Any] = {
            "TableName": self._table,
            "KeyConditionExpression": text,
            "ExpressionAttributeValues": values,
            "ScanIndexForward": self._random.random() < 0.7,
        }
        return params | ({"Limit": self._random.randrange(1, 4)} if self._random.random() < 0.4 else {})

    def batch_write(self) -> Call:
        wanted: list[dict[str, Any]] = []
        for _ in range(self._choice((1, 2, 3, 26)) if self._random.random() < 0.1 else self._random.randrange(1, 4)):
            if self._random.random() < 0.5:
                wanted.append({"DeleteRequest": {"Key": self.key()}})
            else:
                wanted.append({"PutRequest": {"Item": self.key() | self.attributes()}})
        return "BatchWriteItem", {"RequestItems": {self._table: wanted}}

    def transact(self) -> Call:
        members = [self._member() for _ in range(self._random.randrange(1, 4))]
        token = (
            {"ClientRequestToken": f"{self._scope}{self._random.randrange(10**9)}"}
            if self._random.random() < 0.5
            else {}
        )
        return "TransactWriteItems", {"TransactItems": members} | token

    def _member(self) -> dict[str, Any]:
        kind = self._choice(("Put", "Update", "Update", "Delete", "ConditionCheck"))
        params: dict[str, Any] = {"TableName": self._table}
        params |= {"Item": self.key() | self.attributes()} if kind == "Put" else {"Key": self.key()}
        condition = kind == "ConditionCheck" or self._random.random() < 0.5
        made = self.expressions(params, condition=condition, update=kind == "Update")
        if condition and self._random.random() < 0.3:
            made["ReturnValuesOnConditionCheckFailure"] = "ALL_OLD"
        return {kind: made}

    def execute(self) -> Call:
        count = 26 if self._random.random() < 0.01 else self._random.randrange(1, 5)
        return "BatchExecuteStatement", {"Statements": [self._statement() for _ in range(count)]}

    def _statement(self) -> dict[str, Any]:
        made = self._insert() if self._random.random() < 0.35 else self._update_statement()
        if self._random.random() < 0.01:
            made["Parameters"].pop()
        return made

    def _insert(self) -> dict[str, Any]:
        item = self.key() | self.attributes()
        members = ", ".join(f"'{name}': ?" for name in item)
        return {"Statement": f'INSERT INTO "{self._table}" VALUE {{{members}}}', "Parameters": list(item.values())}

    def _update_statement(self) -> dict[str, Any]:
        changes = self.attributes()
        removed = [name for name in FREE if name not in changes and self._random.random() < 0.2]
        text = " ".join([*(f'SET "{name}"=?' for name in changes), *(f'REMOVE "{name}"' for name in removed)])
        key = self.key()
        parameters = [*changes.values(), *key.values()]
        where = " AND ".join(f"{name}=?" for name in key)
        for _ in range(self._random.randrange(3)):
            where += f" AND {self._statement_part(parameters)}"
        made = {"Statement": f'UPDATE "{self._table}" {text} WHERE {where}', "Parameters": parameters}
        if self._random.random() < 0.5:
            made["ReturnValuesOnConditionCheckFailure"] = "ALL_OLD"
        return made

    def _statement_part(self, parameters: list[Any]) -> str:
        name = f'"{self._choice(FREE)}"'
        if self._random.random() < 0.4:
            return f"{name} IS {self._choice(('', 'NOT '))}MISSING"
        sign, value = self.compared()
        parameters.append(value)
        return f"{name} {sign} ?"
