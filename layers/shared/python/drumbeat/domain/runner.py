"""A lane while its slots are being filled: where it takes from, in which order, and under which caps."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import TYPE_CHECKING

from drumbeat.domain.allowance import MOST_DRAWN, Cap
from drumbeat.domain.hint import Counts
from drumbeat.domain.lane import RESERVED_FOR, Lane, Reservation
from drumbeat.domain.times import DAY, SECOND, utc_day

if TYPE_CHECKING:
    from drumbeat.domain.waiting import Shelf, Waiting

MOST_SLOTS = 300
"""How many slots a lane fills in one look at most."""
MOST_MAILS_BESIDE = 200
"""How many of them for mails where something else may leave too."""


@dataclass(frozen=True, slots=True)
class Slot:
    """Send this at that instant, not before; it `counts` for that."""

    at: int
    waiting: Waiting
    counts: Counts = Counts.MAIL


@dataclass(frozen=True, slots=True)
class Source:
    """Where a lane takes what `counts` for something from, and the caps that this is under.

    Mails are followed by a wait of `pace` seconds. `is_capped` tells whether the sequence has an allowance. What is no
    mail leaves places for those `mails` of the same shelf that stand before it and may leave.
    """

    shelf: Shelf
    sequence: int
    is_bound: bool
    is_first: bool
    caps: tuple[Cap, ...]
    pace: tuple[int, int]
    counts: Counts = Counts.MAIL
    is_capped: bool = False
    mails: Source | None = None

    def available_at(self, instant: int) -> int | None:
        """When something can leave at the earliest; full caps have room again at midnight."""
        at = self.shelf.available_at(instant, self.counts)
        if at is None or self.has_room(instant):
            return at
        return self.shelf.available_at((utc_day(instant) + 1) * DAY, self.counts)

    def has_room(self, at: int) -> bool:
        if not self.caps:
            return True
        has_rivals = self.mails is not None and self.mails.has_room(at)
        before = self.shelf.mails_before(self.counts) if has_rivals else 0
        return all(cap.has_room(at, before) for cap in self.caps)

    def held_until(self, at: int) -> list[int]:
        """Until when the reservations last that leave no room; none if nothing is known of them."""
        return [lasts for cap in self.caps if not cap.has_room(at) and (lasts := cap.lasts(at))]

    def take(self, at: int) -> Slot:
        for cap in self.caps:
            cap.take(at)
        return Slot(at, self.shelf.take(at, kind=self.counts), self.counts)


class Track:
    """Slots that a lane fills one after another: its mails, or all that is no mail and waits for nothing."""

    def __init__(self, sources: Sequence[Source], slot: int, served: int, drawn: set[int]) -> None:
        self.slot = slot
        self.slots: list[Slot] = []
        self.next_at: int | None = None
        self.held_until: list[int] = []
        self.running = True
        self.served = served
        self._sources = sources
        self._drawn = drawn

    def step(self, until: int, most: int, rng: Random) -> None:
        """Fills one slot, or stops: nothing left that may leave before `until`, or `most` slots are enough."""
        self.next_at, source = self._earliest()
        enough = self.next_at is None or self.next_at > until or len(self.slots) >= most
        if self.next_at is None or source is None or enough or not self._may_take(source, self.next_at):
            self.running = False
            return
        self.slots.append(source.take(self.next_at))
        self.served = source.sequence
        if source.counts is Counts.MAIL:
            shortest, longest = source.pace
            self.slot = self.next_at + rng.randint(shortest * SECOND, longest * SECOND)

    def _may_take(self, source: Source, at: int) -> bool:
        """What a lane draws in one look has to fit a transaction."""
        if source.is_capped:
            if source.sequence not in self._drawn and len(self._drawn) >= MOST_DRAWN:
                return False
            self._drawn.add(source.sequence)
        return source.has_room(at)

    def _earliest(self) -> tuple[int | None, Source | None]:
        """When and where the lane can take something; what full caps leave no room for is `held_until` then.

        Of what can leave at the same instant follow-ups go first, and sequences take turns.
        """
        best: tuple[int, bool, bool, int] | None = None
        where = None
        self.held_until = []
        for source in self._sources:
            at = source.available_at(self.slot)
            if at is None:
                continue
            self.held_until += source.held_until(self.slot)
            rank = at, source.is_first, source.sequence <= self.served, source.sequence
            if best is None or rank < best:
                best, where = rank, source
        return None if best is None else best[0], where


class Runner:
    """One lane while its slots are being filled: mails at its pace, the others beside them."""

    def __init__(self, lane: Lane, sources: Sequence[Source], begins: int) -> None:
        self.lane = lane
        self._sources = sources
        drawn: set[int] = set()
        mails = [source for source in sources if source.counts is Counts.MAIL]
        errands = [source for source in sources if source.counts is not Counts.MAIL]
        self.mails = Track(mails, max(lane.next_free, begins), lane.last_served, drawn)
        self.errands = Track(errands, begins, lane.last_served, drawn)
        self._has_errands = bool(errands)
        self._most_mails = MOST_MAILS_BESIDE if errands else MOST_SLOTS

    @property
    def slots(self) -> tuple[Slot, ...]:
        return *self.mails.slots, *self.errands.slots

    @property
    def look_at(self) -> list[int]:
        """When something can leave."""
        return [track.next_at for track in (self.mails, self.errands) if track.next_at is not None]

    @property
    def free_at(self) -> int:
        """From when on it could take what others give back: at once, where that may be no mail."""
        return self.errands.slot if self._has_errands else self.mails.slot

    @property
    def keeps_busy(self) -> bool:
        """Whether it waits for nothing but its pace: there is a mail for the next slot."""
        return self.mails.next_at == self.mails.slot

    @property
    def held_until(self) -> list[int]:
        return self.mails.held_until + self.errands.held_until

    def turn(self, track: Track) -> tuple[int, int, int]:
        """Who is next: the earliest slot, then who has taken least, then who has rested longest.

        The last one matters when one sender is dead: what it could not send goes to another one next time.
        """
        return track.slot, len(track.slots), self.lane.next_free

    def send(self, until: int, rng: Random) -> None:
        """Hands out one more mail."""
        self.mails.step(until, self._most_mails, rng)

    def run_errand(self, until: int, rng: Random) -> None:
        """Hands out one more of what is no mail."""
        self.errands.step(until, MOST_SLOTS - len(self.mails.slots), rng)

    def state(self, *, forgets: bool) -> Lane:
        """The lane with the slots handed out so far; it `forgets` the sequences that have nothing for it any more."""
        mine = (Reservation(*slot.waiting.errand, slot.at, slot.at + RESERVED_FOR, slot.counts) for slot in self.slots)
        next_free = self.mails.slot if self.mails.slots else self.lane.next_free
        reserved = self.lane.reserved + tuple(mine)
        idle = self._idle(reserved) if forgets else set()
        serves = tuple(number for number in self.lane.serves if number not in idle)
        served = self.mails.served if self.mails.slots else self.errands.served
        return replace(self.lane, next_free=next_free, reserved=reserved, last_served=served, serves=serves)

    def _idle(self, reserved: Iterable[Reservation]) -> set[int]:
        """The sequences whose bound queues were looked into and were bare, and of which nothing is under way."""
        bound = [source for source in self._sources if source.is_bound]
        busy = {source.sequence for source in bound if not source.shelf.is_bare}
        return {source.sequence for source in bound} - busy - {entry.enrollment.sequence for entry in reserved}
