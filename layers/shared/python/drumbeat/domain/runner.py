"""A lane while its slots are being filled: where it takes from, in which order, and under which caps."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from random import Random

from drumbeat.domain.allowance import Cap
from drumbeat.domain.lane import RESERVED_FOR, Lane, Reservation
from drumbeat.domain.times import DAY, SECOND, utc_day
from drumbeat.domain.waiting import Shelf, Waiting

MOST_SLOTS = 300
"""How many slots a lane fills in one look at most."""


@dataclass(frozen=True, slots=True)
class Slot:
    """Send this at that instant, not before."""

    at: int
    waiting: Waiting


@dataclass(frozen=True, slots=True)
class Source:
    """Where a lane takes from, and the caps that this is under; its mails are followed by a wait of `pace` seconds."""

    shelf: Shelf
    sequence: int
    is_bound: bool
    is_first: bool
    caps: tuple[Cap, ...]
    pace: tuple[int, int]

    def has_room(self, at: int) -> bool:
        return all(cap.has_room(at) for cap in self.caps)

    def held_until(self, at: int) -> list[int]:
        """Until when the reservations last that leave no room; none if nothing is known of them."""
        return [lasts for cap in self.caps if not cap.has_room(at) and (lasts := cap.lasts(at))]

    def take(self, at: int) -> Waiting:
        for cap in self.caps:
            cap.take(at)
        return self.shelf.take(at)


class Runner:
    """One lane while its slots are being filled."""

    def __init__(self, lane: Lane, sources: Sequence[Source], begins: int) -> None:
        self.lane = lane
        self.slot = max(lane.next_free, begins)
        self.slots: list[Slot] = []
        self.next_at: int | None = None
        self.held_until: list[int] = []
        self.running = True
        self._sources = sources
        self._served = lane.last_served

    def turn(self) -> tuple[int, int, int]:
        """Who is next: the earliest slot, then who has taken least, then who has rested longest.

        The last one matters when one sender is dead: what it could not send goes to another one next time.
        """
        return self.slot, len(self.slots), self.lane.next_free

    def step(self, until: int, rng: Random) -> None:
        """Fills one slot, or stops: nothing left that may leave before `until`, or enough for one look."""
        self.next_at, source = self._earliest()
        enough = self.next_at is None or self.next_at > until or len(self.slots) >= MOST_SLOTS
        if self.next_at is None or source is None or enough or not source.has_room(self.next_at):
            self.running = False
            return
        self.slots.append(Slot(self.next_at, source.take(self.next_at)))
        self._served = source.sequence
        shortest, longest = source.pace
        self.slot = self.next_at + rng.randint(shortest * SECOND, longest * SECOND)

    def state(self, *, forgets: bool) -> Lane:
        """The lane with the slots handed out so far; it `forgets` the sequences that have nothing for it any more."""
        mine = tuple(Reservation(*slot.waiting.errand, slot.at, slot.at + RESERVED_FOR) for slot in self.slots)
        next_free = self.slot if self.slots else self.lane.next_free
        reserved = self.lane.reserved + mine
        idle = self._idle(reserved) if forgets else set()
        serves = tuple(number for number in self.lane.serves if number not in idle)
        return replace(self.lane, next_free=next_free, reserved=reserved, last_served=self._served, serves=serves)

    def _idle(self, reserved: Iterable[Reservation]) -> set[int]:
        """The sequences whose bound queues were looked into and were bare, and of which nothing is under way."""
        bound = [source for source in self._sources if source.is_bound]
        busy = {source.sequence for source in bound if not source.shelf.is_bare}
        return {source.sequence for source in bound} - busy - {entry.enrollment.sequence for entry in reserved}

    def _earliest(self) -> tuple[int | None, Source | None]:
        """When and where the lane can take something. Full caps leave room from midnight on, if not `held_until` then.

        Of what can leave at the same instant follow-ups go first, and sequences take turns.
        """
        best: tuple[int, bool, bool, int] | None = None
        where = None
        midnight = (utc_day(self.slot) + 1) * DAY
        self.held_until = []
        for source in self._sources:
            at = source.shelf.available_at(self.slot if source.has_room(self.slot) else midnight)
            if at is None:
                continue
            self.held_until += source.held_until(self.slot)
            rank = at, source.is_first, source.sequence <= self._served, source.sequence
            if best is None or rank < best:
                best, where = rank, source
        return None if best is None else best[0], where
