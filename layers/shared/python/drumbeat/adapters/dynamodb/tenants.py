"""Tenants, their keys, and how often one address signs up."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from drumbeat.adapters.dynamodb import keys
from drumbeat.adapters.dynamodb.creation import create_once
from drumbeat.adapters.dynamodb.hours_items import tenant_hours_of
from drumbeat.adapters.dynamodb.table import PRESENT, ConditionFailed, Table
from drumbeat.domain.opening_hours import TenantHours
from drumbeat.domain.tenant import ApiKey, Tenant
from drumbeat.domain.times import HOUR, SECOND

if TYPE_CHECKING:
    from drumbeat.domain.call_meter import Counts


@dataclass(frozen=True, slots=True)
class TenantStore:
    """Keeps tenants and the digests of their keys."""

    table: Table

    def create(self, tenant: Tenant, key: ApiKey) -> None:
        """Writes the tenant and its first key together."""
        create_once(self.table, 0, tenant.number, [_tenant_item(tenant), _key_item(key)], intent=None, now=0)

    def add_key(self, key: ApiKey, *, intent: str | None, now: int) -> int:
        """Keeps another key of the tenant; returns the number it has (an earlier attempt's, if there was one)."""
        return create_once(self.table, key.tenant, key.number, [_key_item(key)], intent=intent, now=now)

    def replace_key(self, old: ApiKey, new: ApiKey) -> None:
        """Revokes one key and keeps the other in its place."""
        self.table.transact(
            [self.table.delete_write(keys.api_key(old.tenant, old.digest)), self.table.put_write(_key_item(new))]
        )

    def key_by_digest(self, tenant: int, digest: str) -> ApiKey | None:
        """The live key with this digest."""
        item = self.table.get(keys.api_key(tenant, digest))
        return None if item is None else _key_of(item)

    def keys_of(self, tenant: int) -> list[ApiKey]:
        """The tenant's live keys, oldest first."""
        partition, prefix = keys.api_keys(tenant)
        found = [_key_of(item) for item in self.table.items(partition, prefix=prefix)]
        return sorted(found, key=lambda key: key.number)

    def get(self, tenant: int) -> Tenant | None:
        """The tenant, or None."""
        item = self.table.get(keys.tenant(tenant))
        return None if item is None else Tenant(item["number"], item["name"], item["email"], item["created_at"])

    def drop_key(self, key: ApiKey) -> None:
        """Revokes the key, whatever else is there."""
        self.table.delete(keys.api_key(key.tenant, key.digest))

    def remove_key(self, key: ApiKey, *, keep: ApiKey) -> bool:
        """Revokes the key if the other one is still there; returns whether it was."""
        there = self.table.check_write(keys.api_key(keep.tenant, keep.digest), condition=PRESENT)
        return self.table.commits([self.table.delete_write(keys.api_key(key.tenant, key.digest)), there])

    def mark_used(self, key: ApiKey, now: int) -> None:
        """Notes when the key was last seen; a key revoked meanwhile stays revoked."""
        try:
            self.table.update(keys.api_key(key.tenant, key.digest), "SET last_used_at = :now", values={":now": now})
        except ConditionFailed:
            return

    def count_signup(self, source: str, now: int) -> int:
        """Counts one more sign-up from `source` and returns how many there were in this hour."""
        item = self.table.update(
            keys.signups(source, now // HOUR),
            "ADD attempts :one SET expires_at = :until",
            condition="",
            values={":one": 1, ":until": (now + 2 * HOUR) // SECOND},
        )
        return int(item["attempts"])

    def count_calls(self, key: ApiKey, api: str, block: int, calls: Counts, *, expires_at: int) -> Counts:
        """Adds calls of an API in a block of windows; returns how many all containers have told of, by window."""
        added = ", ".join(f"calls{window} :w{window}" for window in calls)
        item = self.table.update(
            keys.calls(key.tenant, key.number, api, block),
            f"ADD {added} SET expires_at = :until",
            condition="",
            values={f":w{window}": count for window, count in calls.items()} | {":until": expires_at},
        )
        return {int(name[5:]): int(count) for name, count in item.items() if name.startswith("calls")}

    def calls_made(self, key: ApiKey, api: str, first: int, last: int) -> int:
        """How many calls of an API the containers have told of, in the blocks from the first to the last."""
        (partition, begin), (_, end) = (keys.calls(key.tenant, key.number, api, block) for block in (first, last))
        rows = self.table.items(partition, between=(begin, end))
        return sum(int(count) for item in rows for name, count in item.items() if name.startswith("calls"))

    def hours(self, tenant: int) -> TenantHours:
        """What the tenant's sequences inherit."""
        item = self.table.get(keys.tenant(tenant))
        return TenantHours() if item is None or "hours" not in item else _hours_of(item)

    def set_hours(self, tenant: int, hours: TenantHours) -> TenantHours:
        """Replaces what the tenant's sequences inherit; returns it with its new revision."""
        kept = {name: value for name, value in asdict(hours).items() if name != "revision"}
        item = self.table.update(
            keys.tenant(tenant),
            "SET hours = :hours ADD hours_revision :one",
            values={":hours": kept, ":one": 1},
        )
        return _hours_of(item)


def _hours_of(item: dict[str, Any]) -> TenantHours:
    return tenant_hours_of(item["hours"], item["hours_revision"])


def _tenant_item(tenant: Tenant) -> dict[str, Any]:
    partition, sort = keys.tenant(tenant.number)
    return {"PK": partition, "SK": sort} | asdict(tenant)


def _key_item(key: ApiKey) -> dict[str, Any]:
    partition, sort = keys.api_key(key.tenant, key.digest)
    return {"PK": partition, "SK": sort} | {name: value for name, value in asdict(key).items() if name != "operator"}


def _key_of(item: dict[str, Any]) -> ApiKey:
    return ApiKey(
        tenant=item["tenant"],
        number=item["number"],
        digest=item["digest"],
        prefix=item["prefix"],
        label=item.get("label"),
        client_kind=item["client_kind"],
        scopes=tuple(item["scopes"]),
        created_at=item["created_at"],
        last_used_at=item.get("last_used_at"),
        workspace=item.get("workspace"),
        sender=item.get("sender"),
    )
