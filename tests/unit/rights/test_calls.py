"""What a request asks of IAM: every action of what it carries, on the resource as the template calls it."""

import pytest

from tests.rights.calls import asked_of_iam, attributes_of
from tools.grants import Call

NAMES = {"table-1": "Table", "https://queue/send": "SendQueue", "key-1": "SenderKey", "set-1": "SesConfigurationSet"}
KEY = {"PK": {"S": "a"}, "SK": {"S": "b"}}
UPDATE = {"TableName": "table-1", "Key": KEY, "UpdateExpression": "SET x = :x"}


def asked(service, operation, **params):
    return {(call.action, call.resource) for call in asked_of_iam(service, operation, params, NAMES.__getitem__)}


def test_a_query_of_an_index_is_about_the_index_alone():
    assert asked("dynamodb", "Query", TableName="table-1") == {("dynamodb:Query", "Table")}
    assert asked("dynamodb", "Query", TableName="table-1", IndexName="queue") == {
        ("dynamodb:Query", "Table/index/queue")
    }


def test_a_transaction_asks_for_the_actions_of_its_writes():
    writes = [
        {"Put": {"TableName": "table-1", "Item": KEY}},
        {"Update": UPDATE},
        {"Delete": {"TableName": "table-1", "Key": KEY}},
        {"ConditionCheck": {"TableName": "table-1", "Key": KEY}},
    ]

    actions = {"PutItem", "UpdateItem", "DeleteItem", "ConditionCheckItem"}
    assert asked("dynamodb", "TransactWriteItems", TransactItems=writes) == {
        (f"dynamodb:{action}", "Table") for action in actions
    }


def test_a_batch_of_statements_asks_for_what_they_do():
    statements = [
        {"Statement": """INSERT INTO "table-1" VALUE {'PK': ?}"""},
        {"Statement": """UPDATE "table-1" SET "x" = ? WHERE "PK" = ?"""},
    ]

    assert asked("dynamodb", "BatchExecuteStatement", Statements=statements) == {
        ("dynamodb:PartiQLInsert", "Table"),
        ("dynamodb:PartiQLUpdate", "Table"),
    }


def test_a_mail_of_our_own_making_asks_for_the_identity_and_for_the_configuration_set():
    mail = {"Content": {"Raw": {"Data": b"x"}}, "ConfigurationSetName": "set-1"}

    assert asked("sesv2", "SendEmail", **mail) == {
        (action, resource)
        for action in ("ses:SendEmail", "ses:SendRawEmail")
        for resource in ("SesIdentities", "SesConfigurationSet")
    }


def test_conditions_see_under_which_context_a_secret_is_sealed():
    sealing = {"KeyId": "key-1", "Plaintext": b"x", "EncryptionContext": {"tenant": "1", "sender": "2"}}

    (call,) = asked_of_iam("kms", "Encrypt", sealing, NAMES.__getitem__)

    assert call == Call(
        "kms:Encrypt",
        "SenderKey",
        {
            "kms:EncryptionContext:tenant": frozenset({"1"}),
            "kms:EncryptionContext:sender": frozenset({"2"}),
            "kms:EncryptionContextKeys": frozenset({"tenant", "sender"}),
        },
    )


@pytest.mark.parametrize(
    ("update", "condition", "names"),
    [
        ("SET last_used_at = :now", "attribute_exists(PK)", {"last_used_at"}),
        ("ADD calls0 :w0, calls59 :w59 SET expires_at = :until", "", {"calls0", "calls59", "expires_at"}),
        ("SET #n = :n REMOVE lease", "#o.inner = :me AND size(list[0]) > :one", {"x", "lease", "owner", "list"}),
        ("SET version = if_not_exists(version, :zero) + :one", "due BETWEEN :a AND :b", {"version", "due"}),
    ],
)
def test_an_update_names_the_attributes_of_its_key_its_change_and_its_condition(update, condition, names):
    params = {
        "Key": KEY,
        "UpdateExpression": update,
        "ConditionExpression": condition,
        "ExpressionAttributeNames": {"#n": "x", "#o": "owner"},
    }

    assert attributes_of(params) == names | {"PK", "SK"}


def test_what_nobody_has_looked_at_is_not_guessed_at():
    with pytest.raises(NotImplementedError):
        asked("dynamodb", "Scan", TableName="table-1")
