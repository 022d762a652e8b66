"""The store in memory answers as MiniStack does, call by call: what is proven on the one holds on the other."""

import uuid
from random import Random
from typing import Any, NamedTuple

import boto3
import pytest
from botocore.exceptions import ClientError

from tests.memory.random_calls import Call, RandomCalls
from tests.memory.shape import shape_of
from tests.memory.store import Store
from tests.world import resources_of_template

pytestmark = pytest.mark.ministack
CALLS = 400
# MiniStack counts these as AWS does. A batch of statements costs it a unit each whatever they write, a batch of gets
# nothing, and a page of a query the same however much it reads.
_COUNTED = {"PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem", "TransactWriteItems"}


def _outcome(do: Any, call: Call) -> dict[str, Any]:
    operation, params = call
    try:
        answer = do(operation, params)
    except ClientError as refusal:
        response = refusal.response
        told = {name: response[name] for name in ("CancellationReasons", "Item") if name in response}
        return {"refused": type(refusal).__name__, "code": response["Error"]["Code"], **told}
    return _comparable(operation, answer)


def _comparable(operation: str, answer: dict[str, Any]) -> dict[str, Any]:
    told = {name: value for name, value in answer.items() if name not in {"ResponseMetadata", "ConsumedCapacity"}}
    if operation in _COUNTED and (consumed := answer.get("ConsumedCapacity")):
        told["units"] = [_units(entry) for entry in (consumed if isinstance(consumed, list) else [consumed])]
    if operation == "BatchGetItem":
        told["Responses"] = {table: sorted(items, key=repr) for table, items in told["Responses"].items()}
    return told


def _units(entry: dict[str, Any]) -> tuple[float, dict[str, float]]:
    indexes = entry.get("GlobalSecondaryIndexes", {})
    return entry["CapacityUnits"], {name: units["CapacityUnits"] for name, units in indexes.items()}


def _store() -> Store:
    return Store(lambda: 0, [shape_of("Table", resources_of_template()["Table"]["Properties"])])


def _scope() -> str:
    return f"conform-{uuid.uuid4().hex[:8]}-"


@pytest.mark.parametrize("seed", range(10))
def test_random_calls_are_answered_alike(ministack, seed):
    store, client = _store(), boto3.client("dynamodb")
    calls = RandomCalls(Random(seed), "Table", _scope())  # noqa: S311 - cases, not secrets

    for number in range(CALLS):
        call = calls.next()
        theirs, ours = _outcome(client._make_api_call, call), _outcome(store.call, call)

        assert ours == theirs, (number, call)


class Difference(NamedTuple):
    """A call about the item {PK, SK: 1, count: 1, text: a} that MiniStack answers otherwise than DynamoDB does."""

    operation: str
    params: dict[str, Any]
    theirs: str
    ours: str


_KEY: dict[str, Any] = {"PK": {"S": "scope"}, "SK": {"S": "1"}}


def _update(expression: str, condition: str = "", **values: dict[str, Any]) -> dict[str, Any]:
    made: dict[str, Any] = {"TableName": "Table", "Key": _KEY, "UpdateExpression": expression}
    made |= {"ConditionExpression": condition} if condition else {}
    given = {f":{name}": value for name, value in values.items()}
    return made | ({"ExpressionAttributeValues": given} if given else {})


def _statement(text: str, *parameters: dict[str, Any]) -> dict[str, Any]:
    return {"Statements": [{"Statement": text, "Parameters": list(parameters)}]}


_SET_PLACE = 'UPDATE "Table" SET qpk=? SET qsk=? WHERE PK=? AND SK=?'
_KNOWN = {
    "a misspelled update is only noticed when its condition holds": Difference(
        "UpdateItem", _update("REMOVE status", "a = :v", v={"N": "1"}),
        "ConditionalCheckFailedException", "ValidationException"),
    "a clause may be said twice": Difference(
        "UpdateItem", _update("SET a = :v SET b = :v", v={"N": "1"}), "", "ValidationException"),
    "what has no order is compared all the same": Difference(
        "UpdateItem", _update("REMOVE a", "a > :v", v={"NULL": True}),
        "ConditionalCheckFailedException", "ValidationException"),
    "begins_with of a number is an error rather than false": Difference(
        "UpdateItem", _update("REMOVE a", "begins_with(amount, :v)", v={"S": "1"}),
        "ValidationException", "ConditionalCheckFailedException"),
    "a text counts as a number in a sum": Difference(
        "UpdateItem", _update("SET b = word + :v", v={"N": "1"}), "", "ValidationException"),
    "statements put anything into an index's key": Difference(
        "BatchExecuteStatement", _statement(_SET_PLACE, {"S": "q"}, {"S": ""}, *_KEY.values()), "", "ValidationError"),
    "statements insert an item without its sort key": Difference(
        "BatchExecuteStatement", _statement("INSERT INTO \"Table\" VALUE {'PK': ?}", {"S": "another scope"}),
        "", "ValidationError"),
}  # fmt: skip


def _code(do: Any, call: Call) -> str:
    try:
        answer = do(*call)
    except ClientError as refusal:
        return str(refusal.response["Error"]["Code"])
    responses = answer.get("Responses", [{}])
    return str(responses[0].get("Error", {}).get("Code", ""))


@pytest.mark.parametrize("name", _KNOWN)
def test_known_differences_are_still_there(ministack, name):
    """The store does what DynamoDB's documentation says; a difference that is gone need not be avoided any more."""
    known, item = _KNOWN[name], _KEY | {"amount": {"N": "1"}, "word": {"S": "a"}}
    store, client = _store(), boto3.client("dynamodb")
    for call in (store.call, client._make_api_call):
        call("PutItem", {"TableName": "Table", "Item": item})

    call = known.operation, known.params

    assert (_code(client._make_api_call, call), _code(store.call, call)) == (known.theirs, known.ours)


def test_known_difference_statements_keep_numbers_as_they_are_spelled(ministack):
    text = "INSERT INTO \"Table\" VALUE {'PK': ?, 'SK': ?, 'amount': ?}"
    insert = "BatchExecuteStatement", _statement(text, *_KEY.values(), {"N": "1.50"})
    get = "GetItem", {"TableName": "Table", "Key": _KEY}
    store, client = _store(), boto3.client("dynamodb")

    found = []
    for call in (store.call, client._make_api_call):
        call("DeleteItem", {"TableName": "Table", "Key": _KEY})
        call(*insert)
        found.append(call(*get)["Item"]["amount"]["N"])

    assert found == ["1.5", "1.50"]
