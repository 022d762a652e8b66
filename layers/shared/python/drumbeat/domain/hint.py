"""Hints: messages that say a step may be due. They carry ids only; the claim decides."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from drumbeat.domain.ids import EnrollmentKey
from drumbeat.domain.times import MINUTE, utc_day

VERSION = 2
GOOD_FOR = MINUTE
"""How long after its slot a hint may still claim: a queue that was held up must not empty itself in one go."""


class Counts(IntEnum):
    """What a step counts for: for no cap, for its sequence's, or also for its sender's as mails do. Stored as it is."""

    NOTHING = 0
    STEP = 1
    MAIL = 2


@dataclass(frozen=True, slots=True)
class Hint:
    """Sender, please see to this step of this enrollment at its slot `at`; only its sender may send a `bound` one.

    What its slot does not count for must not be done under it.
    """

    tenant: int
    enrollment: EnrollmentKey
    step: int
    epoch: int
    sender: int
    at: int
    bound: bool = False
    counts: Counts = Counts.MAIL

    def is_good(self, now: int) -> bool:
        """Whether it may still claim: not long after its slot, and on the UTC day whose caps it was counted against."""
        return now <= self.at + GOOD_FOR and utc_day(now) == utc_day(self.at)


class UnreadableHint(ValueError):
    """A message that this code does not understand: to be kept for one that does, never dropped."""


def message_of(hint: Hint) -> dict[str, int]:
    """The hint as it travels."""
    key = hint.enrollment
    counts = {} if hint.counts is Counts.MAIL else {"counts": int(hint.counts)}
    return (
        {
            "v": VERSION,
            "tenant": hint.tenant,
            "sequence": key.sequence,
            "contact": key.contact,
            "run": key.run,
            "step": hint.step,
            "epoch": hint.epoch,
            "sender": hint.sender,
            "at": hint.at,
        }
        | ({"bound": 1} if hint.bound else {})
        | counts
    )


def hint_of(message: Mapping[str, Any]) -> Hint:
    """The hint that `message_of` spelled. Raises UnreadableHint."""
    if message.get("v") != VERSION:
        raise UnreadableHint(f"version {message.get('v')!r}")
    names = ("tenant", "sequence", "contact", "run", "step", "epoch", "sender", "at")
    values = {name: message.get(name) for name in names}
    wrong = [name for name, value in values.items() if not isinstance(value, int) or isinstance(value, bool)]
    if wrong:
        raise UnreadableHint(f"no number in {', '.join(wrong)}")
    key = EnrollmentKey(message["sequence"], message["contact"], message["run"])
    place = message["tenant"], key, message["step"], message["epoch"], message["sender"], message["at"]
    counts = message.get("counts", Counts.MAIL)
    if counts not in list(Counts):
        raise UnreadableHint(f"counts for {counts!r}")
    return Hint(*place, bound="bound" in message, counts=Counts(counts))
