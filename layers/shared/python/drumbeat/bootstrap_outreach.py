"""What Outreach's `include` reads, by type of resource; each is imported when it is included."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from drumbeat import bootstrap

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from drumbeat.dialects.outreach.included import Source, Sources


def sources(tenant: int) -> Sources:
    """Where the tenant's resources of each type that can be included are read from."""
    from drumbeat.dialects.outreach.included import Source

    def users() -> Source[Any]:
        from drumbeat.dialects.outreach.users import USERS

        return Source(USERS, lambda numbers: bootstrap.users().get_some(tenant, numbers).values())

    def prospects() -> Source[Any]:
        from drumbeat.application.links import without_dead_links
        from drumbeat.dialects.outreach.prospects import PROSPECTS

        def read(numbers: Sequence[int]) -> Iterable[Any]:
            return without_dead_links(
                bootstrap.links(), tenant, [*bootstrap.contacts().get_some(tenant, numbers).values()]
            )

        return Source(PROSPECTS, read)

    def accounts() -> Source[Any]:
        from drumbeat.dialects.outreach.accounts import ACCOUNTS

        return Source(ACCOUNTS, lambda numbers: bootstrap.companies().get_some(tenant, numbers).values())

    def opportunities() -> Source[Any]:
        from drumbeat.application.links import without_dead_links
        from drumbeat.dialects.outreach.opportunities import OPPORTUNITIES

        def read(numbers: Sequence[int]) -> Iterable[Any]:
            return without_dead_links(
                bootstrap.links(), tenant, [*bootstrap.opportunities().get_some(tenant, numbers).values()]
            )

        return Source(OPPORTUNITIES, read)

    return {"user": users, "prospect": prospects, "account": accounts, "opportunity": opportunities}
