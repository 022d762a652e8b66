"""Instants as bodies give them: ISO 8601 with an offset."""

from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

from pydantic import AwareDatetime, BeforeValidator

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def _text(value: Any) -> Any:
    if not isinstance(value, str):
        raise ValueError("must be text such as 2026-12-01T09:00:00Z")
    return value


type Instant = Annotated[AwareDatetime, BeforeValidator(_text)]


def milliseconds(instant: datetime) -> int:
    """The instant as everything further in counts it: UTC milliseconds since 1970."""
    return (instant - _EPOCH) // timedelta(milliseconds=1)
