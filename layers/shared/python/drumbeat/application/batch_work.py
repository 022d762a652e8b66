"""Bulk work that goes on in the background: which message continues what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from drumbeat.application.batch_messages import RESOLVE, RUN_CHUNK, START
from drumbeat.application.batch_resolve import resolve_batch
from drumbeat.application.batch_run import ChunkRun, run_chunk, start_chunks
from drumbeat.application.cancel_calls import CANCEL_CALLS, CancelPorts, continue_cancel
from drumbeat.application.contacts import DELETE_IMPORT, DeletePorts, continue_delete_import
from drumbeat.application.schedules import APPLY_HOURS, SchedulePorts, apply_hours
from drumbeat.application.suppression_list import STOP_CONTACTS, SuppressPorts, continue_stopping
from drumbeat.domain.batch import MESSAGE_VERSION
from drumbeat.domain.ids import EnrollmentKey

if TYPE_CHECKING:
    from drumbeat.application.batch_ports import BatchRunPorts
    from drumbeat.application.ports import OutOfTime


class UnknownMessage(Exception):
    """A message of a version or kind that this code does not know: it ends among the dead letters, not dropped."""


@dataclass(frozen=True, slots=True)
class WorkPorts:
    """What all kinds of bulk work touch."""

    batch: BatchRunPorts
    delete: DeletePorts
    schedule: SchedulePorts
    cancel: CancelPorts
    suppress: SuppressPorts


def continue_batch_work(
    ports: WorkPorts, message: Mapping[str, Any], *, out_of_time: OutOfTime, now: int
) -> ChunkRun | None:
    """Takes the work named by the message on; returns what to tell of a chunk. Raises UnknownMessage."""
    if message.get("v") != MESSAGE_VERSION:
        raise UnknownMessage(f"cannot continue {message!r}")
    match message:
        case {"kind": kind, "tenant": int(tenant), "batch": int(number), "first": int(first)} if kind == RUN_CHUNK:
            return run_chunk(ports.batch, tenant=tenant, number=number, first=first, now=now)
        case {"kind": kind, "tenant": int(tenant), "batch": int(number), "first": int(first)} if kind == START:
            start_chunks(ports.batch, tenant=tenant, number=number, first=first, out_of_time=out_of_time, now=now)
        case {"kind": kind, "tenant": int(tenant), "batch": int(number)} if kind == RESOLVE:
            resolve_batch(ports.batch, tenant=tenant, number=number, out_of_time=out_of_time, now=now)
        case {"kind": kind, "tenant": int(tenant), "contact_import": int(number)} if kind == DELETE_IMPORT:
            continue_delete_import(ports.delete, tenant=tenant, number=number, out_of_time=out_of_time)
        case {"kind": kind, "tenant": int(tenant)} if kind == APPLY_HOURS:
            apply_hours(ports.schedule, ports.batch.queue, tenant=tenant, out_of_time=out_of_time, now=now)
        case {"kind": kind, "tenant": int(tenant), "digest": str(digest), **place} if kind == CANCEL_CALLS:
            after = EnrollmentKey(place["sequence"], place["contact"], place["run"])
            continue_cancel(ports.cancel, tenant=tenant, digest=digest, after=after, out_of_time=out_of_time, now=now)
        case {"kind": kind, "tenant": int(tenant), "contacts": list(rows)} if kind == STOP_CONTACTS:
            continue_stopping(ports.suppress, tenant=tenant, rows=rows, out_of_time=out_of_time, now=now)
        case _:
            raise UnknownMessage(f"cannot continue {message!r}")
    return None
