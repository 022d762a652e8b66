"""What Outreach's `include` reads, by type of resource; each is imported when it is included."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from drumbeat import bootstrap

if TYPE_CHECKING:
    from drumbeat.dialects.outreach.included import Source, Sources


def sources(tenant: int) -> Sources:
    """Where the tenant's resources of each type that can be included are read from."""
    from drumbeat.dialects.outreach.included import Source

    def users() -> Source[Any]:
        from drumbeat.dialects.outreach.users import USERS

        return Source(USERS, lambda numbers: bootstrap.users().get_some(tenant, numbers).values())

    return {"user": users}
