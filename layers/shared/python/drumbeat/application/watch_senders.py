"""A sender of whose mails too many come back is switched off; a sequence that nobody is left to send is paused.

Each is one conditional write that its own cause leads to, however often that is told: a bounce that was counted leads
to the first, and the stream tells of a sender that was switched off, which leads to the second.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from drumbeat.domain.counts import NOTHING
from drumbeat.domain.enrollment import Enrollment
from drumbeat.domain.event import Event, EventKind
from drumbeat.domain.sender_health import FEWEST_MAILS, nobody_left, watched_days, why_to_stop
from drumbeat.domain.sequence import Sender, SequenceStatus

if TYPE_CHECKING:
    from drumbeat.application.event_log import Statistics
    from drumbeat.application.ports import Sequences

_BAD = {EventKind.RETURNED, EventKind.BOUNCED, EventKind.COMPLAINED}
_NOBODY_LEFT = "every sender is switched off: switch one on, or add one, then resume"

type _Place = tuple[int, int]
"""A tenant, and the number of a sender."""


@dataclass(frozen=True, slots=True)
class WatchPorts:
    """What watching touches."""

    sequences: Sequences
    statistics: Statistics


def watch_senders(ports: WatchPorts, events: Sequence[Event], *, now: int) -> None:
    """Acts on events that have been counted. Done again, it does nothing more. Raises StoreBusy."""
    for (tenant, number), sequences in _suspects(events).items():
        _watch(ports, tenant, number, sequences, now)
    for event in events:
        if event.kind is EventKind.SENDER_DISABLED and isinstance(event.subject, Sender):
            _pause_without(ports, event.subject, now)


def _suspects(events: Iterable[Event]) -> Mapping[_Place, set[int]]:
    """Whose mails came back or made people angry, and of which sequences."""
    suspects: dict[_Place, set[int]] = {}
    for event in events:
        if event.kind in _BAD and event.sender and isinstance(event.subject, Enrollment):
            suspects.setdefault((event.tenant, event.sender), set()).add(event.subject.key.sequence)
    return suspects


def _watch(ports: WatchPorts, tenant: int, number: int, sequences: Iterable[int], now: int) -> None:
    sender = ports.sequences.sender(tenant, number)
    if sender is None or sender.disabled_at is not None:
        return
    first, last = watched_days(sender, now)
    days = ports.statistics.of_sender(tenant, number, first, last) if first <= last else {}
    counts = sum(days.values(), NOTHING)
    if counts.sent + counts.rejected < FEWEST_MAILS:
        return
    found = [ports.sequences.get(tenant, sequence) for sequence in sorted(sequences)]
    thresholds = [sequence.bounce_rate_threshold for sequence in found if sequence is not None]
    reason = why_to_stop(counts, min(thresholds)) if thresholds else None
    if reason is not None:
        ports.sequences.disable_sender(sender, reason, now)


def _pause_without(ports: WatchPorts, sender: Sender, now: int) -> None:
    """Pauses the sequences that only this sender was left for."""
    for sequence in ports.sequences.all(sender.tenant):
        is_its = sender.number in {*sequence.senders, *sequence.mailboxes}
        if is_its and sequence.status is SequenceStatus.ACTIVE and nobody_left(ports.sequences.crew(sequence)):
            active, paused = [SequenceStatus.ACTIVE], SequenceStatus.PAUSED
            ports.sequences.change_status(sequence, allowed=active, to=paused, now=now, reason=_NOBODY_LEFT)
