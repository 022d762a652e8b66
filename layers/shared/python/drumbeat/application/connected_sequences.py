"""Sequences with a connector: made whole, with all of their steps, and changed by whoever may."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Sequence as Many
from dataclasses import dataclass, replace
from types import EllipsisType
from typing import TYPE_CHECKING

from drumbeat.application.connectors import (
    App,
    Connected,
    ConnectorPorts,
    connected,
    connector_for,
    set_app,
)
from drumbeat.application.records import update_record
from drumbeat.application.schedules import ScheduleOf, SchedulePorts, change_schedule, scheduled
from drumbeat.application.sequence_settings import Settings, bare_sequence
from drumbeat.application.sequences import administered_sequence, get_sequence, sequence_within, wake_sequence
from drumbeat.domain.beginning import begun, is_on, stopped
from drumbeat.domain.errors import SequenceNotActive, StoreBusy
from drumbeat.domain.ids import Kind
from drumbeat.domain.opening_hours import Schedule
from drumbeat.domain.sequence import Sender, Sequence, SequenceStatus, Step, check_has_steps, check_steps

if TYPE_CHECKING:
    from drumbeat.application.ports import LaneWaker, Records, Sequences
    from drumbeat.domain.reach import Reach

_TRIES = 5
_BUSY = "The hours keep changing. Try again."

type StepsOf = Callable[[Sequence], tuple[Step, ...]]
"""The steps that somebody wants, who looks at those that are there; it may be asked more than once."""


@dataclass(frozen=True, slots=True)
class ConnectedPorts:
    """What they touch; settings and steps are written through the `records`, which let nobody's change get lost."""

    apps: ConnectorPorts
    records: Records[Sequence]
    schedules: SchedulePorts


@dataclass(frozen=True, slots=True)
class SequenceChange:
    """What somebody wants to be different; `url` is where the app listens: None for nowhere, `...` as it is."""

    settings: Settings | None = None
    schedule: ScheduleOf | None = None
    on: bool | None = None
    url: str | EllipsisType | None = ...


def create_connected_sequence(
    ports: ConnectedPorts,
    reach: Reach,
    *,
    tenant: int,
    name: str,
    wanted: Settings,
    on: bool,
    app: App,
    intent: str | None,
    now: int,
) -> Connected:
    """Makes a sequence with its connector, all or nothing. Nobody is in it, so it sends nothing yet.

    What an earlier attempt with the same intent made gets a new secret: nobody has seen the other one. Raises
    ScopeMissing, and ValidationFailed for more steps than a sequence can hold.
    """
    reach.check_administers()
    sequence = numbered(ports, reach, tenant=tenant, name=name, wanted=wanted, on=on, now=now)
    sender = connector_for(ports.apps, sequence, sequence.connector or 0, app, now)
    kept = keep(ports, sequence, [sender], intent=intent, now=now)
    if kept.number == sequence.number:
        return Connected(kept, app.url, app.secret if app.url else None)
    return set_app(ports.apps, kept, app, afresh=True, now=now)


def numbered(
    ports: ConnectedPorts, reach: Reach, *, tenant: int, name: str, wanted: Settings, on: bool, now: int
) -> Sequence:
    """The sequence that is asked for, with numbers for itself and its connector; nothing is kept yet.

    Raises ScopeMissing, and ValidationFailed for more steps than a sequence can hold.
    """
    reach.check_administers()
    asked = replace(wanted(bare_sequence(tenant, name, now)), workspace=reach.workspace)
    check_steps(asked.steps)
    asked = begun(asked, now) if on else asked
    number = ports.apps.numbers.take(tenant, Kind.SEQUENCE)
    return replace(asked, number=number, connector=ports.apps.numbers.take(tenant, Kind.SENDER))


def keep(
    ports: ConnectedPorts, sequence: Sequence, connectors: Many[Sender], *, intent: str | None, now: int
) -> Sequence:
    """Keeps a new sequence with the hours that its schedule comes to, and its connectors, all or nothing.

    Returns it, or what an earlier attempt with the same intent made. Raises ValidationFailed for hours that do not
    open.
    """
    tenant = sequence.tenant
    for _ in range(_TRIES):
        inherited = ports.schedules.tenants.hours(tenant)
        asked_for = replace(sequence.schedule or Schedule(), revision=1)
        timed = scheduled(ports.schedules, sequence, asked_for, inherited, now)
        made = ports.apps.connectors.create(
            timed, connectors, hours_revision=inherited.revision, intent=intent, now=now
        )
        if made == sequence.number:
            return timed
        if made is not None:
            return get_sequence(ports.apps.sequences, tenant=tenant, number=made)
    raise StoreBusy(_BUSY)


def get_connected_sequence(
    sequences: Sequences, connectors: Records[Sender], reach: Reach, *, tenant: int, number: int
) -> Connected:
    """The sequence with where its app listens. Raises NotFound."""
    return connected(connectors, sequence_within(sequences, reach, tenant=tenant, number=number))


def change_connected_sequence(
    ports: ConnectedPorts, reach: Reach, *, tenant: int, number: int, change: SequenceChange, secret: str, now: int
) -> Connected:
    """Changes what is asked for and returns the sequence as it then is; it stops first, and starts last.

    Raises NotFound, ScopeMissing, and ValidationFailed for hours that do not open.
    """
    administered_sequence(ports.apps.sequences, reach, tenant=tenant, number=number)
    sequence = settled(ports, tenant, number, change, now)
    told = connected(ports.apps.senders, sequence)
    if not isinstance(change.url, EllipsisType):
        told = set_app(ports.apps, sequence, App(change.url, secret), now=now)
    return replace(told, sequence=started(ports, sequence, now)) if change.on else told


def settled(ports: ConnectedPorts, tenant: int, number: int, change: SequenceChange, now: int) -> Sequence:
    """The sequence with other settings and another schedule, stopped if it shall be; nothing else of the change.

    Raises NotFound, and ValidationFailed for hours that do not open.
    """

    def wanted(seen: Sequence) -> Sequence:
        still = stopped(seen) if change.on is False else seen
        return still if change.settings is None else change.settings(still)

    sequence = update_record(ports.records, "sequence", tenant=tenant, number=number, change=wanted, now=now)
    if change.schedule is not None:
        sequence = change_schedule(ports.schedules, tenant=tenant, number=number, change=change.schedule, now=now)
    return sequence


def started(ports: ConnectedPorts, sequence: Sequence, now: int) -> Sequence:
    """The sequence, on from now on; whoever sends for it looks at once."""
    wake_sequence(ports.schedules.lanes, sequence, now)
    tenant, number = sequence.tenant, sequence.number
    return update_record(
        ports.records, "sequence", tenant=tenant, number=number, change=lambda seen: begun(seen, now), now=now
    )


def replace_steps(
    sequences: Sequences,
    records: Records[Sequence],
    reach: Reach,
    *,
    tenant: int,
    number: int,
    steps: StepsOf,
    now: int,
) -> Sequence:
    """Gives a sequence other steps, all at once; one that was on without steps begins.

    Who is on the way through keeps the index that comes next, and is through where there is none; dues that are set
    stay. Raises NotFound, ScopeMissing, and ValidationFailed for no steps, or more than a sequence can hold.
    """
    administered_sequence(sequences, reach, tenant=tenant, number=number)

    def wanted(seen: Sequence) -> Sequence:
        changed = replace(seen, steps=steps(seen))
        check_has_steps(changed)
        check_steps(changed.steps)
        return begun(changed, now) if is_on(seen) else changed

    return update_record(records, "sequence", tenant=tenant, number=number, change=wanted, now=now)


def run_now(sequences: Sequences, lanes: LaneWaker, reach: Reach, *, tenant: int, number: int, now: int) -> None:
    """Makes whatever sends for the sequence look at once; nothing leaves that is not due.

    Raises NotFound, ScopeMissing, and SequenceNotActive for one that does not send.
    """
    sequence = administered_sequence(sequences, reach, tenant=tenant, number=number)
    if sequence.status is not SequenceStatus.ACTIVE:
        raise SequenceNotActive("It is not enabled, or has no steps yet.")
    wake_sequence(lanes, sequence, now)
