"""Rulesets: who may be added to a sequence, and whom another sequence keeps out of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Duplicates(StrEnum):
    """Whether a contact that has been in the sequence may be added again (contract 1.7, ruleset)."""

    ALLOW = "allow"
    DISALLOW = "disallow"
    ONLY_IF_INACTIVE = "only_if_inactive"


class Exclusivity(StrEnum):
    """Whom an enrollment keeps out elsewhere: every sequence, those that are exclusive too, or none."""

    ALL = "all_sequences"
    EXCLUSIVE = "exclusive_sequences"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Ruleset:
    """What decides whether an addition to a sequence is legal.

    A contact touched within the last `touched_interval` seconds is refused; 0 asks nothing. `fields` are only shown
    back. `revision` counts the changes.
    """

    tenant: int
    number: int
    name: str
    created_at: int
    duplicates: Duplicates = Duplicates.DISALLOW
    exclusivity: Exclusivity = Exclusivity.NONE
    touched_interval: int = 0
    fields: Mapping[str, Any] = field(default_factory=dict)
    updated_at: int | None = None
    revision: int = 0


def view_of_ruleset(ruleset: Ruleset) -> dict[str, Any]:
    """The ruleset as conditions see it."""
    return {
        **ruleset.fields,
        "number": ruleset.number,
        "name": ruleset.name,
        "duplicates": ruleset.duplicates.value,
        "exclusivity": ruleset.exclusivity.value,
        "touched_interval": ruleset.touched_interval,
        "created_at": ruleset.created_at,
        "updated_at": ruleset.updated_at or ruleset.created_at,
    }
