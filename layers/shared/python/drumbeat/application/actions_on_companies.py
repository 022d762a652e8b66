"""What batches do to companies (contract 1.3)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from drumbeat.application.batch_actions import Action, Actions
from drumbeat.application.bulk_changes import Make, changing
from drumbeat.domain.batch import DONE, NO_SUCH_TARGET, Batch, Outcome
from drumbeat.domain.bulk_change import (
    unassigned,
    with_assigned,
    with_tags,
    without_assigned,
    without_tags,
)
from drumbeat.domain.links import given

if TYPE_CHECKING:
    from drumbeat.application.ports import Records
    from drumbeat.domain.company import Company


def company_actions(companies: Callable[[], Records[Company]]) -> Actions:
    """The actions by their names."""

    def apply(tenant: int, numbers: Sequence[int], change: Callable[[Company], Company], now: int) -> Sequence[Outcome]:
        changed = companies().change(tenant, numbers, change, now=now)
        return [DONE if number in changed else NO_SUCH_TARGET for number in numbers]

    def delete(batch: Batch, targets: Sequence[int], _now: int) -> Sequence[Outcome]:
        companies().remove(batch.tenant, targets)
        return [DONE] * len(targets)

    changes: Mapping[str, Make[Company]] = {
        "companies.add_tags": lambda params, _: lambda company: with_tags(company, params["tags"]),
        "companies.remove_tags": lambda params, _: lambda company: without_tags(company, params["tags"]),
        "companies.assign": lambda params, _: lambda company: with_assigned(company, params["users"]),
        "companies.unassign": lambda params, _: lambda company: without_assigned(company, params["users"]),
        "companies.unassign_all": lambda _params, _: unassigned,
        "companies.set_owner": lambda params, _: lambda company: replace(company, owner=params["owner"]),
        "companies.modify": lambda params, _: lambda company: given(company, _in_tuples(params["values"])),
    }
    actions = {name: Action(changing(apply, make)) for name, make in changes.items()}
    return actions | {"companies.delete": Action(delete)}


def _in_tuples(values: Mapping[str, Any]) -> dict[str, Any]:
    """As a body gives them: JSON knows lists only."""
    return {name: tuple(value) if isinstance(value, list) else value for name, value in values.items()}
