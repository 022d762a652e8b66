"""Enrolling every subscribed contact of an import, in the request as far as it fits, then as a batch."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Self

from drumbeat.application.batch_messages import resolve_message
from drumbeat.application.contacts import get_contact_import
from drumbeat.application.enroll_import import batch_of_call, outcomes_of_page
from drumbeat.application.enroll_rows import EnrollPorts, enroll_page, tag_of_import, wake_lanes
from drumbeat.application.sequences import get_sequence
from drumbeat.domain.batch import Chunk, ChunkState
from drumbeat.domain.enroll_call import EnrollCall, Skip
from drumbeat.domain.ids import Kind
from drumbeat.domain.sequence import Sequence, check_has_steps

if TYPE_CHECKING:
    from drumbeat.application.batch_ports import BatchPorts
    from drumbeat.application.ports import OutOfTime
    from drumbeat.domain.contact import Contact, ContactImport


@dataclass(frozen=True, slots=True)
class Enrolled:
    """What an enrol call has done: how far it is, the contacts it skipped, and what became of each page of rows.

    `handed_over` tells whether the rest is left to a batch.
    """

    call: EnrollCall
    skips: tuple[Skip, ...] = ()
    pages: tuple[Chunk, ...] = ()
    handed_over: bool = False

    def and_page(self, call: EnrollCall, page: list[Contact], skips: list[Skip]) -> Self:
        """This and one page more."""
        chunk = Chunk(
            first=self.pages[-1].behind if self.pages else 0,
            targets=tuple(contact.number for contact in page),
            state=ChunkState.DONE,
            outcomes=outcomes_of_page(page, skips),
        )
        return replace(self, call=call, skips=(*self.skips, *skips), pages=(*self.pages, chunk))


def enroll(
    ports: EnrollPorts,
    batch_ports: BatchPorts,
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

    Does at most about `row_limit` rows, and no more once `out_of_time`; the rest goes on as a batch that holds the rows
    done here, too. A call that died half-way is finished by the same call: keys decide what is enrolled, and with an
    `intent` its rows count as this call's own. Raises NotFound, and ValidationFailed for a sequence without steps.
    """
    sequence = get_sequence(ports.sequences, tenant=tenant, number=sequence_number)
    check_has_steps(sequence)
    header = get_contact_import(ports.contact_imports, tenant=tenant, number=import_number)
    number = ports.numbers.take(tenant, Kind.BATCH)
    call = EnrollCall(
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
    done = _enroll_pages(ports, sequence, header, call, row_limit, out_of_time, now)
    if done.handed_over:
        _hand_over(batch_ports, done, now)
    return done


def _enroll_pages(
    ports: EnrollPorts,
    sequence: Sequence,
    header: ContactImport,
    call: EnrollCall,
    row_limit: int,
    out_of_time: OutOfTime,
    now: int,
) -> Enrolled:
    wake_lanes(ports, sequence, now)
    done = Enrolled(call)
    rows = 0
    for page in ports.contacts.pages_of_import(header, after=call.after):
        if rows >= row_limit or (rows and out_of_time()):
            return replace(done, handed_over=True)
        call, skips = enroll_page(ports, sequence, call, page, now)
        done = done.and_page(call, page, skips)
        rows += len(page)
    return done


def _hand_over(ports: BatchPorts, done: Enrolled, now: int) -> None:
    batch = batch_of_call(done.call, done.pages)
    ports.batches.add_settled(batch, done.pages)
    ports.batches.create(batch, ids=(), intent=None, now=now)
    ports.queue.put(resolve_message(batch.tenant, batch.number))
