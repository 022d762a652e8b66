"""Hours of tenants and schedules of sequences: worked out when they are written, so that nothing else reads them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from drumbeat.application.sequences import get_sequence, wake_sequence
from drumbeat.domain.batch import MESSAGE_VERSION
from drumbeat.domain.errors import StoreBusy
from drumbeat.domain.opening_hours import Schedule, TenantHours, check_opens, days_off, hours_of
from drumbeat.domain.schedule import Hours
from drumbeat.domain.sequence import Sequence, SequenceStatus

if TYPE_CHECKING:
    from drumbeat.application.ports import (
        BatchQueue,
        HolidayCalendars,
        LaneWaker,
        OutOfTime,
        Sequences,
        Tenants,
    )

APPLY_HOURS = "apply_hours"
_TRIES = 5
_BUSY = "The hours keep changing. Try again."

type ScheduleOf = Callable[[Sequence], tuple[Schedule, int | None]]
"""The schedule and the daily cap that somebody wants for a sequence; it may be asked more than once."""


@dataclass(frozen=True, slots=True)
class SchedulePorts:
    """What hours and schedules touch."""

    tenants: Tenants
    sequences: Sequences
    calendars: HolidayCalendars
    lanes: LaneWaker


def set_hours(
    ports: SchedulePorts, queue: BatchQueue, *, tenant: int, wanted: TenantHours, out_of_time: OutOfTime, now: int
) -> TenantHours:
    """Changes what the tenant's sequences inherit, and those that do; what does not fit the time goes to the queue.

    Raises ValidationFailed for an unknown calendar, and for hours that do not open for a year.
    """
    check_opens(Hours(wanted.week, wanted.zone, days_off(wanted.holidays, ports.calendars.days_of)), now)
    kept = ports.tenants.set_hours(tenant, wanted)
    apply_hours(ports, queue, tenant=tenant, out_of_time=out_of_time, now=now)
    return kept


def apply_hours(ports: SchedulePorts, queue: BatchQueue, *, tenant: int, out_of_time: OutOfTime, now: int) -> None:
    """Works out anew every schedule of the tenant; one that is up to date is not written.

    What does not fit the time goes to the queue.
    """
    inherited = ports.tenants.hours(tenant)
    for sequence in ports.sequences.all(tenant):
        if out_of_time():
            queue.put({"v": MESSAGE_VERSION, "kind": APPLY_HOURS, "tenant": tenant})
            return
        if sequence.schedule is not None:
            _apply(ports, sequence, sequence.schedule, inherited, now)


def _apply(ports: SchedulePorts, sequence: Sequence, asked: Schedule, inherited: TenantHours, now: int) -> None:
    for _ in range(_TRIES):
        hours = hours_of(asked, inherited, ports.calendars.days_of)
        if hours == sequence.hours or _store(ports, sequence, replace(sequence, hours=hours), inherited, now):
            return
        sequence = get_sequence(ports.sequences, tenant=sequence.tenant, number=sequence.number)
        asked, inherited = sequence.schedule or asked, ports.tenants.hours(sequence.tenant)
    raise StoreBusy(_BUSY)


def set_schedule(
    ports: SchedulePorts, *, tenant: int, number: int, wanted: Schedule, daily_cap: int | None, now: int
) -> Sequence:
    """`change_schedule`, whatever it was before."""
    return change_schedule(ports, tenant=tenant, number=number, change=lambda _: (wanted, daily_cap), now=now)


def change_schedule(ports: SchedulePorts, *, tenant: int, number: int, change: ScheduleOf, now: int) -> Sequence:
    """Gives a sequence another schedule and cap; its lanes look again at once. Dues that are set stay as they are.

    Raises NotFound, and ValidationFailed for an unknown calendar and for hours that do not open for a year.
    """
    for _ in range(_TRIES):
        sequence = get_sequence(ports.sequences, tenant=tenant, number=number)
        wanted, daily_cap = change(sequence)
        schedule = replace(wanted, revision=1 if sequence.schedule is None else sequence.schedule.revision + 1)
        inherited = ports.tenants.hours(tenant)
        changed = replace(scheduled(ports, sequence, schedule, inherited, now), daily_cap=daily_cap)
        if _store(ports, sequence, changed, inherited, now):
            return changed
    raise StoreBusy(_BUSY)


def scheduled(
    ports: SchedulePorts, sequence: Sequence, schedule: Schedule, inherited: TenantHours, now: int
) -> Sequence:
    """The sequence with this schedule, and the hours that it comes to.

    Raises ValidationFailed for an unknown calendar, and for hours that do not open for a year.
    """
    hours = hours_of(schedule, inherited, ports.calendars.days_of)
    check_opens(hours, now)
    return replace(sequence, schedule=schedule, hours=hours)


def _store(ports: SchedulePorts, old: Sequence, new: Sequence, inherited: TenantHours, now: int) -> bool:
    if old.status is SequenceStatus.ACTIVE:
        wake_sequence(ports.lanes, old, now)
    return ports.sequences.set_schedule(old, new, hours_revision=inherited.revision)
