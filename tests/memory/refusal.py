"""What the store refuses, as the exceptions that botocore raises for it."""

from typing import Any

from botocore.exceptions import ClientError

_MODELLED = (
    "ConditionalCheckFailedException", "DuplicateItemException", "IdempotentParameterMismatchException",
    "InternalServerError", "ItemCollectionSizeLimitExceededException", "ProvisionedThroughputExceededException",
    "RequestLimitExceeded", "ResourceNotFoundException", "ThrottlingException", "TransactionCanceledException",
    "TransactionConflictException", "TransactionInProgressException",
)  # fmt: skip


class Refusal(Exception):
    """A call that DynamoDB refuses. `extra` stands in the response beside the error."""

    def __init__(self, code: str, message: str, **extra: Any) -> None:
        super().__init__(f"{code}: {message}")
        self.code, self.message, self.extra = code, message, extra


def invalid(message: str) -> Refusal:
    """The refusal of a request that can never succeed."""
    return Refusal("ValidationException", message)


def condition_failed(item: dict[str, Any] | None = None) -> Refusal:
    """The refusal of a conditional write; `item` is what was there, if the caller asked for it."""
    extra = {} if item is None else {"Item": item}
    return Refusal("ConditionalCheckFailedException", "The conditional request failed", **extra)


class Exceptions:
    """What `client.exceptions` is on a real client."""

    def __init__(self) -> None:
        self.ClientError = ClientError
        for name in _MODELLED:
            setattr(self, name, type(name, (ClientError,), {}))

    def from_code(self, code: str) -> type[ClientError]:
        """The class for an error code: codes outside the service's model are plain ClientErrors."""
        found: type[ClientError] = getattr(self, code) if code in _MODELLED else ClientError
        return found

    def of(self, refusal: Refusal, operation: str) -> ClientError:
        """The refusal as the caller of `operation` sees it."""
        return self.error(refusal.code, refusal.message, operation, **refusal.extra)

    def error(self, code: str, message: str, operation: str, **extra: Any) -> ClientError:
        """Any error answer, for those who inject faults."""
        status = {"HTTPStatusCode": 500 if code == "InternalServerError" else 400}
        response: Any = {"Error": {"Code": code, "Message": message}, "ResponseMetadata": status, **extra}
        return self.from_code(code)(response, operation)


EXCEPTIONS = Exceptions()
