"""What dispatching and sending need from the outside world."""

from collections.abc import Iterable
from typing import Protocol


class LaneWaker(Protocol):
    """Makes the next tick look at lanes."""

    def wake(self, tenant: int, senders: Iterable[int], now: int) -> None:
        """Wakes the senders' lanes.

        Call it before writing what they shall send: a crash in between then costs one look, never a mail.
        """
        ...
