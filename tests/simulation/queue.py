"""SQS as the send workers see it: at least once, in any order, in batches, again after a worker's death."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import Random
from typing import Any

from drumbeat.domain.times import MINUTE
from tests.memory.queue import MemoryQueue, Message
from tests.simulation.scheduler import Scheduler
from tests.simulation.wire import Wire

_MOST_RECEIPTS = 5
_POLLED_WITHIN = 1_500
_COPIES_WITHIN = 10 * MINUTE


@dataclass(slots=True)
class Letter:
    """A message and how often it was received."""

    body: str
    receipts: int = 0


type Deliver = Callable[[list[Letter]], None]


class SendQueue:
    """What adapters send to; hands batches to `deliver`, which gives back what failed with `again`."""

    def __init__(
        self,
        scheduler: Scheduler,
        rng: Random,
        wire: Wire,
        deliver: Deliver,
        *,
        batch: int,
        duplicates: float,
        visibility: int,
    ) -> None:
        self._scheduler, self._rng, self._wire, self._deliver = scheduler, rng, wire, deliver
        self._batch, self._duplicates, self._visibility = batch, duplicates, visibility
        self._ready: list[Letter] = []
        self._polling = False
        self.client = MemoryQueue(lambda: scheduler.now, self._around)

    def _around(
        self, operation: str, params: Mapping[str, Any], act: Callable[[Mapping[str, Any]], dict[str, Any]]
    ) -> dict[str, Any]:
        def perform(asked: Mapping[str, Any]) -> dict[str, Any]:
            answer = act(asked)
            self._collect()
            return answer

        return self._wire.around(operation, params, perform)

    def _collect(self) -> None:
        waiting, self.client.waiting = self.client.waiting, []
        for message in waiting:
            self._post(message)
            if self._rng.random() < self._duplicates:
                self._scheduler.at(message.at + self._rng.randrange(_COPIES_WITHIN), self._arrival(message.body))

    def _post(self, message: Message) -> None:
        self._scheduler.at(message.at, self._arrival(message.body))

    def _arrival(self, body: str, receipts: int = 0) -> Callable[[], None]:
        return lambda: self._arrive(Letter(body, receipts))

    def _arrive(self, letter: Letter) -> None:
        self._ready.append(letter)
        self._poll_soon()

    def _poll_soon(self) -> None:
        if not self._polling:
            self._polling = True
            self._scheduler.at(self._scheduler.now + self._rng.randrange(_POLLED_WITHIN), self._poll)

    def _poll(self) -> None:
        self._polling = False
        self._rng.shuffle(self._ready)
        size = self._rng.randint(1, self._batch)
        taken, self._ready = self._ready[:size], self._ready[size:]
        for letter in taken:
            letter.receipts += 1
        self._deliver(taken)
        if self._ready:
            self._poll_soon()

    def again(self, letters: list[Letter]) -> None:
        """These come again after the visibility timeout, unless they have been tried often enough."""
        for letter in letters:
            if letter.receipts < _MOST_RECEIPTS:
                when = self._scheduler.now + self._visibility
                self._scheduler.at(when, self._arrival(letter.body, letter.receipts))
