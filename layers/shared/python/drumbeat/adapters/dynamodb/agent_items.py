"""What makes a sequence an agent, as a member of its item."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from drumbeat.domain.agent import Agent, CallRetry, Goal


def agent_member(agent: Agent | None) -> dict[str, Any] | None:
    """The agent as it is kept."""
    if agent is None:
        return None
    retries = {result: asdict(rule) for result, rule in agent.retries.items()}
    return {
        "zones": agent.zones,
        "required": agent.required,
        "goals": [asdict(goal) for goal in agent.goals],
        "retries": retries,
        "credits_per_call": agent.credits_per_call,
        "title_cases": agent.title_cases,
        "sender": agent.sender,
        "listener": agent.listener,
    }


def agent_of(member: Mapping[str, Any] | None) -> Agent | None:
    """The agent that `agent_member` wrote."""
    if member is None:
        return None
    return Agent(
        zones=tuple(member["zones"]),
        required=tuple(member["required"]),
        goals=tuple(Goal(goal["name"], goal.get("description"), goal["successful"]) for goal in member["goals"]),
        retries={result: CallRetry(**rule) for result, rule in member["retries"].items()},
        credits_per_call=member["credits_per_call"],
        title_cases=member["title_cases"],
        sender=member.get("sender"),
        listener=member.get("listener"),
    )
