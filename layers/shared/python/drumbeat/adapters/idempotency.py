"""Powertools idempotency with its gaps closed (reliability §2.7): scoped keys, fenced records, 24 hours.

The record of an attempt names its owner. An attempt that was overtaken neither deletes nor overwrites the record of the
one that overtook it, and an attempt whose lock was acknowledged too late recognises its own lock.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import TYPE_CHECKING, Any

from aws_lambda_powertools.utilities.idempotency import IdempotencyConfig, idempotent_function
from aws_lambda_powertools.utilities.idempotency.exceptions import (
    IdempotencyAlreadyInProgressError,
    IdempotencyItemAlreadyExistsError,
    IdempotencyItemNotFoundError,
)
from aws_lambda_powertools.utilities.idempotency.persistence.base import BasePersistenceLayer
from aws_lambda_powertools.utilities.idempotency.persistence.datarecord import DataRecord

from drumbeat.adapters.dynamodb.items import from_wire, to_wire, wire_value
from drumbeat.domain.errors import AlreadyInProgress

if TYPE_CHECKING:
    from collections.abc import Callable

    from aws_lambda_powertools.utilities.typing import LambdaContext
    from mypy_boto3_dynamodb import DynamoDBClient

RETENTION_SECONDS = 24 * 3600
_FREE = "attribute_not_exists(id) OR expiration < :now OR (#s = :running AND lease < :now_ms)"
_STATUS = {"#s": "status"}


class FencedRecords(BasePersistenceLayer):
    """The records of one attempt. Make one per attempt: it carries the owner."""

    def __init__(self, client: DynamoDBClient, table: str, owner: str) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._client = client
        self._table = table
        self._owner = owner

    def _get_record(self, idempotency_key: str) -> DataRecord:
        answer = self._client.get_item(TableName=self._table, Key={"id": {"S": idempotency_key}}, ConsistentRead=True)
        if "Item" not in answer:
            raise IdempotencyItemNotFoundError
        return _record_of(answer["Item"])

    def _put_record(self, data_record: DataRecord) -> None:
        now = dt.datetime.now(dt.UTC).timestamp()
        item = {
            "id": data_record.idempotency_key,
            "status": data_record.status,
            "expiration": data_record.expiry_timestamp,
            "lease": data_record.in_progress_expiry_timestamp,
            "owner": self._owner,
        }
        try:
            self._client.put_item(
                TableName=self._table,
                Item=to_wire(item),
                ConditionExpression=_FREE,
                ExpressionAttributeNames=_STATUS,
                ExpressionAttributeValues={
                    ":now": wire_value(int(now)),
                    ":now_ms": wire_value(int(now * 1000)),
                    ":running": wire_value("INPROGRESS"),
                },
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        except self._client.exceptions.ConditionalCheckFailedException as refusal:
            there: Any = refusal.response.get("Item", {})
            if there.get("owner") == {"S": self._owner}:
                return
            raise IdempotencyItemAlreadyExistsError(old_data_record=_record_of(there)) from refusal

    def _update_record(self, data_record: DataRecord) -> None:
        try:
            self._client.update_item(
                TableName=self._table,
                Key={"id": {"S": data_record.idempotency_key}},
                UpdateExpression="SET #s = :status, expiration = :expiration, answer = :answer REMOVE lease",
                ConditionExpression="#o = :me",
                ExpressionAttributeNames=_STATUS | {"#o": "owner"},
                ExpressionAttributeValues={
                    ":status": wire_value(data_record.status),
                    ":expiration": wire_value(data_record.expiry_timestamp),
                    ":answer": wire_value(data_record.response_data),
                    ":me": wire_value(self._owner),
                },
            )
        except self._client.exceptions.ConditionalCheckFailedException:
            return

    def _delete_record(self, data_record: DataRecord) -> None:
        try:
            self._client.delete_item(
                TableName=self._table,
                Key={"id": {"S": data_record.idempotency_key}},
                ConditionExpression="#o = :me",
                ExpressionAttributeNames={"#o": "owner"},
                ExpressionAttributeValues={":me": wire_value(self._owner)},
            )
        except self._client.exceptions.ConditionalCheckFailedException:
            return


def _record_of(item: Any) -> DataRecord:
    plain = from_wire(item)
    return DataRecord(
        idempotency_key=plain["id"],
        status=plain["status"],
        expiry_timestamp=plain["expiration"],
        in_progress_expiry_timestamp=plain.get("lease"),
        response_data=plain.get("answer", ""),
    )


def run_once(
    client: DynamoDBClient,
    table: str,
    *,
    owner: str,
    operation: str,
    scope: str,
    key: str,
    context: LambdaContext,
    act: Callable[[], dict[str, Any]],
) -> dict[str, Any]:
    """What `act` returned the first time this operation ran under (scope, key) within 24 hours.

    Only a return is kept: an exception leaves the key usable. `scope` must tell callers apart. Raises AlreadyInProgress
    while the first run may still be going on.
    """

    def attempt(*, identity: str) -> dict[str, Any]:
        del identity
        return act()

    config = IdempotencyConfig(
        expires_after_seconds=RETENTION_SECONDS,
        hash_function="sha256",
        lambda_context=context,
        raise_on_no_idempotency_key=True,
    )
    guarded = idempotent_function(
        attempt,
        data_keyword_argument="identity",
        persistence_store=FencedRecords(client, table, owner),
        config=config,
        key_prefix=operation,
    )
    try:
        result: dict[str, Any] = guarded(identity=identity_of(operation, scope, key))
    except IdempotencyAlreadyInProgressError as cause:
        message = "The first request with this Idempotency-Key is still running."
        raise AlreadyInProgress(message, retry_after=1) from cause
    return result


def identity_of(operation: str, scope: str, key: str) -> str:
    """One text for (operation, scope, key) that no other triple has."""
    return hashlib.sha256("\x00".join((operation, scope, key)).encode()).hexdigest()
