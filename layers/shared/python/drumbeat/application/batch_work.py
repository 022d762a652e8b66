"""Bulk work that goes on in the background: which message continues what."""

from collections.abc import Mapping
from typing import Any

from drumbeat.application.contacts import DELETE_IMPORT, DeletePorts, continue_delete_import
from drumbeat.application.enroll import ENROLL, continue_enroll
from drumbeat.application.enroll_rows import EnrollPorts
from drumbeat.application.ports import OutOfTime
from drumbeat.application.schedules import APPLY_HOURS, SchedulePorts, apply_hours
from drumbeat.domain import batch


class UnknownMessage(Exception):
    """A message of a version or kind that this code does not know: it ends among the dead letters, not dropped."""


def continue_batch_work(
    enroll: EnrollPorts,
    delete: DeletePorts,
    schedule: SchedulePorts,
    message: Mapping[str, Any],
    *,
    out_of_time: OutOfTime,
    now: int,
) -> None:
    """Takes the work named by the message on. Raises UnknownMessage."""
    match message:
        case {"v": batch.MESSAGE_VERSION, "kind": kind, "tenant": int(tenant), "batch": int(number)} if kind == ENROLL:
            continue_enroll(enroll, tenant=tenant, number=number, out_of_time=out_of_time, now=now)
        case {
            "v": batch.MESSAGE_VERSION,
            "kind": kind,
            "tenant": int(tenant),
            "contact_import": int(number),
        } if kind == DELETE_IMPORT:
            continue_delete_import(delete, tenant=tenant, number=number, out_of_time=out_of_time)
        case {"v": batch.MESSAGE_VERSION, "kind": kind, "tenant": int(tenant)} if kind == APPLY_HOURS:
            apply_hours(schedule, enroll.queue, tenant=tenant, out_of_time=out_of_time, now=now)
        case _:
            raise UnknownMessage(f"cannot continue {message!r}")
