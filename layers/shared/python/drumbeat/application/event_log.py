"""The log of events: each is written once, with what it counts for, and can be read again for 90 days."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from drumbeat.domain.counts import Counts
    from drumbeat.domain.logged_event import LoggedEvent


class EventLog(Protocol):
    """Keeps events."""

    def add(self, events: Sequence[LoggedEvent]) -> None:
        """Writes those that are not there yet, each together with what it counts for. Raises StoreBusy.

        Done again, or cut short and done again, it counts nothing twice.
        """
        ...

    def get(self, tenant: int, event_id: str) -> LoggedEvent | None:
        """The event; None if the tenant has none with this id."""
        ...

    def between(self, tenant: int, first: int, last: int, *, after: str | None = None) -> Iterator[LoggedEvent]:
        """The tenant's events from `first` to `last`, both instants included, oldest first.

        `after` is the id of an event: it begins behind that one.
        """
        ...


class DayCounts(NamedTuple):
    """What was counted on a UTC day of the mails of a step that a sender sent."""

    day: int
    step: int
    sender: int
    counts: Counts


class Statistics(Protocol):
    """Reads what was counted. Days are UTC, counted like `utc_day`, and both ends are included."""

    def of_sequence(self, tenant: int, sequence: int, first: int, last: int) -> Iterator[DayCounts]:
        """By day, step and sender."""
        ...

    def of_sender(self, tenant: int, sender: int, first: int, last: int) -> Mapping[int, Counts]:
        """By day, over all sequences and steps."""
        ...

    def sent_in_months(self, tenant: int, first: str, last: str) -> Mapping[str, int]:
        """How many mails the tenant sent in each of the UTC months (`2026-11`) in which it sent any."""
        ...
