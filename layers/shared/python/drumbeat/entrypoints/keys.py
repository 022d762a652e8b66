"""Who is calling, and for whom: keys are looked up once a minute per container (architecture §11)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from drumbeat import bootstrap
from drumbeat.application.accounts import acting_for, authenticate
from drumbeat.domain.digest import digest
from drumbeat.domain.errors import BadRequest, ScopeMissing
from drumbeat.domain.times import MINUTE

if TYPE_CHECKING:
    from drumbeat.domain.tenant import ApiKey

ACTS_FOR = "x-tenant-id"
_REMEMBERED = 1_000
_known: dict[str, tuple[ApiKey, int]] = {}
_acting: dict[tuple[str, str], ApiKey] = {}


def caller(plaintext: str | None, now: int) -> ApiKey:
    """The key behind the text; a revoked key works for at most another minute. Raises Unauthorized."""
    mark = digest(plaintext or "")
    if mark in _known and now - _known[mark][1] < MINUTE:
        return _known[mark][0]
    key = authenticate(bootstrap.tenants(), plaintext, now)
    if len(_known) >= _REMEMBERED:
        _known.clear()
    _known[mark] = key, now
    return key


def check_admitted(key: ApiKey, *, knows_reach: bool, for_operators: bool) -> None:
    """Raises ScopeMissing for a key of less than an account, or of no account, where only accounts are known.

    Refusing them is what an API does unless it says otherwise: one that knows nothing of workspaces cannot keep to one.
    """
    if not knows_reach and (key.is_operators or not key.reach.is_whole):
        raise ScopeMissing("This API serves whole accounts: no key of a part of one, nor an operator's, can use it.")
    if for_operators and not key.is_operators:
        raise ScopeMissing("Only a key of the operator reaches this.")


def for_whom(key: ApiKey, headers: Mapping[str, str]) -> ApiKey:
    """The key as it works for an account: an operator's says in `X-Tenant-Id` for which.

    Accounts stay, once they are there: they are looked up once. Raises BadRequest if it does not, NotFound if there
    is no such account.
    """
    if not key.is_operators:
        return key
    if not headers.get(ACTS_FOR):
        raise BadRequest("A key of the operator must say in the header X-Tenant-Id whom it acts for.")
    place = key.digest, headers[ACTS_FOR]
    if place not in _acting:
        if len(_acting) >= _REMEMBERED:
            _acting.clear()
        _acting[place] = acting_for(bootstrap.tenants(), key, headers[ACTS_FOR])
    return _acting[place]


def forget() -> None:
    """Looks every key, and every account that is acted for, up anew."""
    _known.clear()
    _acting.clear()
