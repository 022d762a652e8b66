"""Where batches look for their targets: what a list of the same records would show (contract 1.3)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from drumbeat.application.batch_actions import Page
from drumbeat.domain.condition import Condition, Looked, any_of

if TYPE_CHECKING:
    from drumbeat.domain.batch import Batch


class Kept(Protocol):
    """Knows records by their numbers."""

    def get_some(self, tenant: int, numbers: Sequence[int]) -> Mapping[int, Any]: ...


class Searched(Protocol):
    """Finds records by conditions."""

    def search(self, tenant: int, conditions: Sequence[Condition], *, after: int = 0) -> Iterator[Looked[Any]]: ...


@dataclass(frozen=True, slots=True)
class SearchPool:
    """The records of one kind. What does not meet `always` is in no list: it is reached by its id alone."""

    kept: Callable[[Batch], Kept]
    searched: Callable[[Batch], Searched]
    always: tuple[Condition, ...] = ()

    def look(self, batch: Batch, numbers: Sequence[int]) -> Mapping[int, bool]:
        """Those among the numbers that exist, each with whether it meets the target's conditions."""
        there = self.kept(batch).get_some(batch.tenant, numbers)
        if not batch.target.conditions or not there:
            return dict.fromkeys(there, True)
        asked = (*batch.target.conditions, *self.always, any_of("number", *there))
        found = self.searched(batch).search(batch.tenant, asked)
        meeting = {record.number for looked in found for record in looked.records}
        return {number: number in meeting for number in there}

    def pages(self, batch: Batch, *, after: int) -> Iterator[Page]:
        """What meets the target's conditions, in number order, beginning behind number `after`."""
        asked = (*batch.target.conditions, *self.always)
        for looked in self.searched(batch).search(batch.tenant, asked, after=after):
            yield Page([record.number for record in looked.records], looked.upto)


class RowPool:
    """Where nothing is looked for: a batch of rows has them all from its callers."""

    def look(self, batch: Batch, numbers: Sequence[int]) -> Mapping[int, bool]:  # noqa: ARG002 - a Pool's
        """Every row is there."""
        return dict.fromkeys(numbers, True)

    def pages(self, batch: Batch, *, after: int) -> Iterator[Page]:  # noqa: ARG002 - a Pool's
        """Nothing that is not there already."""
        return iter(())
