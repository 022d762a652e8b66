"""Whether an agent can call, and which rows it can take: asked before anything is written."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from drumbeat.application.agents import agent_within
from drumbeat.domain.call_row import AcceptedRow, RejectedRow, read_rows
from drumbeat.domain.errors import AgentMisconfigured
from drumbeat.domain.row_rules import RowRules
from drumbeat.domain.sequence import Sequence as Cadence
from drumbeat.domain.sequence import SequenceStatus, StepKind

if TYPE_CHECKING:
    from drumbeat.application.ports import Sequences
    from drumbeat.domain.phone import Phones


class Rows(NamedTuple):
    """The rows of a call as they were read."""

    accepted: Sequence[AcceptedRow]
    rejected: Sequence[RejectedRow]


def callable_agent(sequences: Sequences, *, tenant: int, number: int) -> Cadence:
    """The agent, as it can call. Raises NotFound, and AgentMisconfigured, which says what to do."""
    agent = agent_within(sequences, tenant, number)
    if agent.status is not SequenceStatus.ACTIVE:
        raise AgentMisconfigured("The agent is disabled. Enable it first.")
    kinds = {step.kind for step in agent.steps}
    if StepKind.CALL not in kinds:
        raise AgentMisconfigured("The agent has no CALL step. Give it one.")
    dialler = None if agent.connector is None else sequences.sender(tenant, agent.connector)
    if dialler is None or not dialler.host:
        raise AgentMisconfigured("The agent has no dialler. Set the URL of its dialler.")
    if StepKind.EMAIL in kinds and _mailbox(sequences, agent) is None:
        raise AgentMisconfigured("The agent has EMAIL steps and nothing to send them from. Set its senderId.")
    return agent


def _mailbox(sequences: Sequences, agent: Cadence) -> object | None:
    number = None if agent.agent is None else agent.agent.sender
    return None if number is None else sequences.sender(agent.tenant, number)


type Rules = Callable[..., RowRules]
"""What the call asks for, given the agent, its call windows and `needs_email`, whether it mails too."""


def read_for(phones: Phones, agent: Cadence, rows: Sequence[Any], rules: Rules, now: int) -> Rows:
    """The rows that this agent can take, and the others."""
    mails = any(step.kind is StepKind.EMAIL for step in agent.steps)
    read = read_rows(phones, rows, rules(agent.agent, agent.hours, needs_email=mails), now)
    return Rows(
        [row for row in read if isinstance(row, AcceptedRow)], [row for row in read if isinstance(row, RejectedRow)]
    )
