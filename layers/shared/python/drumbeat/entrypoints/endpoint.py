"""What the outside may know of an endpoint, and what an endpoint asks its dialect for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from pydantic import BaseModel

    from drumbeat.dialects.refusal import Refusal
    from drumbeat.domain.call_meter import CallLimit
    from drumbeat.domain.errors import DomainError


class Dialect(Protocol):
    """How a dialect takes a key and words a refusal, what its bodies are called, and how many calls a key may make.

    One that `knows_reach` asks `key.reach` about everything it touches; all others are closed to confined keys.
    One that takes fields it does not know may name them in a header.
    """

    name: str
    replays_whatever_the_body: bool
    media_type: str
    demands_media_type: bool
    call_limit: CallLimit
    shows_calls_left: bool
    knows_reach: bool
    names_unknown_fields: bool

    def presented_key(self, headers: Mapping[str, str]) -> str | None: ...
    def refusal(self, error: DomainError) -> Refusal: ...
    def failure(self) -> Refusal: ...


@dataclass(frozen=True, slots=True)
class Endpoint:
    """What the outside may know of a handler: the OpenAPI document and the architecture tests read it."""

    method: str
    path: str
    operation: str
    dialect: Dialect
    scope: str | None
    body: type[BaseModel] | None
    body_limit: int
    body_optional: bool
    for_operators: bool
    once_per: tuple[str, ...]
