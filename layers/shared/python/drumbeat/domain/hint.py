"""Hints: messages that say a step may be due. They carry ids only; the claim decides."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from drumbeat.domain.ids import EnrollmentKey

VERSION = 1


@dataclass(frozen=True, slots=True)
class Hint:
    """Sender, please see to this step of this enrollment."""

    tenant: int
    enrollment: EnrollmentKey
    step: int
    epoch: int
    sender: int


class UnreadableHint(ValueError):
    """A message that this code does not understand: to be kept for one that does, never dropped."""


def message_of(hint: Hint) -> dict[str, int]:
    """The hint as it travels."""
    key = hint.enrollment
    return {
        "v": VERSION,
        "tenant": hint.tenant,
        "sequence": key.sequence,
        "contact": key.contact,
        "run": key.run,
        "step": hint.step,
        "epoch": hint.epoch,
        "sender": hint.sender,
    }


def hint_of(message: Mapping[str, Any]) -> Hint:
    """The hint that `message_of` spelled. Raises UnreadableHint."""
    if message.get("v") != VERSION:
        raise UnreadableHint(f"version {message.get('v')!r}")
    names = ("tenant", "sequence", "contact", "run", "step", "epoch", "sender")
    values = {name: message.get(name) for name in names}
    wrong = [name for name, value in values.items() if not isinstance(value, int) or isinstance(value, bool)]
    if wrong:
        raise UnreadableHint(f"no number in {', '.join(wrong)}")
    key = EnrollmentKey(message["sequence"], message["contact"], message["run"])
    return Hint(message["tenant"], key, message["step"], message["epoch"], message["sender"])
