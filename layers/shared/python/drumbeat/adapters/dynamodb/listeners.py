"""Who wants to hear of the events of which sequences: read when there is something to tell, never remembered."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

from drumbeat.adapters.dynamodb import keys
from drumbeat.adapters.dynamodb.sequence_items import sender_of, sequence_of
from drumbeat.application.publish_events import Listener, Place
from drumbeat.domain.sequence import Sender, SenderKind, Sequence

if TYPE_CHECKING:
    from drumbeat.adapters.dynamodb.table import Table


@dataclass(frozen=True, slots=True)
class ListenerStore:
    """Finds connectors: one request for the sequences, one more where any of them has a connector."""

    table: Table

    def of_sequences(self, sequences: Collection[Place]) -> dict[Place, Listener]:
        """The listeners of those of the sequences that have one."""
        found = self.table.get_many([keys.sequence(*place) for place in sequences])
        heard = [sequence_of(item) for item in found.values()]
        named = {_listener_of(sequence) for sequence in heard}
        there = self._connectors({place for place in named if place[1]})
        return {
            (sequence.tenant, sequence.number): Listener(sequence, there[_listener_of(sequence)])
            for sequence in heard
            if _listener_of(sequence) in there
        }

    def _connectors(self, wanted: Collection[Place]) -> dict[Place, Sender]:
        """Those of the connectors that are there and listen somewhere."""
        found = self.table.get_many([keys.sender(*place) for place in wanted])
        there = [sender_of(item) for item in found.values()]
        return {
            (sender.tenant, sender.number): sender
            for sender in there
            if sender.kind is SenderKind.CONNECTOR and sender.host
        }


def _listener_of(sequence: Sequence) -> Place:
    """Which connector is told: an agent has one of its own beside its dialler. Nothing has the number 0."""
    number = sequence.connector if sequence.agent is None else sequence.agent.listener
    return sequence.tenant, number or 0
