"""The stream of a table in memory: what is written from now on, as Lambda hands it to a function."""

from typing import Any

from tests.memory.shelf import Key
from tests.memory.store import Store
from tests.memory.values import Item

type Record = dict[str, Any]


class MemoryStream:
    """Notes every change of one table in the order of the writes; what changes nothing is no change."""

    def __init__(self, store: Store, table: str) -> None:
        self.records: list[Record] = []
        self._store, self._table, self._noted = store, table, 0
        store.observers.append(self._note)

    def take(self) -> list[Record]:
        """Everything that was noted since the last call."""
        taken, self.records = self.records, []
        return taken

    def _note(self, table: str, key: Key, old: Item | None, new: Item | None) -> None:
        if table != self._table or old == new:
            return
        self._noted += 1
        images = {"OldImage": old, "NewImage": new}
        self.records.append(
            {
                "eventID": f"event-{self._noted}",
                "eventName": "INSERT" if old is None else "REMOVE" if new is None else "MODIFY",
                "eventVersion": "1.1",
                "eventSource": "aws:dynamodb",
                "awsRegion": "us-east-1",
                "dynamodb": {
                    "ApproximateCreationDateTime": self._store.now() // 1000,
                    "Keys": {"PK": {"S": key[0]}, "SK": {"S": key[1]}},
                    "SequenceNumber": f"{self._noted:021d}",
                    "SizeBytes": 1,
                    "StreamViewType": "NEW_AND_OLD_IMAGES",
                }
                | {name: dict(image) for name, image in images.items() if image is not None},
            }
        )
