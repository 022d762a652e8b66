"""Changes of many records in a chunk, where one that cannot take its change is a failed item and no more."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from drumbeat.domain.batch import Batch, Outcome
from drumbeat.domain.errors import ValidationFailed

REFUSED = "REFUSED"

type Change[R] = Callable[[R], R]
type Make[R] = Callable[[Mapping[str, Any], int], Change[R]]
"""Makes a change of a batch's params and of the instant at which it is done."""
type Apply[R] = Callable[[int, Sequence[int], Change[R], int], Sequence[Outcome]]
"""Applies a change to a tenant's records of these numbers at an instant, and tells what became of each, in order."""


class _Numbered(Protocol):
    @property
    def number(self) -> int: ...


def changing[R: _Numbered](apply: Apply[R], make: Make[R]) -> Callable[[Batch, Sequence[int], int], list[Outcome]]:
    """What a batch runs to change its targets."""

    def run(batch: Batch, targets: Sequence[int], now: int) -> list[Outcome]:
        change = make(batch.params, now)
        refused: dict[int, Outcome] = {}

        def careful(record: R) -> R:
            try:
                return change(record)
            except ValidationFailed as refusal:
                refused[record.number] = Outcome(REFUSED, refusal.message)
                return record

        outcomes = apply(batch.tenant, targets, careful, now)
        return [refused.get(target, outcome) for target, outcome in zip(targets, outcomes, strict=True)]

    return run
