"""The table's stream as the second consumer sees it: at least once, late, in any order, again after a death."""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from drumbeat.domain.times import MINUTE, SECOND
from tests.memory.shelf import Key
from tests.memory.store import Store
from tests.memory.stream import MemoryStream, Record
from tests.memory.values import Item
from tests.simulation.faults import Faults
from tests.simulation.records import Who, who
from tests.simulation.scheduler import Scheduler

_POLLED_WITHIN = 1_500
_MOST_AT_ONCE = 4
_COMES_AGAIN_WITHIN = 20 * SECOND


@dataclass(frozen=True, slots=True)
class Feeding:
    """How records arrive: how many are late, come twice, or never come at all."""

    late: float = 0.0
    twice: float = 0.0
    lost: float = 0.0


PUNCTUAL = Feeding()


def _place(record: Record) -> str:
    """What one invocation is told of an item, it is told in order."""
    place: str = record["dynamodb"]["SequenceNumber"]
    return place


class CallFeed:
    """Hands what `passes` of a table's stream to `deliver`; `again` takes back what has to come again."""

    def __init__(
        self,
        scheduler: Scheduler,
        rng: Random,
        faults: Faults,
        store: Store,
        table: str,
        feeding: Feeding,
        passes: Callable[[Record], bool],
        deliver: Callable[[list[Record]], None],
    ) -> None:
        self._scheduler, self._rng, self._faults, self._feeding = scheduler, rng, faults, feeding
        self._passes, self._deliver = passes, deliver
        self.lost: set[Who] = set()
        """Whom the consumer was not told of."""
        self._ready: list[Record] = []
        self._polls = False
        self._stream = MemoryStream(store, table)
        store.observers.append(self._written)

    def _written(self, _table: str, _key: Key, _before: Item | None, _after: Item | None) -> None:
        for record in self._stream.take():
            if not self._passes(record):
                continue
            if self._rng.random() < self._feeding.lost and self._faults.on:
                self._lose(record)
                continue
            self._comes(record)
            if self._rng.random() < self._feeding.twice:
                self._comes(record)

    def _lose(self, record: Record) -> None:
        told = record["dynamodb"]
        item = told.get("NewImage") or told["OldImage"]
        self.lost.add(who(int(told["Keys"]["PK"]["S"].split("#")[1]), item))

    def _comes(self, record: Record) -> None:
        is_late = self._rng.random() < self._feeding.late
        within = 10 * MINUTE if is_late else SECOND
        self._scheduler.at(self._scheduler.now + self._rng.randrange(within), lambda: self._arrive(record))

    def _arrive(self, record: Record) -> None:
        self._ready.append(record)
        if not self._polls:
            self._polls = True
            self._scheduler.at(self._scheduler.now + self._rng.randrange(_POLLED_WITHIN), self._poll)

    def _poll(self) -> None:
        self._polls = False
        self._rng.shuffle(self._ready)
        size = self._rng.randint(1, _MOST_AT_ONCE)
        taken, self._ready = self._ready[:size], self._ready[size:]
        if taken:
            self._deliver(sorted(taken, key=_place))
        if self._ready:
            self._polls = True
            self._scheduler.at(self._scheduler.now + self._rng.randrange(_POLLED_WITHIN), self._poll)

    def again(self, records: list[Record]) -> None:
        """These come again: a stream goes on behind the first record that was not taken."""
        for record in records:
            when = self._scheduler.now + self._rng.randrange(_COMES_AGAIN_WITHIN)
            self._scheduler.at(when, lambda record=record: self._arrive(record))  # type: ignore[misc]
