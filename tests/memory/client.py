"""boto3's DynamoDB client on the memory store, with a hook around every call."""

from collections.abc import Callable, Mapping
from typing import Any

from tests.memory.refusal import EXCEPTIONS
from tests.memory.store import Answer, Params, Store

type Perform = Callable[[Params], Answer]
type Around = Callable[[str, Params, Perform], Answer]
"""Stands around a call: may wait, raise before or after `perform`, change what is asked and what is answered."""


def straight(operation: str, params: Params, perform: Perform) -> Answer:
    """Nothing in between."""
    return perform(params)


class MemoryClient:
    """What adapters use of a DynamoDB client. Parameters are not validated beyond what the store looks at."""

    exceptions = EXCEPTIONS

    def __init__(self, store: Store, around: Around = straight) -> None:
        self._store, self._around = store, around

    def get_item(self, **params: Any) -> Answer:
        return self._call("GetItem", params)

    def batch_get_item(self, **params: Any) -> Answer:
        return self._call("BatchGetItem", params)

    def query(self, **params: Any) -> Answer:
        return self._call("Query", params)

    def put_item(self, **params: Any) -> Answer:
        return self._call("PutItem", params)

    def update_item(self, **params: Any) -> Answer:
        return self._call("UpdateItem", params)

    def delete_item(self, **params: Any) -> Answer:
        return self._call("DeleteItem", params)

    def batch_write_item(self, **params: Any) -> Answer:
        return self._call("BatchWriteItem", params)

    def transact_write_items(self, **params: Any) -> Answer:
        return self._call("TransactWriteItems", params)

    def batch_execute_statement(self, **params: Any) -> Answer:
        return self._call("BatchExecuteStatement", params)

    def _call(self, operation: str, params: Params) -> Answer:
        return self._around(operation, params, lambda asked: self._store.call(operation, asked))


def partly(operation: str, params: Params, perform: Perform, left: Callable[[int], bool]) -> Answer:
    """Does a batch but for the members that `left` names by position: those come back unprocessed or throttled."""
    if operation == "BatchExecuteStatement":
        return _partly_executed(params, perform, left)
    ((table, asked),) = params["RequestItems"].items()
    members = asked["Keys"] if operation == "BatchGetItem" else asked
    done = [member for place, member in enumerate(members) if not left(place)]
    rest = [member for place, member in enumerate(members) if left(place)]

    def request(some: list[Any]) -> Mapping[str, Any]:
        return {table: {**asked, "Keys": some} if operation == "BatchGetItem" else some}

    answer = perform({**params, "RequestItems": request(done)}) if done else {"Responses": {table: []}}
    name = "UnprocessedKeys" if operation == "BatchGetItem" else "UnprocessedItems"
    return {**answer, name: request(rest) if rest else {}}


def _partly_executed(params: Params, perform: Perform, left: Callable[[int], bool]) -> Answer:
    statements = params["Statements"]
    done = [statement for place, statement in enumerate(statements) if not left(place)]
    answer = perform({**params, "Statements": done}) if done else {"Responses": []}
    answered = iter(answer["Responses"])
    refused = {"Error": {"Code": "ThrottlingError", "Message": "Rate exceeded"}}
    responses = [refused if left(place) else next(answered) for place in range(len(statements))]
    return {**answer, "Responses": responses}
