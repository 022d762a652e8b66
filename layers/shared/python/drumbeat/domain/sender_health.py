"""A sender in trouble: it rests, longer each time, and is switched off when its login is refused again and again."""

from dataclasses import replace

from drumbeat.domain.sequence import Sender
from drumbeat.domain.times import HOUR, MINUTE
from drumbeat.domain.verdict import SenderTrouble

FIRST_REST = 5 * MINUTE
LONGEST_REST = 4 * HOUR
LOGINS_REFUSED_AT_MOST = 3
"""A provider that sees more of them may lock the account."""

SWITCHED_OFF = "switched off by a user"


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


def switched_on(sender: Sender) -> Sender:
    """The sender as somebody means it who has put right what was wrong with it."""
    return replace(recovered(sender), disabled_at=None, disabled_reason=None)
