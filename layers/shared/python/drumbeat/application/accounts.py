"""Tenants and their keys."""

from dataclasses import dataclass, replace

from drumbeat.application.ports import Numbers, Tenants
from drumbeat.domain.errors import LastKey, NotFound, ScopeMissing, SignupClosed, TooManyRequests, Unauthorized
from drumbeat.domain.ids import Kind, tenant_number
from drumbeat.domain.tenant import ALL_SCOPES, ApiKey, Tenant, key_digest, spell_key, tenant_of_key
from drumbeat.domain.times import HOUR, SECOND

_PREFIX_SHOWN = 12
_USED_AGAIN_AFTER = HOUR


@dataclass(frozen=True, slots=True)
class IssuedKey:
    """A key on the one occasion on which its text is known."""

    key: ApiKey
    plaintext: str


def create_tenant(
    tenants: Tenants, numbers: Numbers, *, name: str, email: str, secret: bytes, now: int
) -> tuple[Tenant, IssuedKey]:
    """Makes a tenant with a first key that reaches everything. `secret` is 160 random bits."""
    tenant = Tenant(numbers.take(0, Kind.TENANT), name, email, now)
    issued = _issue(tenant.number, 1, secret, label=None, client_kind="direct", scopes=(ALL_SCOPES,), now=now)
    numbers.take(tenant.number, Kind.API_KEY)
    tenants.create(tenant, issued.key)
    return tenant, issued


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
) -> IssuedKey:
    """Another key of the tenant, reaching no further than the key `by` that asks for it.

    A key that an earlier attempt with the same intent made was seen by nobody: it is replaced. Raises ScopeMissing.
    """
    beyond = [scope for scope in scopes if not by.reaches(scope)]
    if beyond:
        raise ScopeMissing(f"Your key does not reach {', '.join(beyond)} itself.")
    number = numbers.take(tenant, Kind.API_KEY)
    issued = _issue(tenant, number, secret, label=label, client_kind=client_kind, scopes=scopes, now=now)
    made = tenants.add_key(issued.key, intent=intent, now=now)
    unseen = [key for key in tenants.keys_of(tenant) if key.number == made] if made != number else []
    if unseen:
        issued = replace(issued, key=replace(issued.key, number=made))
        tenants.replace_key(unseen[0], issued.key)
    return issued


def _issue(
    tenant: int, number: int, secret: bytes, *, label: str | None, client_kind: str, scopes: tuple[str, ...], now: int
) -> IssuedKey:
    plaintext = spell_key(tenant, secret)
    key = ApiKey(
        tenant=tenant,
        number=number,
        digest=key_digest(plaintext),
        prefix=plaintext[:_PREFIX_SHOWN],
        label=label,
        client_kind=client_kind,
        scopes=scopes,
        created_at=now,
    )
    return IssuedKey(key, plaintext)


def delete_api_key(tenants: Tenants, *, tenant: int, number: int) -> None:
    """Revokes a key. Raises NotFound, or LastKey: a tenant always keeps a way in."""
    keys = tenants.keys_of(tenant)
    doomed = [key for key in keys if key.number == number]
    if not doomed:
        raise NotFound("api_key")
    # Two calls at once may not revoke each other's remaining key: each is refused once the other's is gone.
    if not any(tenants.remove_key(doomed[0], keep=other) for other in keys if other.number != number):
        raise LastKey("The last active key can't be revoked. Make another one first.")


def authenticate(tenants: Tenants, plaintext: str | None, now: int) -> ApiKey:
    """The key that a caller presents. Raises Unauthorized; a mistyped key costs no look-up."""
    tenant = None if plaintext is None else tenant_of_key(plaintext)
    if plaintext is None or tenant is None:
        raise Unauthorized("The API key is missing or malformed.")
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
