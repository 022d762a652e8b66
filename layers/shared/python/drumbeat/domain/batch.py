"""A batch: one action over many targets, in chunks, with an outcome for each item."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, NamedTuple

from drumbeat.domain.times import DAY, MINUTE

if TYPE_CHECKING:
    from drumbeat.domain.condition import Condition

MESSAGE_VERSION = 1
"""Of what is put on the batch queue; a worker sets aside what it does not know."""

STALL = 5 * MINUTE
"""How long a batch that has work left may stand still before its messages are sent again."""

OPEN_FOR = DAY
"""How long a batch that is open for more waits for them; then it has failed, and nothing of it is done."""

CHUNK = 100
"""How many items are run, and answered, together."""

INDEX_BITS = 24
MOST_ITEMS = 1 << INDEX_BITS

NOT_FOUND = "NOT_FOUND"
INTERNAL_ERROR = "INTERNAL_ERROR"


class BatchState(StrEnum):
    """Where a batch is: RESOLVING finds its targets, CONFIRMING waits for somebody's yes."""

    RESOLVING = "resolving"
    CONFIRMING = "confirming"
    RUNNING = "running"
    FINISHED = "finished"
    FAILED = "failed"
    CANCELED = "canceled"

    @property
    def over(self) -> bool:
        """Whether the batch stays in this state for good."""
        return self in {BatchState.FINISHED, BatchState.FAILED, BatchState.CANCELED}


class TargetKind(StrEnum):
    """What the numbers of a batch's targets count; rows are the items themselves, from 0, and carry their arguments."""

    CONTACTS = "contacts"
    COMPANIES = "companies"
    CUSTOM_OBJECTS = "custom_objects"
    IMPORT = "import"
    ROWS = "rows"


@dataclass(frozen=True, slots=True)
class Target:
    """Whom a batch is about: listed ids, what meets all conditions, what does both, or everything.

    The ids of a listed target are kept beside the batch (`Batches.listed`). `object_name` is for custom objects.
    """

    kind: TargetKind
    listed: bool = False
    conditions: tuple[Condition, ...] = ()
    object_name: str | None = None

    @property
    def is_all(self) -> bool:
        """Whether nothing narrows it down."""
        return not self.listed and not self.conditions


class Outcome(NamedTuple):
    """What became of one item: done if it has no code; the text may then say what came of it."""

    code: str | None = None
    text: str | None = None


DONE = Outcome()
NO_SUCH_TARGET = Outcome(NOT_FOUND, "There is no such record.")
WENT_WRONG = Outcome(INTERNAL_ERROR, "Something went wrong on our side. This item may have been done.")


@dataclass(frozen=True, slots=True)
class Batch:
    """One bulk call. Everything that is counted is counted in items.

    `action` is the engine's name of what is done, `params` its JSON arguments, `tag` marks the enrollments it makes.
    `stops` says whether it waits for confirmation when the targets are known; `count_required` that who confirms has to
    repeat the count. One that `is_open` takes more items, and does not begin.
    `after` is how far the search for targets is. Chunks are settled when they are done or canceled.
    """

    tenant: int
    number: int
    action: str
    params: Mapping[str, Any]
    target: Target
    tag: str
    created_at: int
    updated_at: int
    state: BatchState = BatchState.RESOLVING
    stops: bool = True
    count_required: bool = False
    external_start_payload: str | None = None
    is_open: bool = False
    after: int = 0
    total: int = 0
    processed: int = 0
    failures: int = 0
    canceled: int = 0
    failures_by_code: Mapping[str, int] = field(default_factory=dict)
    chunks: int = 0
    chunks_settled: int = 0
    confirmed_at: int | None = None
    started_at: int | None = None
    finished_at: int | None = None
    canceled_at: int | None = None

    @property
    def pending(self) -> int:
        """How many items have no outcome yet."""
        return self.total - self.processed - self.canceled

    @property
    def confirm_count(self) -> int | None:
        """How many items wait for confirmation; None where there was no such stop."""
        return self.total if self.stops and self.state is not BatchState.RESOLVING else None

    @property
    def settled(self) -> bool:
        """Whether every chunk is done or canceled."""
        return self.chunks_settled == self.chunks


class ChunkState(StrEnum):
    """Where a chunk is. One that was BEGUN is brought to its end, even if the batch is canceled meanwhile."""

    PENDING = "pending"
    BEGUN = "begun"
    DONE = "done"
    CANCELED = "canceled"

    @property
    def settled(self) -> bool:
        """Whether the chunk stays in this state for good."""
        return self in {ChunkState.DONE, ChunkState.CANCELED}


@dataclass(frozen=True, slots=True)
class Chunk:
    """Items that are run together; `first` is the index of its first item in the batch.

    `missing` are the places (from 0) of targets that were not there when they were looked up. `outcomes`, in the order
    of `targets`, come when the chunk is done. `arguments` are what each target is asked with, where that is its own;
    `name` in them is what the caller calls the target.
    """

    first: int
    targets: tuple[int, ...]
    missing: frozenset[int] = frozenset()
    state: ChunkState = ChunkState.PENDING
    outcomes: tuple[Outcome, ...] = ()
    arguments: tuple[Mapping[str, Any], ...] = ()

    @property
    def behind(self) -> int:
        """The index of the item after its last."""
        return self.first + len(self.targets)


class ItemState(StrEnum):
    """Where an item is."""

    PENDING = "pending"
    FINISHED = "finished"
    ERROR = "error"
    CANCELED = "canceled"


@dataclass(frozen=True, slots=True)
class Item:
    """One target of a batch and what became of it. `index` counts from 0 in the order of the call.

    `name` is what the caller called the target, where that is not its number.
    """

    batch: int
    index: int
    kind: TargetKind
    target: int
    state: ItemState
    outcome: Outcome
    created_at: int
    name: str | None = None


def item_number(batch: int, index: int) -> int:
    """The number of a batch's item. Raises OverflowError beyond 16,777,216 items."""
    if not 0 <= index < MOST_ITEMS:
        raise OverflowError(f"item {index} does not fit {INDEX_BITS} bits")
    return batch << INDEX_BITS | index


def item_place(number: int) -> tuple[int, int]:
    """The batch and the index behind an item's number."""
    return number >> INDEX_BITS, number & MOST_ITEMS - 1


def items_of(batch: Batch, chunk: Chunk) -> list[Item]:
    """The chunk's items as they are."""
    outcomes = chunk.outcomes or (DONE,) * len(chunk.targets)
    return [
        Item(
            batch=batch.number,
            index=chunk.first + place,
            kind=batch.target.kind,
            target=target,
            state=_item_state(batch, chunk, outcome),
            outcome=outcome,
            created_at=batch.created_at,
            name=chunk.arguments[place]["name"] if chunk.arguments else None,
        )
        for place, (target, outcome) in enumerate(zip(chunk.targets, outcomes, strict=True))
    ]


def _item_state(batch: Batch, chunk: Chunk, outcome: Outcome) -> ItemState:
    if chunk.state is ChunkState.DONE:
        return ItemState.FINISHED if outcome.code is None else ItemState.ERROR
    never_began = batch.state.over and batch.started_at is None
    return ItemState.CANCELED if never_began or chunk.state is ChunkState.CANCELED else ItemState.PENDING


def failures_by_code(outcomes: Sequence[Outcome]) -> dict[str, int]:
    """How often each code stands among the outcomes."""
    counts: dict[str, int] = {}
    for outcome in outcomes:
        if outcome.code is not None:
            counts[outcome.code] = counts.get(outcome.code, 0) + 1
    return counts
