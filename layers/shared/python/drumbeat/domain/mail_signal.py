"""Signals: what recipients, their machines and mail servers let us know about one mail, each kind once per mail.

A mark is a signal's short spelling. An enrollment keeps each of its marks with the instant it was first noted, so that
neither repeats nor disorder of signals change what it comes to.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

_MARK = re.compile(r"([a-z])(\d+)\.(\d+)")


class SignalKind(StrEnum):
    """What was noticed about a mail. The values are parts of attribute names: never rename."""

    OPENED = "o"  # by a human, as far as we can tell
    MACHINE_OPENED = "m"  # by a scanner, or a proxy that loads everything
    CLICKED = "c"
    MACHINE_CLICKED = "k"
    REPLIED = "r"
    OUT_OF_OFFICE = "a"
    BOUNCED = "b"  # it came back for good
    SOFT_BOUNCED = "t"  # it came back, and another may arrive
    COMPLAINED = "s"  # the recipient called it spam
    UNSUBSCRIBED = "u"


@dataclass(frozen=True, slots=True, order=True)
class MailSignal:
    """A kind of signal, and which mail it is about: the step's index and who sent it, 0 where that is not known."""

    kind: SignalKind
    step: int
    sender: int


def mark_of(signal: MailSignal) -> str:
    """The signal's mark."""
    return f"{signal.kind.value}{signal.step}.{signal.sender}"


def signal_of(mark: str) -> MailSignal:
    """The signal that a mark stands for; raises ValueError for what is none."""
    parts = _MARK.fullmatch(mark)
    if parts is None:
        raise ValueError(f"{mark!r} is no mark")
    return MailSignal(SignalKind(parts[1]), int(parts[2]), int(parts[3]))


def with_implied(signal: MailSignal) -> tuple[MailSignal, ...]:
    """The signal and what follows from it: whoever has clicked has opened the mail, with or without its pixel."""
    if signal.kind is not SignalKind.CLICKED:
        return (signal,)
    return signal, MailSignal(SignalKind.OPENED, signal.step, signal.sender)
