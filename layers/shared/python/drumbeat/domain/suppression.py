"""Addresses that must not be mailed, and why."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple


class SuppressionReason(StrEnum):
    """Why an address is suppressed; the weakest first. Values are parts of attribute names: never rename one."""

    MANUAL = "manual"
    BOUNCE = "bounce"
    UNSUBSCRIBE = "unsubscribe"
    COMPLAINT = "complaint"


RECIPIENTS_OWN = frozenset({SuppressionReason.UNSUBSCRIBE, SuppressionReason.COMPLAINT})
"""What the recipient has said, not we: it is undone only if the recipient asks for that too."""


class Noted(NamedTuple):
    """When a reason was first given (UTC ms), and where it came from."""

    at: int
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Suppression:
    """An address that must not be mailed since `since` (UTC ms).

    Each reason is kept with the instant it was first given, so that they may come in any order and any number of times.
    `email` is None where nobody may know it any more: the digest still finds the address when somebody brings it again.
    """

    tenant: int
    digest: str
    since: int
    email: str | None = None
    reasons: Mapping[SuppressionReason, Noted] = field(default_factory=dict, hash=False)

    @property
    def reason(self) -> SuppressionReason | None:
        """The strongest of its reasons; None for one from before reasons were kept."""
        return next((reason for reason in reversed(SuppressionReason) if reason in self.reasons), None)

    @property
    def source(self) -> str | None:
        """Where the strongest reason came from."""
        reason = self.reason
        return None if reason is None else self.reasons[reason].source

    @property
    def is_recipients_own(self) -> bool:
        """Whether the recipient has asked for it, or may have: what is not known counts as asked for."""
        return not self.reasons or not RECIPIENTS_OWN.isdisjoint(self.reasons)
