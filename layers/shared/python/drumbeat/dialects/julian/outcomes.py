"""What the calls of an agent may come to (contract 4.2; its shape is ours)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from drumbeat.dialects.julian.ids import agent_id

if TYPE_CHECKING:
    from drumbeat.domain.agent import Agent, Goal
    from drumbeat.domain.sequence import Sequence


def outcomes_body(sequence: Sequence, agent: Agent) -> dict[str, Any]:
    """The outcomes that are configured, in their order."""
    outcomes = [outcome_body(goal) for goal in agent.goals]
    return {"agentId": agent_id(sequence.tenant, sequence.number), "outcomes": outcomes}


def outcome_body(goal: Goal) -> dict[str, Any]:
    """One of them."""
    return {"name": goal.name, "description": goal.description, "successful": goal.successful}
