"""A sender in trouble: it rests, longer each time, and is switched off when its login is refused again and again.

So is one of whose mails too many come back.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from drumbeat.domain.times import HOUR, MINUTE, utc_day

if TYPE_CHECKING:
    from drumbeat.domain.counts import Counts
    from drumbeat.domain.sequence import Sender
    from drumbeat.domain.verdict import SenderTrouble

FIRST_REST = 5 * MINUTE
LONGEST_REST = 4 * HOUR
LOGINS_REFUSED_AT_MOST = 3
"""A provider that sees more of them may lock the account."""

SWITCHED_OFF = "switched off by a user"

WATCHED_DAYS = 7
FEWEST_MAILS = 50
"""Fewer mails say nothing about a sender."""
MOST_COMPLAINTS = 0.001
FEWEST_COMPLAINTS = 3
"""One angry recipient among a few hundred is no rate."""


def may_send(sender: Sender, now: int) -> bool:
    """Whether the sender is switched on and not resting."""
    return sender.disabled_at is None and (sender.resting_until is None or sender.resting_until <= now)


def after_trouble(sender: Sender, trouble: SenderTrouble, now: int) -> Sender:
    """The sender after one more trouble in a row: 5 minutes of rest, doubling up to 4 hours."""
    pause = min(FIRST_REST << min(sender.troubles, 16), LONGEST_REST)
    refused = sender.refused_logins + trouble.login_refused
    resting = replace(
        sender,
        troubles=sender.troubles + 1,
        refused_logins=refused,
        resting_until=now + pause,
        trouble=trouble.reason,
    )
    if refused < LOGINS_REFUSED_AT_MOST:
        return resting
    reason = f"the login was refused {refused} times in a row: {trouble.reason}"
    return replace(resting, disabled_at=now, disabled_reason=reason)


def is_recovering(sender: Sender) -> bool:
    """Whether a mail that gets through is news."""
    return sender.troubles > 0 or sender.refused_logins > 0 or sender.resting_until is not None


def recovered(sender: Sender) -> Sender:
    """The sender with its troubles forgotten; one that was switched off stays so."""
    return replace(sender, troubles=0, refused_logins=0, resting_until=None, trouble=None)


def switched_off(sender: Sender, now: int) -> Sender:
    """The sender as somebody means it who wants it to send nothing; since when it has been off stays known."""
    if sender.disabled_at is not None:
        return sender
    return replace(sender, disabled_at=now, disabled_reason=SWITCHED_OFF)


def switched_on(sender: Sender, now: int) -> Sender:
    """The sender as somebody means it who has put right what was wrong with it; what came back is forgiven."""
    if sender.disabled_at is None:
        return recovered(sender)
    return replace(recovered(sender), disabled_at=None, disabled_reason=None, forgiven_at=now)


def watched_days(sender: Sender, now: int) -> tuple[int, int]:
    """The first and the last UTC day whose mails tell how the sender fares; the first is later where none does yet."""
    today = utc_day(now)
    first = today - WATCHED_DAYS + 1
    return (first if sender.forgiven_at is None else max(first, utc_day(sender.forgiven_at) + 1)), today


def why_to_stop(counts: Counts, threshold: float) -> str | None:
    """Why a sender should send no more, of whose mails so many came back, or made people complain; None if it may.

    `threshold` is in percent, and what it bounds may reach it. Too few mails tell nothing.
    """
    mails = counts.sent + counts.rejected
    if mails < FEWEST_MAILS:
        return None
    if 100 * counts.bounced > threshold * mails:
        return f"{counts.bounced} of {mails} mails of {WATCHED_DAYS} days bounced, more than {threshold:g} %"
    if counts.complained >= FEWEST_COMPLAINTS and counts.complained > MOST_COMPLAINTS * mails:
        return f"{counts.complained} of {mails} mails of {WATCHED_DAYS} days were called spam"
    return None


def nobody_left(crew: Sequence[Sender]) -> bool:
    """Whether all who could send are switched off; a sequence without senders is not about mails."""
    return bool(crew) and all(sender.disabled_at is not None for sender in crew)
