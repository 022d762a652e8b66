"""Agents: connected sequences that call. Their connector is the dialler, another one hears what became of calls."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from drumbeat.application.connected_sequences import ConnectedPorts, SequenceChange, keep, numbered, settled, started
from drumbeat.application.connectors import App, AppChange, Listening, connector_for, move_app
from drumbeat.application.lead_ports import may_serve
from drumbeat.domain.errors import NotFound, invalid_field
from drumbeat.domain.ids import Kind
from drumbeat.domain.merge import unknown_fields
from drumbeat.domain.sequence import Sender, Sequence, check_steps

if TYPE_CHECKING:
    from drumbeat.application.ports import Records, Sequences
    from drumbeat.application.sequence_settings import Settings
    from drumbeat.domain.agent import Agent
    from drumbeat.domain.reach import Reach


@dataclass(frozen=True, slots=True)
class NewAgent:
    """What a tenant asks for; `wanted` makes an agent of a bare sequence."""

    name: str
    wanted: Settings
    on: bool
    dialler: App
    listener: App


@dataclass(frozen=True, slots=True)
class AgentChange:
    """What a tenant wants to be different; the `sequence`'s own URL is not looked at."""

    sequence: SequenceChange
    dialler: AppChange
    listener: AppChange


@dataclass(frozen=True, slots=True)
class Secrets:
    """Fresh secrets, for whichever app needs one."""

    dialler: str = field(repr=False)
    listener: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class ToldAgent:
    """An agent with where its dialler listens, and who hears what became of its calls."""

    sequence: Sequence
    dialler: Listening
    listener: Listening


def agent_in(sequence: Sequence) -> Agent:
    """How the sequence calls. Raises NotFound for one that is no agent."""
    if sequence.agent is None:
        raise NotFound("agent", sequence.number)
    return sequence.agent


def agent_within(sequences: Sequences, tenant: int, number: int) -> Sequence:
    """The tenant's sequence with this number. Raises NotFound for one that is not there, or is no agent."""
    found = sequences.get(tenant, number)
    if found is None or found.agent is None:
        raise NotFound("agent", number)
    return found


def create_agent(
    ports: ConnectedPorts, reach: Reach, *, tenant: int, wanted: NewAgent, intent: str | None, now: int
) -> ToldAgent:
    """Makes an agent with both of its connectors, all or nothing. Nobody is in it, so it calls nobody yet.

    What an earlier attempt with the same intent made gets new secrets: nobody has seen the others. Raises ScopeMissing,
    and ValidationFailed for a sender that is not there, and for steps that cannot be kept or filled in.
    """
    settings = _checked(ports.apps.sequences, reach, wanted.wanted)
    bare = numbered(ports, reach, tenant=tenant, name=wanted.name, wanted=settings, on=wanted.on, now=now)
    number = ports.apps.numbers.take(tenant, Kind.SENDER)
    sequence = replace(bare, agent=replace(agent_in(bare), listener=number))
    dialler = connector_for(ports.apps, sequence, sequence.connector or 0, wanted.dialler, now)
    listener = connector_for(ports.apps, sequence, number, wanted.listener, now)
    kept = keep(ports, sequence, [dialler, listener], intent=intent, now=now)
    if kept.number == sequence.number:
        return ToldAgent(kept, _first(wanted.dialler), _first(wanted.listener))
    afresh = AppChange(wanted.dialler.url, afresh=True), AppChange(wanted.listener.url, afresh=True)
    secrets = Secrets(wanted.dialler.secret, wanted.listener.secret)
    return _with_apps_moved(ports, _told(ports.apps.senders, kept), *afresh, secrets, now)


def get_agent(sequences: Sequences, connectors: Records[Sender], *, tenant: int, number: int) -> ToldAgent:
    """The agent. Raises NotFound."""
    return _told(connectors, agent_within(sequences, tenant, number))


def list_agents(
    records: Records[Sequence], connectors: Records[Sender], *, tenant: int, after: int = 0
) -> Iterator[ToldAgent]:
    """The tenant's agents behind `after`, oldest first; reads a page when it is asked for."""
    for looked in records.search(tenant, (), after=after):
        agents = [sequence for sequence in looked.records if sequence.agent is not None]
        numbers = [number for sequence in agents for number in _connectors_of(sequence)]
        found = connectors.get_some(tenant, numbers) if numbers else {}
        for sequence in agents:
            dialler, listener = (found.get(number) for number in _connectors_of(sequence))
            yield ToldAgent(sequence, _listening(dialler), _listening(listener))


def change_agent(
    ports: ConnectedPorts, reach: Reach, *, tenant: int, number: int, change: AgentChange, secrets: Secrets, now: int
) -> ToldAgent:
    """Changes what is asked for and returns the agent as it then is; it stops first, and starts last.

    Who is on the way through keeps the index of the step that comes next. Raises NotFound, ScopeMissing, and
    ValidationFailed as `create_agent`, and for hours that do not open.
    """
    agent_within(ports.apps.sequences, tenant, number)
    reach.check_administers()
    wanted = change.sequence
    if wanted.settings is not None:
        wanted = replace(wanted, settings=_checked(ports.apps.sequences, reach, wanted.settings))
    seen = _told(ports.apps.senders, settled(ports, tenant, number, wanted, now))
    told = _with_apps_moved(ports, seen, change.dialler, change.listener, secrets, now)
    return replace(told, sequence=started(ports, told.sequence, now)) if wanted.on else told


def _checked(sequences: Sequences, reach: Reach, wanted: Settings) -> Settings:
    """The settings, which refuse what an agent cannot have; a sender is looked for once, where it is another one."""
    known: set[int] = set()

    def settings(seen: Sequence) -> Sequence:
        changed = wanted(seen)
        agent = agent_in(changed)
        check_steps(changed.steps)
        _check_can_be_filled(changed, agent)
        before = None if seen.agent is None else seen.agent.sender
        if agent.sender is not None and agent.sender not in {before, *known}:
            _check_sends(sequences, reach, changed, agent.sender)
            known.add(agent.sender)
        return changed

    return settings


def _check_can_be_filled(sequence: Sequence, agent: Agent) -> None:
    for place, step in enumerate(sequence.steps):
        for text in (step.subject, step.body_html, step.text or ""):
            unfilled = [name for name in unknown_fields(text) if name not in agent.required]
            if unfilled:
                raise invalid_field(f"steps.{place}", f"nobody is sure to have {', '.join(unfilled)}: require it")


def _check_sends(sequences: Sequences, reach: Reach, sequence: Sequence, number: int) -> None:
    sender = sequences.sender(sequence.tenant, number)
    if sender is None or not may_serve(sender, sequence, reach):
        raise invalid_field("sender", "there is nothing with this id to send from")


def _connectors_of(sequence: Sequence) -> tuple[int, int]:
    """The numbers of its dialler and of its listener; nothing has the number 0."""
    return sequence.connector or 0, agent_in(sequence).listener or 0


def _told(connectors: Records[Sender], sequence: Sequence) -> ToldAgent:
    numbers = _connectors_of(sequence)
    found = connectors.get_some(sequence.tenant, numbers)
    dialler, listener = (found.get(number) for number in numbers)
    return ToldAgent(sequence, _listening(dialler), _listening(listener))


def _listening(connector: Sender | None) -> Listening:
    return Listening(None if connector is None else connector.host or None)


def _first(app: App) -> Listening:
    return Listening(app.url, app.secret if app.url else None)


def _with_apps_moved(
    ports: ConnectedPorts, seen: ToldAgent, dialler: AppChange, listener: AppChange, secrets: Secrets, now: int
) -> ToldAgent:
    (first, second), tenant = _connectors_of(seen.sequence), seen.sequence.tenant
    if not dialler.is_none:
        seen = replace(seen, dialler=move_app(ports.apps, tenant, first, dialler, secrets.dialler, now))
    if not listener.is_none:
        seen = replace(seen, listener=move_app(ports.apps, tenant, second, listener, secrets.listener, now))
    return seen
