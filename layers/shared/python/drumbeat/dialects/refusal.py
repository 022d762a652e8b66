"""An error as it goes over the wire, whatever the dialect."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from drumbeat.domain.errors import DomainError


@dataclass(frozen=True, slots=True)
class Refusal:
    """Status, body and headers of an error."""

    status: int
    body: Mapping[str, Any]
    headers: Mapping[str, str]


def split_details(error: DomainError) -> tuple[dict[str, Any], dict[str, str]]:
    """What the body says about the error, and the headers that follow from it: Retry-After where waiting helps."""
    details = dict(error.details)
    headers = {"Retry-After": str(details.pop("retry_after"))} if "retry_after" in details else {}
    return details, headers


def bearer_key(headers: Mapping[str, str]) -> str | None:
    """The key of `Authorization: Bearer`, None without one."""
    scheme, _, key = headers.get("authorization", "").partition(" ")
    return key.strip() if scheme.lower() == "bearer" and key.strip() else None


def key_in_either_header(headers: Mapping[str, str]) -> str | None:
    """The key of `Authorization: Bearer` or `X-API-Key`, None without one."""
    return bearer_key(headers) or headers.get("x-api-key")
