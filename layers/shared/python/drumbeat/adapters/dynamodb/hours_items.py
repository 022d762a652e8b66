"""Hours, and what tenants and sequences ask of them, as members of items."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from drumbeat.adapters.dynamodb import keys
from drumbeat.domain.opening_hours import Holidays, Schedule, TenantHours
from drumbeat.domain.schedule import Hours, Span, Week

if TYPE_CHECKING:
    from drumbeat.adapters.dynamodb.table import Table


def hours_member(hours: Hours | None) -> dict[str, Any] | None:
    """Hours as they are kept."""
    return None if hours is None else asdict(hours) | {"holidays": sorted(hours.holidays)}


def hours_of(member: dict[str, Any] | None) -> Hours | None:
    """The hours that `hours_member` made."""
    if member is None:
        return None
    return Hours(_week(member["week"]), member["zone"], frozenset(member["holidays"]), member.get("not_before"))


def schedule_of(member: dict[str, Any] | None) -> Schedule | None:
    """The schedule that was kept by its fields."""
    if member is None:
        return None
    return Schedule(
        business_hours_only=member["business_hours_only"],
        zone=member.get("zone"),
        week=_week(member["week"]) if "week" in member else None,
        holidays=_holidays(member["holidays"]) if "holidays" in member else None,
        not_before=member.get("not_before"),
        revision=member["revision"],
    )


def tenant_hours_of(member: dict[str, Any], revision: int) -> TenantHours:
    """The tenant's hours that were kept by their fields."""
    return TenantHours(member["zone"], _week(member["week"]), _holidays(member["holidays"]), revision)


def _week(member: list[list[dict[str, int]]]) -> Week:
    return tuple(tuple(Span(**span) for span in day) for day in member)


def _holidays(member: dict[str, Any]) -> Holidays:
    return Holidays(tuple(member["calendars"]), tuple(member["dates"]))


def hours_unchanged(table: Table, tenant: int, revision: int) -> dict[str, Any]:
    """A member of a transaction: refuses all once somebody has changed the tenant's hours."""
    return table.check_write(
        keys.tenant(tenant),
        condition="hours_revision = :revision" if revision else "attribute_not_exists(hours_revision)",
        values={":revision": revision} if revision else {},
    )
