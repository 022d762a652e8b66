"""Tenants and their keys."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from drumbeat.domain.errors import (
    KeyMissing,
    LastKey,
    NotFound,
    ScopeMissing,
    SignupClosed,
    TooManyRequests,
    Unauthorized,
)
from drumbeat.domain.ids import Kind, tenant_number
from drumbeat.domain.reach import WHOLE, Reach
from drumbeat.domain.tenant import (
    ALL_SCOPES,
    OPERATORS,
    ApiKey,
    KeyPrefix,
    Tenant,
    key_digest,
    spell_key,
    tenant_of_key,
)
from drumbeat.domain.times import HOUR, SECOND

if TYPE_CHECKING:
    from drumbeat.application.ports import Numbers, Tenants

_PREFIX_SHOWN = 12
_USED_AGAIN_AFTER = HOUR


@dataclass(frozen=True, slots=True)
class IssuedKey:
    """A key on the one occasion on which its text is known."""

    key: ApiKey
    plaintext: str


def create_tenant(
    tenants: Tenants,
    numbers: Numbers,
    *,
    name: str,
    email: str,
    secret: bytes,
    now: int,
    prefix: KeyPrefix = KeyPrefix.LIVE,
) -> tuple[Tenant, IssuedKey]:
    """Makes a tenant with a first key that reaches everything. `secret` is 160 random bits."""
    tenant = Tenant(numbers.take(OPERATORS, Kind.TENANT), name, email, now)
    issued = _issue(tenant.number, 1, secret, prefix=prefix, now=now)
    numbers.take(tenant.number, Kind.API_KEY)
    tenants.create(tenant, issued.key)
    return tenant, issued


def create_operator_key(tenants: Tenants, numbers: Numbers, *, label: str | None, secret: bytes, now: int) -> IssuedKey:
    """A key with which the operator of the stack acts for any tenant that a call names."""
    number = numbers.take(OPERATORS, Kind.API_KEY)
    issued = _issue(OPERATORS, number, secret, prefix=KeyPrefix.OPERATOR, label=label, now=now)
    tenants.add_key(issued.key, intent=None, now=now)
    return issued


def delete_operator_key(tenants: Tenants, *, number: int) -> None:
    """Revokes an operator's key, even the last: others are made without any. Raises NotFound."""
    doomed = [key for key in tenants.keys_of(OPERATORS) if key.number == number]
    if not doomed:
        raise NotFound("api_key")
    tenants.drop_key(doomed[0])


def sign_up(
    tenants: Tenants,
    numbers: Numbers,
    *,
    is_open: bool,
    limit_per_hour: int,
    source: str,
    name: str,
    email: str,
    secret: bytes,
    now: int,
) -> tuple[Tenant, IssuedKey]:
    """`create_tenant` for anybody, where the operator allows it. Raises SignupClosed, TooManyRequests."""
    if not is_open:
        raise SignupClosed("Sign-up is not open here. Ask the operator for a key.")
    if tenants.count_signup(source, now) > limit_per_hour:
        raise TooManyRequests("Too many sign-ups from this address.", retry_after=(HOUR - now % HOUR) // SECOND + 1)
    return create_tenant(tenants, numbers, name=name, email=email, secret=secret, now=now)


def create_api_key(
    tenants: Tenants,
    numbers: Numbers,
    *,
    tenant: int,
    label: str | None,
    client_kind: str,
    scopes: tuple[str, ...],
    by: ApiKey,
    secret: bytes,
    intent: str | None,
    now: int,
    reach: Reach = WHOLE,
    prefix: KeyPrefix = KeyPrefix.LIVE,
) -> IssuedKey:
    """Another key of the tenant, reaching no further than the key `by` that asks for it.

    A key that an earlier attempt with the same intent made was seen by nobody: it is replaced. Raises ScopeMissing.
    """
    _check_within(by, scopes, reach)
    number = numbers.take(tenant, Kind.API_KEY)
    form: dict[str, Any] = {"label": label, "client_kind": client_kind, "scopes": scopes, "reach": reach}
    issued = _issue(tenant, number, secret, prefix=prefix, now=now, **form)
    made = tenants.add_key(issued.key, intent=intent, now=now)
    unseen = [key for key in tenants.keys_of(tenant) if key.number == made] if made != number else []
    if unseen:
        issued = replace(issued, key=replace(issued.key, number=made))
        tenants.replace_key(unseen[0], issued.key)
    return issued


def _check_within(by: ApiKey, scopes: tuple[str, ...], reach: Reach) -> None:
    beyond = [scope for scope in scopes if not by.reaches(scope)]
    if beyond:
        raise ScopeMissing(f"Your key does not reach {', '.join(beyond)} itself.")
    if not by.reach.takes_in(reach):
        raise ScopeMissing("Your key does not reach as far itself.")


def _issue(
    tenant: int,
    number: int,
    secret: bytes,
    *,
    prefix: KeyPrefix,
    now: int,
    label: str | None = None,
    client_kind: str = "direct",
    scopes: tuple[str, ...] = (ALL_SCOPES,),
    reach: Reach = WHOLE,
) -> IssuedKey:
    plaintext = spell_key(tenant, secret, prefix)
    key = ApiKey(
        tenant=tenant,
        number=number,
        digest=key_digest(plaintext),
        prefix=plaintext[:_PREFIX_SHOWN],
        label=label,
        client_kind=client_kind,
        scopes=scopes,
        created_at=now,
        workspace=reach.workspace,
        sender=reach.sender,
    )
    return IssuedKey(key, plaintext)


def list_api_keys(tenants: Tenants, *, tenant: int, by: Reach, after: int = 0) -> list[ApiKey]:
    """The tenant's keys behind `after` that reach no further than the one which asks, oldest first."""
    return [key for key in tenants.keys_of(tenant) if key.number > after and by.takes_in(key.reach)]


def delete_api_key(tenants: Tenants, *, tenant: int, number: int, by: Reach = WHOLE) -> None:
    """Revokes a key, `by` one that reaches as far.

    Raises NotFound, or LastKey: a tenant always keeps a way in, to the whole of its account.
    """
    keys = tenants.keys_of(tenant)
    doomed = [key for key in keys if key.number == number and by.takes_in(key.reach)]
    if not doomed:
        raise NotFound("api_key")
    if not doomed[0].reach.is_whole:
        tenants.drop_key(doomed[0])
        return
    others = [key for key in keys if key.number != number and key.reach.is_whole]
    # Two calls at once may not revoke each other's remaining key: each is refused once the other's is gone.
    if not any(tenants.remove_key(doomed[0], keep=other) for other in others):
        raise LastKey("The last active key can't be revoked. Make another one first.")


def authenticate(tenants: Tenants, plaintext: str | None, now: int) -> ApiKey:
    """The key that a caller presents. Raises Unauthorized, KeyMissing for none; a mistyped key costs no look-up."""
    if not plaintext:
        raise KeyMissing("The API key is missing.")
    tenant = tenant_of_key(plaintext)
    if tenant is None:
        raise Unauthorized("The API key is malformed.")
    key = tenants.key_by_digest(tenant, key_digest(plaintext))
    if key is None:
        raise Unauthorized("The API key is unknown or revoked.")
    if key.last_used_at is None or now - key.last_used_at > _USED_AGAIN_AFTER:
        tenants.mark_used(key, now)
    return key


def acting_for(tenants: Tenants, key: ApiKey, spelled: str) -> ApiKey:
    """An operator's key as it works for the tenant with this id. Raises NotFound."""
    number = tenant_number(spelled)
    if number is None or tenants.get(number) is None:
        raise NotFound("tenant")
    return key.acting_for(number)
