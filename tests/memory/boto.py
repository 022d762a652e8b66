"""Real clients whose calls a memory store answers: with botocore's own events and validation."""

from typing import Any

import pytest
from botocore.exceptions import ClientError, ParamValidationError
from botocore.session import Session, get_session
from botocore.validate import ParamValidator

from drumbeat.entrypoints import clock
from tests.memory.store import Store
from tests.rights.recorder import told


class _Validator(ParamValidator):  # type: ignore[misc]
    """botocore's check of what is asked, by a shorter way where it is a plain value: most of a request is."""

    def _validate_structure(self, params: Any, shape: Any, errors: Any, name: str) -> None:
        if shape.name != "AttributeValue" or not _is_plain(params):
            super()._validate_structure(params, shape, errors, name)


def _is_plain(value: Any) -> bool:
    if type(value) is not dict or len(value) != 1:
        return False
    ((kind, inner),) = value.items()
    if kind == "L":
        return type(inner) is list and all(map(_is_plain, inner))
    if kind == "M":
        return type(inner) is dict and all(type(name) is str for name in inner) and all(map(_is_plain, inner.values()))
    return type(inner) is {"S": str, "N": str, "BOOL": bool}.get(kind)


_VALIDATOR = _Validator()


def answered_by(client: Any, store: Store) -> Any:
    """The same client from now on answered by the store. Event handlers see every call, not its spelled request."""

    def make_api_call(operation: str, params: dict[str, Any]) -> Any:
        model = client.meta.service_model.operation_model(operation)
        context: dict[str, Any] = {"client_region": client.meta.region_name, "client_config": client.meta.config}
        asked = client._emit_api_params(api_params=params, operation_model=model, context=context)
        report = _VALIDATOR.validate(asked, model.input_shape)
        if report.has_errors():
            raise ParamValidationError(report=report.generate_report())
        emit, name = client.meta.events.emit, f"dynamodb.{operation}"
        emit(f"before-call.{name}", model=model, params={}, request_signer=client._request_signer, context=context)
        refused: type[ClientError] | None = None
        parsed: Any
        try:
            parsed = store.call(operation, asked)
        except ClientError as refusal:
            refused, parsed = client.exceptions.from_code(refusal.response["Error"]["Code"]), refusal.response
        parsed.setdefault("ResponseMetadata", {"HTTPStatusCode": 200, "RetryAttempts": 0})
        emit(f"after-call.{name}", http_response=None, parsed=parsed, model=model, context=context)
        if refused is not None:
            raise refused(parsed, operation)
        return parsed

    client._make_api_call = told(client, make_api_call)
    return client


_make = Session.create_client
_session = get_session()  # remembers the descriptions of the services, which every session reads anew


def reach_the_endpoint(patch: pytest.MonkeyPatch) -> None:
    """Clients made from now on go where they are told to, whoever keeps tables in memory around this."""
    patch.setattr(Session, "create_client", _make)


def keep_tables_in_memory(patch: pytest.MonkeyPatch) -> Store:
    """Every DynamoDB client made from now on talks to one store, still without tables, that keeps our clock's time."""
    store = Store(lambda: clock.now())  # noqa: PLW0108 - tests replace clock.now

    def create_client(_: Session, service_name: str, *args: Any, **options: Any) -> Any:
        made = _make(_session, service_name, *args, **options)  # type: ignore[call-overload]
        return answered_by(made, store) if service_name == "dynamodb" else made

    patch.setattr(Session, "create_client", create_client)
    return store
