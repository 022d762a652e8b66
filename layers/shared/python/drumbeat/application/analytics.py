"""What became of mails: the counts of a sequence or a sender, put together as they are asked for."""

from __future__ import annotations

from collections.abc import Iterable, Set
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from drumbeat.application.event_log import DayCounts, Statistics
from drumbeat.application.sequences import get_sequence
from drumbeat.application.shared_senders import find_sender
from drumbeat.domain.counts import NOTHING, Counts

if TYPE_CHECKING:
    from drumbeat.application.ports import Sequences


class Part(StrEnum):
    """By what counts may be told apart."""

    DAY = "day"
    STEP = "step"
    SENDER = "sender"


class Row(NamedTuple):
    """The counts of a day, a step, a sender; what they are not told apart by is None."""

    day: int | None
    step: int | None
    sender: int | None
    counts: Counts


@dataclass(frozen=True, slots=True)
class Question:
    """The counts of a sequence, or else of a sender, from one UTC day to another, both included.

    A sender's are those of all sequences and steps. Without any part to tell apart `by`, the answer is one row.
    """

    sequence: int | None
    sender: int | None
    first: int
    last: int
    by: frozenset[Part]


def counts_asked_for(statistics: Statistics, sequences: Sequences, *, tenant: int, question: Question) -> list[Row]:
    """The answer, in the order of days, steps and senders. Raises NotFound for a sequence or sender that is gone."""
    first, last, by = question.first, question.last, question.by
    if question.sequence is not None:
        get_sequence(sequences, tenant=tenant, number=question.sequence)
        return _together(statistics.of_sequence(tenant, question.sequence, first, last), by)
    sender = question.sender or 0
    find_sender(sequences, tenant=tenant, number=sender)
    days = statistics.of_sender(tenant, sender, first, last)
    return _together((DayCounts(day, 0, sender, counts) for day, counts in days.items()), by)


def _together(found: Iterable[DayCounts], by: Set[Part]) -> list[Row]:
    sums: dict[tuple[int, int, int], Counts] = {} if by else {(0, 0, 0): NOTHING}
    for day, step, sender, counts in found:
        place = (day * (Part.DAY in by), step * (Part.STEP in by), sender * (Part.SENDER in by))
        sums[place] = sums.get(place, NOTHING) + counts
    return [_row(place, sums[place], by) for place in sorted(sums)]


def _row(place: tuple[int, int, int], counts: Counts, by: Set[Part]) -> Row:
    day, step, sender = (value if part in by else None for part, value in zip(Part, place, strict=True))
    return Row(day, step, sender, counts)
