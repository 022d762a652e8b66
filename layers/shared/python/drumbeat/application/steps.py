"""Steps as things of their own: found by number or by conditions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from drumbeat.domain.condition import Condition, Looked, Op, any_of, matches
from drumbeat.domain.errors import NotFound
from drumbeat.domain.placed_step import PlacedStep, steps_of, view_of_step
from drumbeat.domain.sequence import Sequence as Cadence
from drumbeat.domain.sequence import step_number, step_place

if TYPE_CHECKING:
    from drumbeat.application.ports import Records


def get_step(sequences: Records[Cadence], *, tenant: int, number: int) -> PlacedStep:
    """The step with this number. Raises NotFound."""
    found = get_steps(sequences, tenant=tenant, numbers=[number])
    if not found:
        raise NotFound("step", number)
    return found[0]


def get_steps(sequences: Records[Cadence], *, tenant: int, numbers: Sequence[int]) -> list[PlacedStep]:
    """Those among the steps that exist."""
    places = [step_place(number) for number in numbers]
    found = sequences.get_some(tenant, list({sequence for sequence, _ in places}))
    return [
        PlacedStep(found[sequence], index)
        for sequence, index in places
        if sequence in found and index < len(found[sequence].steps)
    ]


def search_steps(
    sequences: Records[Cadence], *, tenant: int, conditions: Sequence[Condition], after: int = 0
) -> Iterator[Looked[PlacedStep]]:
    """The steps that match, by sequence and in their order, with numbers above `after`."""
    last = step_place(after)[0] - 1
    for looked in sequences.search(tenant, _of_sequences(conditions), after=max(last, 0)):
        steps = [placed for sequence in looked.records for placed in steps_of(sequence)]
        found = [placed for placed in steps if placed.number > after and matches(view_of_step(placed), conditions)]
        yield Looked(found, step_number(looked.upto + 1, 0) - 1)


def _of_sequences(conditions: Sequence[Condition]) -> list[Condition]:
    """What the conditions say about the numbers of the sequences."""
    named = [condition for condition in conditions if condition.op is Op.ANY_OF]
    numbers = [condition.values for condition in named if condition.field == "sequence"]
    numbers += [
        tuple(step_place(value)[0] for value in condition.values if isinstance(value, int))
        for condition in named
        if condition.field == "number"
    ]
    return [any_of("number", *values) for values in numbers]
