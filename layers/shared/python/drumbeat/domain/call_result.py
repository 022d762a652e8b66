"""What a call came to, as the tenant's dialler tells it and as it is kept (contract 4.7)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple


class CallOutcome(NamedTuple):
    """One thing that a call came to: the name of a goal, and why it was or was not reached."""

    name: str
    reasoning: str = ""


@dataclass(frozen=True, slots=True)
class CallEnded:
    """A call is over. `rescheduled_at` is when the person asked to be called again; `details` are the rest, as told."""

    result_type: str
    outcomes: tuple[CallOutcome, ...] = ()
    rescheduled_at: int | None = None
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class NotedCall:
    """A call whose result has been noted `at` an instant; `step`, `epoch` and `asked` name the request for it."""

    step: int
    epoch: int
    asked: int
    ended: CallEnded
    at: int
