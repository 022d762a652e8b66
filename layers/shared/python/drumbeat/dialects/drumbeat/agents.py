"""Agents as our own API makes and shows them (Julian's has no way to; docs/adr/0034)."""

from typing import Any

from drumbeat.application.agents import Secrets, ToldAgent, agent_in
from drumbeat.dialects.apps import spelled_secret
from drumbeat.dialects.drumbeat.agent_parts import app_body, retries_body, step_body, windows_body
from drumbeat.dialects.julian.ids import agent_id
from drumbeat.dialects.julian.outcomes import outcome_body
from drumbeat.domain.beginning import is_on
from drumbeat.domain.ids import Kind, resource_uuid
from drumbeat.domain.times import iso


def fresh_secrets(dialler: bytes, listener: bytes) -> Secrets:
    """Secrets as their owner gets them."""
    return Secrets(spelled_secret(dialler), spelled_secret(listener))


def agent_body(told: ToldAgent) -> dict[str, Any]:
    """An agent with all that is known of it but its secrets."""
    sequence, agent = told.sequence, agent_in(told.sequence)
    week = None if sequence.schedule is None else sequence.schedule.week
    return {
        "id": agent_id(sequence.tenant, sequence.number),
        "name": sequence.name,
        "enabled": is_on(sequence),
        "timezones": list(agent.zones),
        "callWindows": windows_body(week),
        "requiredVariables": list(agent.required),
        "steps": [step_body(step) for step in sequence.steps],
        "outcomes": [outcome_body(goal) for goal in agent.goals],
        "retries": retries_body(agent.retries),
        "creditsPerCall": agent.credits_per_call,
        "titleCasing": agent.title_cases,
        "senderId": None if agent.sender is None else resource_uuid(Kind.SENDER, sequence.tenant, agent.sender),
        "dailyCallCap": sequence.daily_cap,
        "dialler": app_body(told.dialler),
        "webhook": app_body(told.listener),
        "createdAt": iso(sequence.created_at),
        "updatedAt": iso(sequence.updated_at or sequence.created_at),
    }


def once_body(told: ToldAgent) -> dict[str, Any]:
    """What only the first answer holds: new secrets; nothing where there is none."""
    apps = {"dialler": told.dialler, "webhook": told.listener}
    return {name: app_body(app, secret=app.secret) for name, app in apps.items() if app.secret}
