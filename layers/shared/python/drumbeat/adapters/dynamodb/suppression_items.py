"""Suppressions as items: whatever is noted about an address is added to what is there, never put in its place."""

from collections.abc import Mapping
from typing import Any

from drumbeat.adapters.dynamodb import keys
from drumbeat.adapters.dynamodb.contact_items import address_digest
from drumbeat.domain.suppression import Noted, Suppression, SuppressionReason

_SUPPRESS = (
    "SET suppressed_at = if_not_exists(suppressed_at, :now), email = if_not_exists(email, :email),"
    " rpk = :suppressed, rsk = if_not_exists(rsk, :sort), {reason}_at = if_not_exists({reason}_at, :now)"
)


def suppress_write(
    tenant: int, email: str, reason: SuppressionReason, now: int, source: str | None = None
) -> tuple[keys.Key, str, dict[str, Any]]:
    """Key, expression and values of the update that suppresses an address; the first time and source stay."""
    mark = address_digest(email)
    values: dict[str, Any] = {
        ":now": now,
        ":email": email,
        ":suppressed": keys.suppressed(tenant),
        ":sort": keys.suppressed_sort(now, mark),
    }
    expression = _SUPPRESS.format(reason=reason.value)
    if source is not None:
        expression += f", {reason.value}_by = if_not_exists({reason.value}_by, :source)"
        values[":source"] = source
    return keys.suppression(tenant, mark), expression, values


def suppression_of(tenant: int, item: Mapping[str, Any]) -> Suppression:
    """The suppression that an item holds."""
    return Suppression(
        tenant=tenant,
        digest=keys.digest_of_suppression(item["PK"]),
        since=item["suppressed_at"],
        email=item.get("email"),
        reasons={
            reason: Noted(item[f"{reason.value}_at"], item.get(f"{reason.value}_by"))
            for reason in SuppressionReason
            if f"{reason.value}_at" in item
        },
    )
