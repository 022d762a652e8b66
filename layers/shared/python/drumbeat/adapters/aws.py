"""The one factory of AWS clients: sane time-outs, and a count of every request and write unit (architecture §10)."""

from __future__ import annotations

from collections import Counter
from functools import cache
from typing import TYPE_CHECKING, Any, Literal, overload

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from botocore.session import Session, get_session

from drumbeat.config import settings

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_kms import KMSClient
    from mypy_boto3_secretsmanager import SecretsManagerClient
    from mypy_boto3_sesv2 import SESV2Client
    from mypy_boto3_sqs import SQSClient

_CONFIG = Config(
    connect_timeout=2,
    read_timeout=10,
    max_pool_connections=16,
    retries={"total_max_attempts": 4, "mode": "standard"},
)
# What sends is asked once: after a lost answer the SDK would send the mail again. Patience is cheaper than a doubt.
_ONCE = _CONFIG.merge(Config(connect_timeout=5, read_timeout=60, retries={"total_max_attempts": 1, "mode": "standard"}))
_SENDS = {"sesv2"}
# Where somebody waits for an answer that does not depend on the store: five seconds at most, and it goes without.
_HASTY = _CONFIG.merge(Config(connect_timeout=1, read_timeout=2, retries={"total_max_attempts": 2, "mode": "standard"}))
_SERVERS_FAULT = 500


class Ledger:
    """Counts what went over the wire, by service and operation. Retries inside the SDK are not told apart."""

    def __init__(self) -> None:
        self.requests: Counter[str] = Counter()
        self.write_units: Counter[str] = Counter()
        self.read_units: Counter[str] = Counter()

    def clear(self) -> None:
        """Starts counting anew."""
        for count in (self.requests, self.write_units, self.read_units):
            count.clear()

    def datastore_requests(self) -> int:
        """Requests to DynamoDB of any kind."""
        return sum(count for name, count in self.requests.items() if name.startswith("dynamodb."))

    def _request(self, model: Any, **_: Any) -> None:
        self.requests[f"{model.service_model.service_name}.{model.name}"] += 1

    def _answer(self, model: Any, parsed: dict[str, Any], **_: Any) -> None:
        consumed = parsed.get("ConsumedCapacity") or []
        is_read = model.name in {"GetItem", "BatchGetItem", "Query"}
        for entry in [consumed] if isinstance(consumed, dict) else consumed:
            units = entry.get("CapacityUnits", 0.0)
            (self.read_units if is_read else self.write_units)[model.name] += units


def is_passing(error: Exception) -> bool:
    """Whether AWS could not be reached or would not serve, so that the same call may go well later."""
    if isinstance(error, ClientError):
        status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 500)
        return status >= _SERVERS_FAULT or "hrottl" in error.response["Error"]["Code"]
    return isinstance(error, BotoCoreError)


def code_of(error: BaseException) -> str:
    """What AWS calls the error and what was asked of it, in brackets; empty for an error of another kind."""
    return f"({error.response['Error']['Code']} in {error.operation_name})" if isinstance(error, ClientError) else ""


ledger = Ledger()
_COUNTED = {
    "GetItem", "BatchGetItem", "Query", "PutItem", "UpdateItem", "DeleteItem",
    "BatchWriteItem", "TransactWriteItems", "BatchExecuteStatement",
}  # fmt: skip


def _ask_for_capacity(params: dict[str, Any], model: Any, **_: Any) -> None:
    if model.name in _COUNTED:
        params.setdefault("ReturnConsumedCapacity", "INDEXES")


@cache
def session() -> Session:
    """The process's, of which clients are made. boto3 brings transfers to S3 and more, a third of a cold start."""
    return get_session()


@overload
def client(service: Literal["dynamodb"]) -> DynamoDBClient: ...
@overload
def client(service: Literal["sqs"]) -> SQSClient: ...
@overload
def client(service: Literal["kms"]) -> KMSClient: ...
@overload
def client(service: Literal["secretsmanager"]) -> SecretsManagerClient: ...
@overload
def client(service: Literal["sesv2"]) -> SESV2Client: ...
@overload
def client(service: Literal["sns"], region: str) -> Any: ...
@cache
def client(service: Any, region: str | None = None) -> Any:
    """The process's client of a service, made on first use and shared by all threads: of our own or that region."""
    made = session().create_client(service, region_name=region, config=_patience(service))
    events = made.meta.events
    events.register("before-parameter-build.dynamodb.*", _ask_for_capacity)
    events.register("before-call.*.*", ledger._request)
    events.register("after-call.*.*", ledger._answer)
    return made


def _patience(service: str) -> Config:
    if service in _SENDS:
        return _ONCE
    return _HASTY if settings().answers_without_store else _CONFIG
