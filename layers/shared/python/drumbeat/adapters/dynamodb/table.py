"""The table's calls with everything AWS may answer: unprocessed keys, throttled statements, conflicts, pages."""

from __future__ import annotations

import random
import time
import uuid
from dataclasses import dataclass
from itertools import batched
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from drumbeat.adapters.dynamodb.items import from_wire, to_wire, wire_value
from drumbeat.domain.errors import StoreBusy

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from mypy_boto3_dynamodb import DynamoDBClient

    from drumbeat.adapters.dynamodb.keys import Key

ABSENT = "attribute_not_exists(PK)"
PRESENT = "attribute_exists(PK)"
_GET_LIMIT = 100
_WRITE_LIMIT = 25
_TRIES = 6
_INDEX_KEYS = {None: ("PK", "SK"), "queue": ("qpk", "qsk"), "status": ("spk", "ssk"), "related": ("rpk", "rsk")}
_PASSING = {"TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded", "None"}


class ConditionFailed(Exception):
    """The item was not in the state the write asked for; `item` is what was there, if asked for."""

    def __init__(self, item: dict[str, Any] | None = None) -> None:
        super().__init__("condition failed")
        self.item = item


class TransactionRefused(Exception):
    """A transaction wrote nothing because of the conditions at `failed` (positions in the given order)."""

    def __init__(self, failed: tuple[int, ...]) -> None:
        super().__init__(f"conditions failed at {failed}")
        self.failed = failed


@dataclass(frozen=True, slots=True)
class Table:
    """One table through the low-level client. Every method raises StoreBusy when load outlasts its retries."""

    client: DynamoDBClient
    name: str

    def get(self, key: Key, *, consistent: bool = True) -> dict[str, Any] | None:
        """The item at `key`, or None."""
        answer = self.client.get_item(TableName=self.name, Key=_key(key), ConsistentRead=consistent)
        return from_wire(answer["Item"]) if "Item" in answer else None

    def get_many(self, keys: Sequence[Key], *, names: Sequence[str] = ()) -> dict[Key, dict[str, Any]]:
        """The items that exist among `keys`, read consistently, 100 a request; `names` limits their attributes."""
        found: dict[Key, dict[str, Any]] = {}
        for part in batched(dict.fromkeys(keys), _GET_LIMIT, strict=False):
            found.update(self._get_part([_key(key) for key in part], names))
        return found

    def _get_part(self, wanted: list[Any], names: Sequence[str]) -> Iterator[tuple[Key, dict[str, Any]]]:
        projection = {}
        if names:
            projection = {
                "ProjectionExpression": ",".join(f"#{place}" for place in range(len(names))),
                "ExpressionAttributeNames": {f"#{place}": name for place, name in enumerate(names)},
            }
        for _ in tries():
            request: Any = {self.name: {"Keys": wanted, "ConsistentRead": True, **projection}}
            answer = self.client.batch_get_item(RequestItems=request)
            for wire in answer["Responses"].get(self.name, []):
                item = from_wire(wire)
                yield (item["PK"], item["SK"]), item
            unprocessed: Any = answer.get("UnprocessedKeys", {})
            wanted = unprocessed.get(self.name, {}).get("Keys", [])
            if not wanted:
                return
        raise StoreBusy("The store is busy. Try again.")

    def put(
        self,
        item: Mapping[str, Any],
        *,
        condition: str = "",
        names: Mapping[str, str] | None = None,
        values: Mapping[str, Any] | None = None,
    ) -> None:
        """Writes the whole item. Raises ConditionFailed."""
        extra = _conditions(condition, names, values)
        try:
            self.client.put_item(TableName=self.name, Item=to_wire(item), **extra)
        except self.client.exceptions.ConditionalCheckFailedException as refusal:
            raise ConditionFailed from refusal

    def update(
        self,
        key: Key,
        expression: str,
        *,
        condition: str = PRESENT,
        names: Mapping[str, str] | None = None,
        values: Mapping[str, Any] | None = None,
    ) -> dict[str, Any]:
        """Applies the expression and returns the item as it then is. Raises ConditionFailed with what was there."""
        extra = _conditions(condition, names, values)
        try:
            answer = self.client.update_item(
                TableName=self.name,
                Key=_key(key),
                UpdateExpression=expression,
                ReturnValues="ALL_NEW",
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
                **extra,
            )
        except self.client.exceptions.ConditionalCheckFailedException as refusal:
            there: Any = refusal.response.get("Item")
            raise ConditionFailed(from_wire(there) if there else None) from refusal
        return from_wire(answer["Attributes"])

    def delete(self, key: Key, *, condition: str = "") -> None:
        """Removes the item; what is not there stays so. Raises ConditionFailed."""
        extra = _conditions(condition)
        try:
            self.client.delete_item(TableName=self.name, Key=_key(key), **extra)
        except self.client.exceptions.ConditionalCheckFailedException as refusal:
            raise ConditionFailed from refusal

    def delete_many(self, keys: Iterable[Key]) -> None:
        """Removes items without condition, 25 a request."""
        for part in batched(dict.fromkeys(keys), _WRITE_LIMIT, strict=False):
            self._delete_part([{"DeleteRequest": {"Key": _key(key)}} for key in part])

    def _delete_part(self, wanted: list[Any]) -> None:
        for _ in tries():
            answer: Any = self.client.batch_write_item(RequestItems={self.name: wanted})
            wanted = answer.get("UnprocessedItems", {}).get(self.name, [])
            if not wanted:
                return
        raise StoreBusy("The store is busy. Try again.")

    def pages(
        self,
        partition: str,
        *,
        index: str | None = None,
        between: tuple[str, str] | None = None,
        prefix: str | None = None,
        after: str | None = None,
        limit: int | None = None,
        newest_first: bool = False,
    ) -> Iterator[list[dict[str, Any]]]:
        """A partition's items in sort order, page by page; consistent on the table itself.

        `between` includes both ends, `after` excludes its own, `limit` bounds a page.
        """
        hash_name, sort_name = _INDEX_KEYS[index]
        condition, values = f"{hash_name} = :p", {":p": {"S": partition}}
        if between:
            condition += f" AND {sort_name} BETWEEN :a AND :b"
            values |= {":a": {"S": between[0]}, ":b": {"S": between[1]}}
        elif prefix is not None:
            condition += f" AND begins_with({sort_name}, :s)"
            values[":s"] = {"S": prefix}
        elif after is not None:
            condition += f" AND {sort_name} > :s"
            values[":s"] = {"S": after}
        request: dict[str, Any] = {
            "TableName": self.name,
            "KeyConditionExpression": condition,
            "ExpressionAttributeValues": values,
            "ScanIndexForward": not newest_first,
        }
        request |= {"IndexName": index} if index else {"ConsistentRead": True}
        request |= {"Limit": limit} if limit else {}
        while True:
            answer: Any = self.client.query(**request)
            yield [from_wire(wire) for wire in answer["Items"]]
            if "LastEvaluatedKey" not in answer:
                return
            request["ExclusiveStartKey"] = answer["LastEvaluatedKey"]

    def items(self, partition: str, **options: Any) -> Iterator[dict[str, Any]]:
        """`pages`, flattened: reads on only as far as it is consumed."""
        for page in self.pages(partition, **options):
            yield from page

    def transact(self, writes: Sequence[Mapping[str, Any]]) -> None:
        """Commits all writes (from `put_write`, `update_write`, …) or none, once, however often it must be tried.

        Raises TransactionRefused with the positions whose conditions failed.
        """
        token = str(uuid.uuid4())
        for _ in tries():
            try:
                self.client.transact_write_items(TransactItems=list(writes), ClientRequestToken=token)  # type: ignore[arg-type]
            except self.client.exceptions.TransactionCanceledException as refusal:
                reasons: Any = refusal.response.get("CancellationReasons", [])
                codes = [reason.get("Code", "None") for reason in reasons]
                failed = tuple(place for place, code in enumerate(codes) if code == "ConditionalCheckFailed")
                if failed:
                    raise TransactionRefused(failed) from refusal
                if not set(codes) <= _PASSING:
                    raise
            except ClientError as refusal:
                if refusal.response["Error"]["Code"] != "TransactionInProgressException":
                    raise
            else:
                return
        raise StoreBusy("The store is busy. Try again.")

    def commits(self, writes: Sequence[Mapping[str, Any]]) -> bool:
        """Like `transact`; returns False where that raises TransactionRefused: nothing is written then."""
        try:
            self.transact(writes)
        except TransactionRefused:
            return False
        return True

    def put_write(
        self, item: Mapping[str, Any], *, condition: str = "", values: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        """A member of `transact`: writes the whole item."""
        write: dict[str, Any] = {"TableName": self.name, "Item": to_wire(item)}
        return {"Put": write | _conditions(condition, values=values)}

    def update_write(
        self, key: Key, expression: str, *, condition: str = "", **named: Mapping[str, Any]
    ) -> dict[str, Any]:
        """A member of `transact`: changes some attributes. `named` are the `names` and `values` it speaks of."""
        write: dict[str, Any] = {"TableName": self.name, "Key": _key(key), "UpdateExpression": expression}
        return {"Update": write | _conditions(condition, **named)}

    def check_write(self, key: Key, *, condition: str, **named: Mapping[str, Any]) -> dict[str, Any]:
        """A member of `transact`: changes nothing and refuses all unless the condition holds."""
        return {"ConditionCheck": {"TableName": self.name, "Key": _key(key)} | _conditions(condition, **named)}

    def delete_write(self, key: Key, *, condition: str = "", values: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """A member of `transact`: removes the item."""
        write: dict[str, Any] = {"TableName": self.name, "Key": _key(key)}
        return {"Delete": write | _conditions(condition, values=values)}


def _conditions(
    condition: str, names: Mapping[str, str] | None = None, values: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    extra: dict[str, Any] = {"ConditionExpression": condition} if condition else {}
    extra |= {"ExpressionAttributeNames": dict(names)} if names else {}
    return extra | ({"ExpressionAttributeValues": _values(values)} if values else {})


def tries() -> Iterator[int]:
    """Counts tries, pausing before each but the first: 25 ms doubling, with full jitter."""
    for attempt in range(_TRIES):
        if attempt:
            time.sleep(random.uniform(0, 0.025 * 2**attempt))  # noqa: S311 - jitter, not a secret
        yield attempt


def _key(key: Key) -> dict[str, Any]:
    return {"PK": {"S": key[0]}, "SK": {"S": key[1]}}


def _values(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: wire_value(value) for name, value in values.items()}
