"""What a request of boto3 asks of IAM: actions, resources, and what conditions see of it."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from tools.grants import Call

type Params = Mapping[str, Any]
type Named = Callable[[str], str]
"""What the template calls the resource of this name, URL or ARN."""

_WRITES = {"Put": "PutItem", "Update": "UpdateItem", "Delete": "DeleteItem", "ConditionCheck": "ConditionCheckItem"}
_STATEMENTS = {
    "INSERT": "PartiQLInsert",
    "UPDATE": "PartiQLUpdate",
    "DELETE": "PartiQLDelete",
    "SELECT": "PartiQLSelect",
}
_ON_A_QUEUE = {
    "SendMessage": "SendMessage",
    "SendMessageBatch": "SendMessage",
    "ChangeMessageVisibility": "ChangeMessageVisibility",
    "ChangeMessageVisibilityBatch": "ChangeMessageVisibility",
}
_WORDS = {
    "SET", "REMOVE", "ADD", "DELETE", "AND", "OR", "NOT", "BETWEEN", "IN", "if_not_exists", "list_append",
    "attribute_exists", "attribute_not_exists", "attribute_type", "begins_with", "contains", "size",
}  # fmt: skip


def asked_of_iam(service: str, operation: str, params: Params, named: Named) -> Iterator[Call]:
    """The actions that a request needs; a transaction needs those of its writes, a batch of statements PartiQL's.

    Raises NotImplementedError for an operation that Drumbeat did not use when this was written.
    """
    yield from _SERVICES[service](operation, params, named)


def _dynamodb(operation: str, params: Params, named: Named) -> Iterator[Call]:
    match operation:
        case "GetItem" | "PutItem" | "UpdateItem" | "DeleteItem":
            yield _on_item(operation, params, named)
        case "Query":
            index = f"/index/{params['IndexName']}" if "IndexName" in params else ""
            yield Call("dynamodb:Query", named(params["TableName"]) + index)
        case "BatchGetItem" | "BatchWriteItem":
            yield from (Call(f"dynamodb:{operation}", named(table)) for table in params["RequestItems"])
        case "TransactWriteItems":
            writes = [(_WRITES[kind], write) for item in params["TransactItems"] for kind, write in item.items()]
            yield from (_on_item(action, write, named) for action, write in writes)
        case "BatchExecuteStatement":
            for statement in {one["Statement"] for one in params["Statements"]}:
                table = re.search(r'"([^"]+)"', statement)
                assert table, statement
                yield Call(f"dynamodb:{_STATEMENTS[statement.split()[0]]}", named(table[1]))
        case _:
            raise NotImplementedError(operation)


def _on_item(action: str, params: Params, named: Named) -> Call:
    context = {"dynamodb:Attributes": attributes_of(params)} if action == "UpdateItem" else {}
    return Call(f"dynamodb:{action}", named(params["TableName"]), context)


def attributes_of(params: Params) -> frozenset[str]:
    """The top-level attributes that an update names: in its key, in what it changes and in its condition."""
    text = f"{params['UpdateExpression']} {params.get('ConditionExpression', '')}"
    names = params.get("ExpressionAttributeNames", {})
    spelled = set(re.findall(r"(?<![\w:.#])(?:#\w+|[A-Za-z_]\w*)", text)) - _WORDS
    return frozenset({names.get(name, name) for name in spelled} | set(params["Key"]))


def _sqs(operation: str, params: Params, named: Named) -> Iterator[Call]:
    yield Call(f"sqs:{_ON_A_QUEUE[operation]}", named(params["QueueUrl"]))


def _kms(operation: str, params: Params, named: Named) -> Iterator[Call]:
    context = params.get("EncryptionContext", {})
    seen = {f"kms:EncryptionContext:{key}": frozenset({value}) for key, value in context.items()}
    keys = {"kms:EncryptionContextKeys": frozenset(context)} if context else {}
    yield Call(f"kms:{operation}", named(params["KeyId"]), {**seen, **keys})


def _secretsmanager(operation: str, params: Params, named: Named) -> Iterator[Call]:
    yield Call(f"secretsmanager:{operation}", named(params["SecretId"]))


def _ses(operation: str, params: Params, named: Named) -> Iterator[Call]:
    """For a mail that we compose ourselves, SendEmail asks for SendRawEmail as well; its From names the identity."""
    actions = [operation, "SendRawEmail"] if "Raw" in params["Content"] else [operation]
    for resource in ("SesIdentities", named(params["ConfigurationSetName"])):
        yield from (Call(f"ses:{action}", resource) for action in actions)


def _sns(operation: str, params: Params, named: Named) -> Iterator[Call]:
    yield Call(f"sns:{operation}", named(params["TopicArn"]))


_SERVICES = {
    "dynamodb": _dynamodb,
    "sqs": _sqs,
    "kms": _kms,
    "secretsmanager": _secretsmanager,
    "sesv2": _ses,
    "sns": _sns,
}
