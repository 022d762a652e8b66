"""What tests may rely on in the store: whole transactions, tokens, limits and the bill."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.memory.capacity import Meter
from tests.memory.client import MemoryClient, Perform, partly
from tests.memory.shape import shape_of
from tests.memory.store import Params, Store
from tests.world import resources_of_template

SHAPE = shape_of("Table", resources_of_template()["Table"]["Properties"])
KB = 1024


class Clock:
    """Stands still unless told otherwise."""

    now = 0

    def __call__(self) -> int:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(clock: Clock) -> Store:
    return Store(clock, [SHAPE], meter=Meter())


@pytest.fixture
def client(store: Store) -> MemoryClient:
    return MemoryClient(store)


def key(sort: str = "1") -> dict[str, Any]:
    return {"PK": {"S": "p"}, "SK": {"S": sort}}


def put(client: MemoryClient, sort: str = "1", **attributes: Any) -> dict[str, Any]:
    return client.put_item(TableName="Table", Item=key(sort) | attributes, ReturnConsumedCapacity="INDEXES")


def item(client: MemoryClient, sort: str = "1") -> Any:
    return client.get_item(TableName="Table", Key=key(sort)).get("Item")


def add_one(sort: str = "1") -> dict[str, Any]:
    return {
        "Update": {
            "TableName": "Table",
            "Key": key(sort),
            "UpdateExpression": "ADD amount :one",
            "ExpressionAttributeValues": {":one": {"N": "1"}},
        }
    }


def absent(sort: str) -> dict[str, Any]:
    check = {"TableName": "Table", "Key": key(sort), "ConditionExpression": "attribute_not_exists(PK)"}
    return {"ConditionCheck": check}


# --- Transactions ---------------------------------------------------------------------------------------------------


def test_a_transaction_with_one_failed_condition_writes_nothing(client):
    put(client, "2")

    with pytest.raises(client.exceptions.TransactionCanceledException) as refused:
        client.transact_write_items(TransactItems=[add_one(), absent("2")])

    codes = [reason["Code"] for reason in refused.value.response["CancellationReasons"]]
    assert codes == ["None", "ConditionalCheckFailed"]
    assert item(client) is None


def test_the_same_token_writes_once_within_ten_minutes(client, clock):
    for _ in range(3):
        client.transact_write_items(TransactItems=[add_one()], ClientRequestToken="t")

    assert item(client)["amount"] == {"N": "1"}

    clock.now = 10 * 60 * 1000
    client.transact_write_items(TransactItems=[add_one()], ClientRequestToken="t")

    assert item(client)["amount"] == {"N": "2"}


def test_the_same_token_with_other_writes_is_refused(client):
    client.transact_write_items(TransactItems=[add_one()], ClientRequestToken="t")

    with pytest.raises(client.exceptions.IdempotentParameterMismatchException):
        client.transact_write_items(TransactItems=[add_one("2")], ClientRequestToken="t")


def test_the_token_of_a_refused_transaction_can_be_used_again(client):
    put(client, "2")
    writes = [add_one(), absent("2")]
    with pytest.raises(client.exceptions.TransactionCanceledException):
        client.transact_write_items(TransactItems=writes, ClientRequestToken="t")
    client.delete_item(TableName="Table", Key=key("2"))

    client.transact_write_items(TransactItems=writes, ClientRequestToken="t")

    assert item(client)["amount"] == {"N": "1"}


@pytest.mark.parametrize("count", [0, 101])
def test_a_transaction_has_one_to_a_hundred_members(client, count):
    refused_as_invalid(client.transact_write_items, TransactItems=[add_one(str(place)) for place in range(count)])


def test_a_transaction_names_an_item_once(client):
    refused_as_invalid(client.transact_write_items, TransactItems=[add_one(), add_one()])


def refused_as_invalid(call: Any, **params: Any) -> None:
    with pytest.raises(ClientError) as refused:
        call(**params)
    assert refused.value.response["Error"]["Code"] == "ValidationException"


# --- Limits ---------------------------------------------------------------------------------------------------------


def test_an_item_has_at_most_400_kilobytes(client):
    refused_as_invalid(client.put_item, TableName="Table", Item=key() | {"a": {"S": "x" * 400 * KB}})


def test_a_batch_of_statements_has_at_most_25(client):
    statement = {"Statement": 'UPDATE "Table" SET a=? WHERE PK=? AND SK=?', "Parameters": [{"N": "1"}, *key().values()]}

    refused_as_invalid(client.batch_execute_statement, Statements=[statement] * 26)


def test_a_page_of_a_query_ends_at_a_megabyte(client):
    for place in range(4):
        put(client, str(place), a={"S": "x" * 390 * KB})
    query = {"KeyConditionExpression": "PK = :p", "ExpressionAttributeValues": {":p": {"S": "p"}}}

    first = client.query(TableName="Table", **query)
    second = client.query(TableName="Table", **query, ExclusiveStartKey=first["LastEvaluatedKey"])

    assert [row["SK"]["S"] for page in (first, second) for row in page["Items"]] == ["0", "1", "2", "3"]
    assert first["LastEvaluatedKey"] == key("1")
    assert "LastEvaluatedKey" not in second


def test_what_is_not_built_says_so(client):
    with pytest.raises(NotImplementedError, match="FilterExpression"):
        client.query(TableName="Table", KeyConditionExpression="PK = :p", FilterExpression="a = :a")


# --- The bill -------------------------------------------------------------------------------------------------------


def test_a_write_costs_a_unit_for_each_kilobyte_begun_of_the_larger_item(client, store):
    put(client, a={"S": "x" * 2500})
    put(client)

    assert store.meter.write_units["PutItem"] == 6


@pytest.mark.parametrize(
    ("change", "units"),
    [
        ("SET lease = :v", 1),  # nothing the index shows
        ("SET due = :v", 2),  # the entry in place
        ("SET qsk = :s", 3),  # the entry moves: out and in
        ("REMOVE qpk", 2),  # the entry goes
        ("SET due = due", 1),  # it shows the same as before
    ],
)
def test_an_index_costs_units_only_for_what_changes_in_it(client, change, units):
    put(client, qpk={"S": "q"}, qsk={"S": "1"}, due={"N": "1"})
    values = {":v": {"N": "2"}, ":s": {"S": "2"}}
    used = {name: value for name, value in values.items() if name in change}

    answer = client.update_item(
        TableName="Table",
        Key=key(),
        UpdateExpression=change,
        ReturnConsumedCapacity="INDEXES",
        **({"ExpressionAttributeValues": used} if used else {}),
    )

    assert answer["ConsumedCapacity"]["CapacityUnits"] == units


def test_a_transaction_costs_the_table_twice_and_its_indexes_once(client):
    member = {"Put": {"TableName": "Table", "Item": key() | {"qpk": {"S": "q"}, "qsk": {"S": "1"}}}}

    answer = client.transact_write_items(TransactItems=[member], ReturnConsumedCapacity="TOTAL")

    assert answer["ConsumedCapacity"][0]["CapacityUnits"] == 3


def test_a_refused_write_costs_as_much_as_the_item_it_looked_at(client, store):
    put(client, a={"S": "x" * 1500})
    store.meter.clear()

    with pytest.raises(client.exceptions.ConditionalCheckFailedException):
        client.put_item(TableName="Table", Item=key(), ConditionExpression="attribute_not_exists(PK)")

    assert store.meter.write_units["PutItem"] == 2


# --- Around a call --------------------------------------------------------------------------------------------------


def test_an_acknowledgement_can_get_lost(store):
    def lose(operation: str, params: Params, perform: Perform) -> dict[str, Any]:
        perform(params)
        raise TimeoutError

    with pytest.raises(TimeoutError):
        put(MemoryClient(store, lose))

    assert item(MemoryClient(store)) == key()


@pytest.mark.parametrize("left", [{0}, {1}, {0, 1, 2}])
def test_a_batch_can_be_done_in_part(store, client, left):
    for sort in "012":
        put(client, sort)
    part = MemoryClient(store, lambda *call: partly(*call, left=left.__contains__))
    texts = 'UPDATE "Table" SET a=? WHERE PK=? AND SK=?'
    statements = [{"Statement": texts, "Parameters": [{"N": "1"}, *key(sort).values()]} for sort in "012"]

    got = part.batch_get_item(RequestItems={"Table": {"Keys": [key(sort) for sort in "012"], "ConsistentRead": True}})
    done = part.batch_execute_statement(Statements=statements)
    gone = part.batch_write_item(RequestItems={"Table": [{"DeleteRequest": {"Key": key(sort)}} for sort in "012"]})

    assert [wanted["SK"]["S"] for wanted in got["UnprocessedKeys"]["Table"]["Keys"]] == [
        str(place) for place in sorted(left)
    ]
    assert {place for place, answer in enumerate(done["Responses"]) if "Error" in answer} == left
    assert len(gone["UnprocessedItems"]["Table"]) == len(left)
    assert {int(there["SK"]["S"]) for there in store.items("Table")} == left


def test_an_observer_sees_every_change_as_it_is_committed(store, client):
    seen = []
    store.observers.append(lambda table, where, old, new: seen.append((where, old, new)))

    put(client)
    client.delete_item(TableName="Table", Key=key())

    assert seen == [(("p", "1"), None, key()), (("p", "1"), key(), None)]
