"""What agents may be made of and changed to by our own API (docs/adr/0034)."""

from collections.abc import Sequence, Set
from dataclasses import replace
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, StrictBool

from drumbeat.application.agents import AgentChange, NewAgent, Secrets, agent_in
from drumbeat.application.connected_sequences import SequenceChange
from drumbeat.application.connectors import App, AppChange
from drumbeat.dialects.drumbeat.agent_part_bodies import (
    AgentStep,
    AppBody,
    CallWindow,
    Fields,
    OutcomeBody,
    RetryBody,
    week_of,
)
from drumbeat.dialects.julian.scheduling import VariableName
from drumbeat.dialects.text import Name, Whole, Zone
from drumbeat.domain.agent import Agent
from drumbeat.domain.call_row import MOST_VARIABLES
from drumbeat.domain.errors import invalid_field
from drumbeat.domain.ids import Kind, resource_number
from drumbeat.domain.opening_hours import Schedule
from drumbeat.domain.sequence import MOST_STEPS, Step
from drumbeat.domain.sequence import Sequence as Cadence

SHORTEST_WAIT, LONGEST_WAIT = 20, 60
"""Seconds between two mails of a sender that has no pace of its own; calls wait for nothing."""
MOST_GOALS = 20
_TIMED = {"timezones", "call_windows", "daily_call_cap"}
"""What changes when it calls."""


def _once_each(values: Sequence[str]) -> Sequence[str]:
    if len(set(values)) != len(values):
        raise ValueError("must name each only once")
    return values


def _named_once(outcomes: list[OutcomeBody]) -> list[OutcomeBody]:
    _once_each([outcome.name for outcome in outcomes])
    return outcomes


def _calls(steps: list[AgentStep]) -> list[AgentStep]:
    if all(step.step_type != "CALL" for step in steps):
        raise ValueError("must hold a CALL step")
    return steps


def _apart(windows: list[CallWindow]) -> list[CallWindow]:
    week_of(windows)
    return windows


type Zones = Annotated[list[Zone], Field(min_length=1, max_length=20), AfterValidator(_once_each)]
type Windows = Annotated[list[CallWindow], Field(max_length=70), AfterValidator(_apart)]
type Variables = Annotated[list[VariableName], Field(max_length=MOST_VARIABLES), AfterValidator(_once_each)]
type Steps = Annotated[list[AgentStep], Field(min_length=1, max_length=MOST_STEPS), AfterValidator(_calls)]
type Outcomes = Annotated[list[OutcomeBody], Field(max_length=MOST_GOALS), AfterValidator(_named_once)]
type Retries = dict[Literal["Busy", "Voicemail", "No Answer"], RetryBody]
type Credits = Annotated[Whole, Field(ge=0, le=1_000_000)]
type Cap = Annotated[Whole, Field(ge=1, le=1_000_000)]


class AgentFields(Fields):
    """What an agent is made of."""

    name: Name = ""
    timezones: Zones = Field(default_factory=list)
    call_windows: Windows | None = None
    required_variables: Variables = Field(default_factory=list)
    steps: Steps = Field(default_factory=lambda: [AgentStep(stepType="CALL")])
    outcomes: Outcomes = Field(default_factory=list)
    retries: Retries = Field(default_factory=dict)
    credits_per_call: Credits = 1
    title_casing: StrictBool = False
    sender_id: str | None = None
    daily_call_cap: Cap | None = None
    dialler: AppBody | None = None
    webhook: AppBody | None = None
    enabled: StrictBool = True

    def agent(self, tenant: int, seen: Agent, asked: Set[str]) -> Agent:
        """How it calls, with what is asked for in place of what was. Raises ValidationFailed for a sender's id."""
        fields: dict[str, tuple[str, Any]] = {
            "timezones": ("zones", tuple(self.timezones)),
            "required_variables": ("required", tuple(self.required_variables)),
            "outcomes": ("goals", tuple(outcome.goal() for outcome in self.outcomes)),
            "retries": ("retries", {result: rule.retry() for result, rule in self.retries.items()}),
            "credits_per_call": ("credits_per_call", self.credits_per_call),
            "title_casing": ("title_cases", self.title_casing),
            "sender_id": ("sender", _sender_number(tenant, self.sender_id)),
        }
        return replace(seen, **dict(kept for name, kept in fields.items() if name in asked))

    def schedule(self, seen: Cadence, asked: Set[str]) -> tuple[Schedule, int | None]:
        """When an agent calls, and how often a day; the days off of its account are its own too, if it has windows."""
        schedule = replace(seen.schedule or Schedule(), zone=agent_in(seen).zones[0])
        if "call_windows" in asked:
            week = week_of(self.call_windows or [])
            schedule = replace(schedule, business_hours_only=week is not None, week=week)
        return schedule, self.daily_call_cap if "daily_call_cap" in asked else seen.daily_cap

    def app(self, name: str, *, plain_allowed: bool) -> AppChange:
        """What shall be different about an app. Raises ValidationFailed for a URL that leads nowhere."""
        if name not in self.model_fields_set:
            return AppChange()
        body: AppBody | None = getattr(self, name)
        return AppChange(None) if body is None else body.change(name, plain_allowed=plain_allowed)


class CreateAgentRequest(AgentFields):
    """POST /drumbeat/v1/agents. Without call windows it calls at any time, without a dialler it can't call at all."""

    name: Name
    timezones: Zones

    def wanted(self, tenant: int, secrets: Secrets, *, plain_allowed: bool) -> NewAgent:
        """The agent that is asked for. Raises ValidationFailed for a URL or a sender's id that is none."""
        everything = AgentFields.model_fields.keys()
        agent = self.agent(tenant, Agent(()), everything)

        def settings(bare: Cadence) -> Cadence:
            made = replace(
                bare,
                agent=agent,
                steps=_steps(self.steps),
                min_wait_seconds=SHORTEST_WAIT,
                max_wait_seconds=LONGEST_WAIT,
            )
            schedule, cap = self.schedule(made, everything)
            return replace(made, schedule=schedule, daily_cap=cap)

        dialler, webhook = (self.app(name, plain_allowed=plain_allowed).url for name in ("dialler", "webhook"))
        return NewAgent(
            self.name,
            settings,
            self.enabled,
            App(dialler if isinstance(dialler, str) else None, secrets.dialler),
            App(webhook if isinstance(webhook, str) else None, secrets.listener),
        )


class UpdateAgentRequest(AgentFields):
    """PATCH /drumbeat/v1/agents/{agent_id}: what is there changes, null clears what may be missing."""

    def wanted(self, tenant: int, *, plain_allowed: bool) -> AgentChange:
        """The change that is asked for. Raises ValidationFailed for a URL or a sender's id that is none."""
        asked = self.model_fields_set

        def settings(seen: Cadence) -> Cadence:
            return replace(
                seen,
                name=self.name if "name" in asked else seen.name,
                steps=_steps(self.steps) if "steps" in asked else seen.steps,
                agent=self.agent(tenant, agent_in(seen), asked),
            )

        change = SequenceChange(
            settings=settings,
            schedule=(lambda seen: self.schedule(seen, asked)) if asked & _TIMED else None,
            on=self.enabled if "enabled" in asked else None,
        )
        apps = (self.app(name, plain_allowed=plain_allowed) for name in ("dialler", "webhook"))
        return AgentChange(change, *apps)


def _steps(bodies: list[AgentStep]) -> tuple[Step, ...]:
    return tuple(body.step(place) for place, body in enumerate(bodies, 1))


def _sender_number(tenant: int, spelled: str | None) -> int | None:
    number = None if spelled is None else resource_number(Kind.SENDER, tenant, spelled)
    if spelled is not None and number is None:
        raise invalid_field("senderId", "there is nothing with this id to send from")
    return number
