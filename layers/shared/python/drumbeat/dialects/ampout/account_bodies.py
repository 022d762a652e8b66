"""What AmpOut's sign-up and API keys may be made of (contract 2.1, A9)."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, Field, StringConstraints

from drumbeat.dialects.text import Email, Line, Name
from drumbeat.domain.tenant import ALL_SCOPES

type Scope = Annotated[
    str,
    StringConstraints(pattern=r"^(\*|[a-z_]{1,40}:(read|write)|[A-Za-z]{1,40}\.(read|write|delete|all))$"),
]


class SignupRequest(BaseModel):
    """POST /signup."""

    email: Email
    name: Name


class CreateApiKeyRequest(BaseModel):
    """POST /api_keys; `scopes` is ours, and everything by default."""

    label: Line | None = None
    client_kind: Annotated[str, StringConstraints(pattern=r"^(direct|mcp|sdk)$")] = "direct"
    scopes: Annotated[list[Scope], Field(min_length=1, max_length=50)] = [ALL_SCOPES]
