"""What only Outreach's API is built of: what its `include` reads, and what its bulk calls are checked against."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from drumbeat import bootstrap
from drumbeat.config import settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from drumbeat.application.order_checks import OrderCheckPorts
    from drumbeat.dialects.outreach.included import Source, Sources


def sources(tenant: int) -> Sources:
    """Where the tenant's resources of each type that can be included are read from."""
    return {name: partial(source, tenant) for name, source in _SOURCES.items()}


def _users(tenant: int) -> Source[Any]:
    from drumbeat.dialects.outreach.included import Source
    from drumbeat.dialects.outreach.users import USERS

    return Source(USERS, lambda numbers: bootstrap.users().get_some(tenant, numbers).values())


def _prospects(tenant: int) -> Source[Any]:
    from drumbeat.application.links import without_dead_links
    from drumbeat.dialects.outreach.included import Source
    from drumbeat.dialects.outreach.prospects import PROSPECTS

    def read(numbers: Sequence[int]) -> Iterable[Any]:
        return without_dead_links(bootstrap.links(), tenant, [*bootstrap.contacts().get_some(tenant, numbers).values()])

    return Source(PROSPECTS, read)


def _accounts(tenant: int) -> Source[Any]:
    from drumbeat.dialects.outreach.accounts import ACCOUNTS
    from drumbeat.dialects.outreach.included import Source

    return Source(ACCOUNTS, lambda numbers: bootstrap.companies().get_some(tenant, numbers).values())


def _opportunities(tenant: int) -> Source[Any]:
    from drumbeat.application.links import without_dead_links
    from drumbeat.dialects.outreach.included import Source
    from drumbeat.dialects.outreach.opportunities import OPPORTUNITIES

    def read(numbers: Sequence[int]) -> Iterable[Any]:
        return without_dead_links(
            bootstrap.links(), tenant, [*bootstrap.opportunities().get_some(tenant, numbers).values()]
        )

    return Source(OPPORTUNITIES, read)


def _rulesets(tenant: int) -> Source[Any]:
    from drumbeat.dialects.outreach.included import Source
    from drumbeat.dialects.outreach.rulesets import RULESETS

    return Source(RULESETS, lambda numbers: bootstrap.rulesets().get_some(tenant, numbers).values())


def _sequences(tenant: int) -> Source[Any]:
    from drumbeat.dialects.outreach.included import Source
    from drumbeat.dialects.outreach.sequences import SEQUENCES

    return Source(SEQUENCES, lambda numbers: bootstrap.sequence_records().get_some(tenant, numbers).values())


def _steps(tenant: int) -> Source[Any]:
    from drumbeat.application.steps import get_steps
    from drumbeat.dialects.outreach.included import Source
    from drumbeat.dialects.outreach.sequence_steps import SEQUENCE_STEPS

    records = bootstrap.sequence_records()
    return Source(SEQUENCE_STEPS, lambda numbers: get_steps(records, tenant=tenant, numbers=numbers))


def _mailboxes(tenant: int) -> Source[Any]:
    from drumbeat.dialects.outreach.included import Source
    from drumbeat.dialects.outreach.mailboxes import MAILBOXES

    return Source(MAILBOXES, lambda numbers: bootstrap.sender_records().get_some(tenant, numbers).values())


def _batches(tenant: int) -> Source[Any]:
    from drumbeat.dialects.outreach.batches import BATCHES
    from drumbeat.dialects.outreach.included import Source

    def read(numbers: Sequence[int]) -> Iterable[Any]:
        found = [bootstrap.batches().get(tenant, number) for number in numbers]
        return [batch for batch in found if batch is not None]

    return Source(BATCHES, read)


_SOURCES: Mapping[str, Callable[[int], Source[Any]]] = {
    "user": _users,
    "prospect": _prospects,
    "account": _accounts,
    "opportunity": _opportunities,
    "ruleset": _rulesets,
    "sequence": _sequences,
    "sequenceStep": _steps,
    "mailbox": _mailboxes,
    "batch": _batches,
}


def order_check_ports() -> OrderCheckPorts:
    from drumbeat.application.order_checks import OrderCheckPorts

    return OrderCheckPorts(links=bootstrap.links(), sequences=bootstrap.sequences())


def all_unconfirmed() -> bool:
    """Whether a bulk call about everything may skip its confirmation (docs/adr/0024)."""
    return settings().unconfirmed_all_allowed
