"""Cadences: our sequences, whichever API made them (contract 3.2, 3.3)."""

from collections.abc import Mapping
from typing import Any

from drumbeat.dialects.query import refused_parameter
from drumbeat.domain.ids import Kind, resource_number, resource_uuid
from drumbeat.domain.sequence import Sequence, SequenceStatus
from drumbeat.domain.times import iso


def cadence_id(sequence: Sequence) -> str:
    """What clients call it."""
    return resource_uuid(Kind.SEQUENCE, sequence.tenant, sequence.number)


def behind(tenant: int, query: Mapping[str, str]) -> int:
    """The number of the cadence that the page before ended with, 0 for the first page. Raises ValidationFailed."""
    text = query.get("cursor") or None
    number = 0 if text is None else resource_number(Kind.SEQUENCE, tenant, text)
    if number is None:
        raise refused_parameter("cursor", "is none that a list has given")
    return number


def cadence_row(sequence: Sequence) -> dict[str, Any]:
    """A cadence as lists show it."""
    return {
        "id": cadence_id(sequence),
        "name": sequence.name,
        "enabled": sequence.status is SequenceStatus.ACTIVE,
        "dailySendCap": sequence.daily_cap,
        "createdAt": iso(sequence.created_at),
        "stepsCount": len(sequence.steps),
    }
