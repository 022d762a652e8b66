"""Our own view of a batch."""

from typing import Any

from drumbeat.domain.enroll_call import EnrollCall
from drumbeat.domain.errors import NotFound
from drumbeat.domain.ids import Kind, resource_number, resource_uuid
from drumbeat.domain.times import iso, iso_or_none


def batch_number(tenant: int, spelled: str) -> int:
    """The number behind a batch's id. Raises NotFound for anything else."""
    number = resource_number(Kind.BATCH, tenant, spelled)
    if number is None:
        raise NotFound("batch")
    return number


def batch_body(batch: EnrollCall) -> dict[str, Any]:
    """A batch and how far it is."""
    return {
        "id": resource_uuid(Kind.BATCH, batch.tenant, batch.number),
        "kind": "enroll",
        "state": "running" if batch.finished_at is None else "finished",
        "sequence_id": resource_uuid(Kind.SEQUENCE, batch.tenant, batch.sequence),
        "contact_import_id": resource_uuid(Kind.CONTACT_IMPORT, batch.tenant, batch.contact_import),
        "enrolled": batch.enrolled,
        "skipped": batch.skipped,
        "batches": batch.batches,
        "batch_size": batch.batch_size,
        "created_at": iso(batch.created_at),
        "finished_at": iso_or_none(batch.finished_at),
    }
