"""The stack in miniature, made with boto3 wherever the environment says: what functions find in their environment."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import boto3

from tools.samples.prepared import SECRET
from tools.template import Function, resources

_TABLES = {"TABLE_NAME": "Table", "IDEMPOTENCY_TABLE_NAME": "IdempotencyTable"}
_QUEUES = {f"{name.upper()}_QUEUE_URL": f"{name}Queue" for name in ("Send", "Batch", "Webhook", "Inbox")}
_SHAPE = ("AttributeDefinitions", "KeySchema", "BillingMode", "GlobalSecondaryIndexes")
_APIS = ("ampout", "drumbeat", "julian", "myagentmail", "outreach")
_PARAMETERS = {
    "POWERTOOLS_SERVICE_NAME": "drumbeat",
    "TRACKING_URL": "https://track.example",
    "LOCAL_GATEWAY": "",
    "DNS_SERVER": "",
    "SES_CONFIGURATION_SET": "",
    "SNS_TOPIC_ARNS": "",
    "PRIVATE_SERVERS_ALLOWED": "true",
    "SIGNUP_ENABLED": "true",
    "SIGNUP_LIMIT_PER_HOUR": "3",
    "ENROLL_INLINE_ROWS": "5000",
    "UNCONFIRMED_ALL_ALLOWED": "false",
    # Samples and tests call faster than clients may; the limits have tests of their own.
    "CALL_LIMITS": ",".join(f"{api}:1000000" for api in _APIS),
}
_MANY = 25
_HELD: list[Any] = [f"ApproximateNumberOfMessages{kind}" for kind in ("", "NotVisible", "Delayed")]
type _Items = dict[str, dict[str, Any]]


@dataclass(frozen=True)
class Saved:
    """What the tables held at one moment: by table, items by their key as text."""

    tables: Mapping[str, _Items]


def make_stack() -> dict[str, str]:
    """Makes the tables, queues, key and secret that the template describes; every variable's value by its name."""
    sqs = boto3.client("sqs")
    for name in _TABLES.values():
        properties = resources("AWS::DynamoDB::Table")[name]["Properties"]
        shape = {part: properties[part] for part in _SHAPE if part in properties}
        boto3.client("dynamodb").create_table(TableName=name, **shape)
    secret = boto3.client("secretsmanager").create_secret(Name="TokenSecret", SecretString=SECRET)
    return {
        **_PARAMETERS,
        **_TABLES,
        **{variable: sqs.create_queue(QueueName=name)["QueueUrl"] for variable, name in _QUEUES.items()},
        "SENDER_KEY_ID": boto3.client("kms").create_key()["KeyMetadata"]["KeyId"],
        "TOKEN_SECRET_ARN": secret["ARN"],
    }


def environment_of(function: Function, made: Mapping[str, str]) -> dict[str, str]:
    """The variables that the template declares for a function, no others, as on the stack that `make_stack` made.

    Raises KeyError for a variable that the made stack has no value for.
    """
    declared = function.environment
    return {name: value if isinstance(value, str) else made[name] for name, value in declared.items()}


def snapshot() -> Saved:
    """What is in the tables now."""
    return Saved({table: _items(table) for table in _TABLES.values()})


def restore(saved: Saved) -> None:
    """Has the tables hold what they held then, and the queues nothing."""
    for table, before in saved.tables.items():
        now, names = _items(table), _key_names(table)
        gone = [{name: item[name] for name in names} for key, item in now.items() if key not in before]
        changed = (item for key, item in before.items() if now.get(key) != item)
        _write(table, [{"DeleteRequest": {"Key": key}} for key in gone])
        _write(table, [{"PutRequest": {"Item": item}} for item in changed])
    _empty_queues()


def messages(variable: str) -> list[Any]:
    """Takes what a queue holds, named by its variable: the bodies, read, of what can be received at once."""
    sqs = boto3.client("sqs")
    url = sqs.get_queue_url(QueueName=_QUEUES[variable])["QueueUrl"]
    found = []
    while batch := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
        for message in batch:
            found.append(json.loads(message["Body"]))
            sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    return found


def _key_names(table: str) -> list[str]:
    return [part["AttributeName"] for part in resources("AWS::DynamoDB::Table")[table]["Properties"]["KeySchema"]]


def _items(table: str) -> _Items:
    names = _key_names(table)
    pages = boto3.client("dynamodb").get_paginator("scan").paginate(TableName=table)
    found = (item for page in pages for item in page["Items"])
    return {json.dumps([item[name] for name in names]): dict(item) for item in found}


def _write(table: str, wanted: Iterable[Any]) -> None:
    left = list(wanted)
    while left:
        answer = boto3.client("dynamodb").batch_write_item(RequestItems={table: left[:_MANY]})
        left = answer.get("UnprocessedItems", {}).get(table, []) + left[_MANY:]


def _empty_queues() -> None:
    """Makes those anew that hold anything, also what can't be received yet: a queue is purged once a minute."""
    sqs = boto3.client("sqs")
    for name in _QUEUES.values():
        url = sqs.get_queue_url(QueueName=name)["QueueUrl"]
        held = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=_HELD)["Attributes"]
        if any(map(int, held.values())):
            sqs.delete_queue(QueueUrl=url)
            sqs.create_queue(QueueName=name)
