"""Users: whom records belong to."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class User:
    """Somebody who works with a tenant's contacts; users do not log in here.

    `email` is normalized. `fields` are shown back as they were given. `revision` grows with every write.
    """

    tenant: int
    number: int
    email: str
    first_name: str | None
    last_name: str | None
    created_at: int
    updated_at: int
    username: str | None = None
    title: str | None = None
    locked: bool = False
    fields: Mapping[str, Any] = field(default_factory=dict, hash=False)
    revision: int = 0


def view_of_user(user: User) -> dict[str, Any]:
    """The user as conditions see it."""
    return {
        **user.fields,
        "number": user.number,
        "email": user.email,
        "first_name": user.first_name,
        "last_name": user.last_name,
        "username": user.username,
        "title": user.title,
        "locked": user.locked,
        "created_at": user.created_at,
        "updated_at": user.updated_at,
    }
