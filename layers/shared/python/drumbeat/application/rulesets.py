"""Rulesets: one is deleted only when no sequence goes by it, or else that would forget whom it must not take."""

from __future__ import annotations

from typing import TYPE_CHECKING

from drumbeat.domain.condition import any_of
from drumbeat.domain.errors import NotFound, StillInUse

if TYPE_CHECKING:
    from drumbeat.application.ports import Records
    from drumbeat.domain.ruleset import Ruleset
    from drumbeat.domain.sequence import Sequence


def delete_ruleset(rulesets: Records[Ruleset], sequences: Records[Sequence], *, tenant: int, number: int) -> None:
    """Deletes a ruleset that no sequence goes by. Raises NotFound, StillInUse."""
    if any(looked.records for looked in sequences.search(tenant, [any_of("ruleset", number)])):
        raise StillInUse("A sequence goes by this ruleset. Give it another one first.")
    if not rulesets.discard(tenant, number):
        raise NotFound("ruleset")


def ruleset_of(rulesets: Records[Ruleset], sequence: Sequence) -> Ruleset | None:
    """What decides who may be added to the sequence, None if it has no ruleset.

    Raises NotFound if it is gone: then nobody can say whom to keep out.
    """
    if sequence.ruleset is None:
        return None
    found = rulesets.get(sequence.tenant, sequence.ruleset)
    if found is None:
        raise NotFound("ruleset")
    return found
