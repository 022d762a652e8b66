"""What a batch can do, and where its targets are looked for: the engine knows neither contacts nor sequences."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from drumbeat.domain.batch import WENT_WRONG, Batch, Outcome, TargetKind


@dataclass(frozen=True, slots=True)
class Action:
    """One kind of work.

    `run(batch, targets, now)` does it to up to about 100 targets and tells what became of each, in their order; a
    failure of one must not touch its neighbours. It is idempotent: a chunk whose message comes again is run again
    and has to report the same outcomes. What it raises is tried again, and ends as INTERNAL_ERROR of the items that
    keep raising.

    Chunks of an `ordered` action are run one after the other, and are the pool's pages as they are. One that goes
    `to_the_end` is run for all targets, even if its batch is canceled: what it owes for each is its own business then.
    `give_up(batch, target, now)` ends what keeps raising, where more is due to it than an outcome.
    """

    run: Callable[[Batch, Sequence[int], int], Sequence[Outcome]]
    ordered: bool = False
    to_the_end: bool = False
    give_up: Callable[[Batch, int, int], Outcome] = lambda *_: WENT_WRONG


class Page(NamedTuple):
    """Targets in number order. Everything up to and including `upto` has been looked at; `found` may be empty."""

    found: Sequence[int]
    upto: int


class Pool(Protocol):
    """Where the targets of one kind are looked for."""

    def look(self, batch: Batch, numbers: Sequence[int]) -> Mapping[int, bool]:
        """Those among up to 100 numbers that exist, each with whether it meets the target's conditions."""
        ...

    def pages(self, batch: Batch, *, after: int) -> Iterator[Page]:
        """What meets the target's conditions, in number order, beginning behind number `after`.

        Pages of at most 1,000, so that the search can stop between any two and go on later.
        """
        ...


type Actions = Mapping[str, Action]
type Pools = Mapping[TargetKind, Pool]
