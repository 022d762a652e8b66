"""What can be wrong with a bulk call before it begins: what its params name must be there, and a sequence active."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from drumbeat.domain.ids import Kind
from drumbeat.domain.links import Link
from drumbeat.domain.sequence import SequenceStatus

if TYPE_CHECKING:
    from drumbeat.application.links import Links
    from drumbeat.application.ports import Sequences

_LINKS = {"users": Kind.USER, "owner": Kind.USER, "company": Kind.COMPANY, "opportunity": Kind.OPPORTUNITY}


@dataclass(frozen=True, slots=True)
class OrderCheckPorts:
    """Where it is looked up."""

    links: Links
    sequences: Sequences


def order_problems(ports: OrderCheckPorts, *, tenant: int, params: Mapping[str, Any]) -> dict[str, str]:
    """What is wrong, by the name of the param; nothing if all is well."""
    problems = _missing_links(ports.links, tenant, params)
    if "sequence" in params:
        problem = _sequence_problem(ports.sequences, tenant, params["sequence"])
        problems |= {"sequence": problem} if problem else {}
    if "sender" in params and ports.sequences.sender(tenant, params["sender"]) is None:
        problems["sender"] = _nothing(params["sender"])
    return problems


def _missing_links(links: Links, tenant: int, params: Mapping[str, Any]) -> dict[str, str]:
    wanted = {Link(kind, number): name for name, kind in _LINKS.items() for number in _numbers(params.get(name))}
    missing = links.missing(tenant, wanted) if wanted else set()
    return {wanted[link]: _nothing(link.number) for link in sorted(missing, reverse=True)}


def _numbers(value: Any) -> list[int]:
    return list(value) if isinstance(value, list | tuple) else [] if value is None else [value]


def _sequence_problem(sequences: Sequences, tenant: int, number: int) -> str | None:
    sequence = sequences.get(tenant, number)
    if sequence is None:
        return _nothing(number)
    return "The sequence is not active." if sequence.status is not SequenceStatus.ACTIVE else None


def _nothing(number: int) -> str:
    return f"There is nothing with ID '{number}'."
