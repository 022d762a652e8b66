"""Enrolling every subscribed contact of an import, in the request as far as it fits, then in the background."""

from dataclasses import dataclass, replace

from drumbeat.application.contacts import get_contact_import
from drumbeat.application.enroll_rows import (
    EnrollPorts,
    enroll_page,
    tag_of_import,
    wake_lanes,
)
from drumbeat.application.ports import EnrollCalls, OutOfTime
from drumbeat.application.sequences import get_sequence
from drumbeat.domain.batch import MESSAGE_VERSION
from drumbeat.domain.contact import ContactImport
from drumbeat.domain.enroll_call import EnrollCall, Skip
from drumbeat.domain.errors import NotFound
from drumbeat.domain.ids import Kind
from drumbeat.domain.sequence import Sequence, check_has_steps

ENROLL = "enroll"


@dataclass(frozen=True, slots=True)
class Enrolled:
    """What an enrol call has done: the batch as it stands and the contacts skipped within the call."""

    batch: EnrollCall
    skips: tuple[Skip, ...]

    @property
    def handed_over(self) -> bool:
        """Whether the rest is left to the queue."""
        return self.batch.finished_at is None


def enroll(
    ports: EnrollPorts,
    *,
    tenant: int,
    sequence_number: int,
    import_number: int,
    batch_size: int,
    intent: str | None,
    row_limit: int,
    out_of_time: OutOfTime,
    now: int,
) -> Enrolled:
    """Enrols every subscribed contact of the import that is not enrolled yet; every other one gets a reason.

    Does at most about `row_limit` rows, and no more once `out_of_time`; the rest is handed to the queue. A call that
    died half-way is finished by the same call: keys decide what is enrolled, and with an `intent` its rows count as
    this call's own. Raises NotFound, and ValidationFailed for a sequence without steps.
    """
    sequence = get_sequence(ports.sequences, tenant=tenant, number=sequence_number)
    check_has_steps(sequence)
    header = get_contact_import(ports.contact_imports, tenant=tenant, number=import_number)
    number = ports.numbers.take(tenant, Kind.BATCH)
    batch = EnrollCall(
        tenant=tenant,
        number=number,
        tag=f"{tag_of_import(import_number)}{intent[:16] if intent else number}",
        sequence=sequence_number,
        contact_import=import_number,
        batch_size=batch_size,
        created_at=now,
        after=header.first - 1,
        last=header.last,
    )
    done = _enroll_pages(ports, sequence, header, batch, row_limit, out_of_time, now)
    if done.handed_over:
        ports.batches.create(done.batch)
        ports.queue.put(_message(done.batch))
    return done


def continue_enroll(ports: EnrollPorts, *, tenant: int, number: int, out_of_time: OutOfTime, now: int) -> None:
    """Takes a handed-over batch on from where it stands; hands the rest over again.

    Of two runs over the same rows one is counted and goes on; a run that died is repeated by its message.
    """
    batch = ports.batches.get(tenant, number)
    if batch is None or batch.finished_at is not None:
        return
    sequence = ports.sequences.get(tenant, batch.sequence)
    header = ports.contact_imports.get(tenant, batch.contact_import)
    if sequence is None or header is None:
        ports.batches.advance(batch, replace(batch, finished_at=now))
        return
    done = _enroll_pages(ports, sequence, header, batch, None, out_of_time, now)
    if ports.batches.advance(batch, done.batch) and done.handed_over:
        ports.queue.put(_message(done.batch))


def _enroll_pages(
    ports: EnrollPorts,
    sequence: Sequence,
    header: ContactImport,
    batch: EnrollCall,
    row_limit: int | None,
    out_of_time: OutOfTime,
    now: int,
) -> Enrolled:
    wake_lanes(ports, sequence, now)
    skips: list[Skip] = []
    rows = 0
    for page in ports.contacts.pages_of_import(header, after=batch.after):
        if (row_limit is not None and rows >= row_limit) or (rows and out_of_time()):
            return Enrolled(batch, tuple(skips))
        batch, page_skips = enroll_page(ports, sequence, batch, page, now)
        skips += page_skips
        rows += len(page)
    return Enrolled(replace(batch, after=batch.last, finished_at=now), tuple(skips))


def get_batch(batches: EnrollCalls, *, tenant: int, number: int) -> EnrollCall:
    """The batch. Raises NotFound."""
    batch = batches.get(tenant, number)
    if batch is None:
        raise NotFound("batch")
    return batch


def _message(batch: EnrollCall) -> dict[str, int | str]:
    return {"v": MESSAGE_VERSION, "kind": ENROLL, "tenant": batch.tenant, "batch": batch.number}
