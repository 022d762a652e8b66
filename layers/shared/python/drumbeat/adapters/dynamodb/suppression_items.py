"""Suppressions as items: whatever is noted about an address is added to what is there, never put in its place."""

from collections.abc import Mapping
from typing import Any

from drumbeat.adapters.dynamodb import keys
from drumbeat.adapters.dynamodb.contact_items import address_digest
from drumbeat.domain.suppression import Noted, Suppression, SuppressionReason


def suppression_item(
    tenant: int, email: str, reason: SuppressionReason, now: int, source: str | None = None
) -> dict[str, Any]:
    """The item of an address that is suppressed for the first time."""
    mark = address_digest(email)
    partition, sort = keys.suppression(tenant, mark)
    item = {
        "PK": partition,
        "SK": sort,
        "suppressed_at": now,
        "email": email,
        "rpk": keys.suppressed(tenant),
        "rsk": keys.suppressed_sort(now, mark),
        f"{reason.value}_at": now,
    }
    return item if source is None else item | {f"{reason.value}_by": source}


def suppress_write(
    tenant: int, email: str, reason: SuppressionReason, now: int, source: str | None = None
) -> tuple[keys.Key, str, dict[str, Any]]:
    """Key, expression and values of the update that suppresses an address; what is there already stays."""
    item = suppression_item(tenant, email, reason, now, source)
    key = item.pop("PK"), item.pop("SK")
    sets = ", ".join(f"{name} = if_not_exists({name}, :{name})" for name in item)
    return key, f"SET {sets}", {f":{name}": value for name, value in item.items()}


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
