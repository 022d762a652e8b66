"""Agents: sequences that call. What an agent adds to one."""

from collections.abc import Mapping
from dataclasses import dataclass, field

BUSY = "Busy"
VOICEMAIL = "Voicemail"
NO_ANSWER = "No Answer"
GOAL_COMPLETED = "Goal Completed"
RETRIED = (BUSY, VOICEMAIL, NO_ANSWER)
"""The results of a call after which an agent may call again: nobody was spoken to (contract 4.7)."""


@dataclass(frozen=True, slots=True)
class Goal:
    """What a call may come to; one that is `successful` ends the enrollment, and the calls of its group."""

    name: str
    description: str | None
    successful: bool


@dataclass(frozen=True, slots=True)
class CallRetry:
    """How often a call is made again, and after how many minutes each time."""

    times: int
    minutes: int


@dataclass(frozen=True, slots=True)
class Agent:
    """How a sequence calls. Its hours are the call windows, in the zone of whoever is called.

    `zones` are those it calls in, the first for whoever has none. `required` names the variables that everybody who is
    called must have. `retries` are by the result of a call (`RETRIED`). `title_cases` allows to have variables spelled
    in title case. `sender` is the mailbox of its e-mail steps, `listener` the connector that hears of calls' results.
    """

    zones: tuple[str, ...]
    required: tuple[str, ...] = ()
    goals: tuple[Goal, ...] = ()
    retries: Mapping[str, CallRetry] = field(default_factory=dict)
    credits_per_call: int = 1
    title_cases: bool = False
    sender: int | None = None
    listener: int | None = None

    def is_success(self, outcome: str) -> bool:
        """Whether a call with this outcome has reached a goal that counts as success; a goal unknown to it has not."""
        return any(goal.successful and goal.name == outcome for goal in self.goals)
