"""Enrolling: one contact, or every subscribed contact of an import."""

from dataclasses import dataclass, replace

from drumbeat.application.ports import (
    Batches,
    BatchQueue,
    ContactImports,
    Contacts,
    Enrollments,
    Lanes,
    MailDomains,
    Numbers,
    OutOfTime,
    Programs,
    Sequences,
)
from drumbeat.domain.batch import Batch, Skip, SkipKind
from drumbeat.domain.contact import Contact, ContactImport
from drumbeat.domain.email import domain_of
from drumbeat.domain.enrollment import Enrollment, new_enrollment
from drumbeat.domain.errors import AlreadyEnrolled, CannotBeMailed, NotFound
from drumbeat.domain.ids import EnrollmentKey, Kind
from drumbeat.domain.sequence import Sequence, SequenceStatus

BATCH_MESSAGE_VERSION = 1
ENROLL = "enroll"


@dataclass(frozen=True, slots=True)
class EnrollPorts:
    """What enrolling touches."""

    sequences: Sequences
    programs: Programs
    contact_imports: ContactImports
    contacts: Contacts
    enrollments: Enrollments
    batches: Batches
    lanes: Lanes
    mail_domains: MailDomains
    numbers: Numbers
    queue: BatchQueue


@dataclass(frozen=True, slots=True)
class Enrolled:
    """What an enrol call has done: the batch as it stands and the contacts skipped within the call."""

    batch: Batch
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
    this call's own. Raises NotFound.
    """
    sequence = _sequence(ports, tenant, sequence_number)
    header = ports.contact_imports.get(tenant, import_number)
    if header is None:
        raise NotFound("contact_import")
    number = ports.numbers.take(tenant, Kind.BATCH)
    batch = Batch(
        tenant=tenant,
        number=number,
        tag=f"{_tag_of_import(import_number)}{intent[:16] if intent else number}",
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


def get_batch(batches: Batches, *, tenant: int, number: int) -> Batch:
    """The batch. Raises NotFound."""
    batch = batches.get(tenant, number)
    if batch is None:
        raise NotFound("batch")
    return batch


def enroll_contact(
    ports: EnrollPorts,
    *,
    tenant: int,
    sequence_number: int,
    contact_number: int,
    batch_number: int,
    priority: bool,
    intent: str | None,
    now: int,
) -> Enrollment:
    """Enrols one contact.

    Raises NotFound, CannotBeMailed, or AlreadyEnrolled (also in a sibling, where contacts are unique).
    """
    sequence = _sequence(ports, tenant, sequence_number)
    contact = ports.contacts.get(tenant, contact_number)
    if contact is None:
        raise NotFound("contact")
    _check_mailable(ports, sequence, contact)
    wanted = new_enrollment(
        tenant,
        EnrollmentKey(sequence_number, contact_number),
        batch_number=batch_number,
        batch_tag=f"single.{intent[:16] if intent else now}",
        now=now,
        priority=priority,
    )
    _wake(ports, sequence, now)
    if not _insert(ports, sequence, [wanted]):
        return wanted
    there = ports.enrollments.get(tenant, wanted.key)
    if there is not None and there.batch_tag == wanted.batch_tag:
        return there
    where = "this sequence" if there is not None else "another sequence of this program"
    raise AlreadyEnrolled(f"The contact is already enrolled in {where}.")


def _check_mailable(ports: EnrollPorts, sequence: Sequence, contact: Contact) -> None:
    if contact.unsubscribed_at is not None:
        raise CannotBeMailed("The contact has unsubscribed.")
    domain = domain_of(contact.email)
    if sequence.verify_email_mx and ports.mail_domains.without_mx([domain]):
        raise CannotBeMailed(f"The domain {domain} takes no mail.")


def _enroll_pages(
    ports: EnrollPorts,
    sequence: Sequence,
    header: ContactImport,
    batch: Batch,
    row_limit: int | None,
    out_of_time: OutOfTime,
    now: int,
) -> Enrolled:
    _wake(ports, sequence, now)
    skips: list[Skip] = []
    rows = 0
    for page in ports.contacts.pages_of_import(header, after=batch.after):
        if (row_limit is not None and rows >= row_limit) or (rows and out_of_time()):
            return Enrolled(batch, tuple(skips))
        batch, page_skips = _enroll_page(ports, sequence, batch, page, now)
        skips += page_skips
        rows += len(page)
    return Enrolled(replace(batch, after=batch.last, finished_at=now), tuple(skips))


def _enroll_page(
    ports: EnrollPorts, sequence: Sequence, batch: Batch, page: list[Contact], now: int
) -> tuple[Batch, list[Skip]]:
    there = ports.enrollments.existing(batch.tenant, [_key(sequence, contact) for contact in page])
    before = {key.contact: enrollment.batch_tag for key, enrollment in there.items()}
    reasons = _reasons_to_skip(ports, sequence, [contact for contact in page if contact.number not in before])
    fresh, placed = _place(sequence, batch, page, before, reasons, now)
    reasons |= _why_refused(ports, batch, _insert(ports, sequence, fresh))
    reasons |= {number: SkipKind.ALREADY_ENROLLED for number, tag in before.items() if tag != batch.tag}
    skips = [
        Skip(contact.number, contact.email, reasons[contact.number], now)
        for contact in page
        if contact.number in reasons
    ]
    if skips:
        ports.batches.record_skips(batch, page[0].number, skips)
    return replace(
        batch,
        after=page[-1].number,
        placed=placed,
        enrolled=batch.enrolled + len(page) - len(skips),
        skipped=batch.skipped + len(skips),
    ), skips


def _reasons_to_skip(ports: EnrollPorts, sequence: Sequence, contacts: list[Contact]) -> dict[int, SkipKind]:
    reasons: dict[int, SkipKind] = {}
    subscribed = [contact for contact in contacts if contact.unsubscribed_at is None]
    for number in _taken_by_siblings(ports, sequence, subscribed):
        reasons[number] = SkipKind.TAKEN_BY_SIBLING
    if sequence.verify_email_mx:
        dead = ports.mail_domains.without_mx({domain_of(contact.email) for contact in subscribed})
        reasons |= {contact.number: SkipKind.MX_INVALID for contact in subscribed if domain_of(contact.email) in dead}
    return reasons | {
        contact.number: SkipKind.UNSUBSCRIBED for contact in contacts if contact.unsubscribed_at is not None
    }


def _taken_by_siblings(ports: EnrollPorts, sequence: Sequence, contacts: list[Contact]) -> list[int]:
    if not contacts or not _is_exclusive(ports, sequence) or sequence.program is None:
        return []
    numbers = [contact.number for contact in contacts]
    members = ports.enrollments.members(sequence.tenant, sequence.program, numbers)
    return [number for number, first in members.items() if first != sequence.number]


def _place(
    sequence: Sequence,
    batch: Batch,
    page: list[Contact],
    before: dict[int, str],
    reasons: dict[int, SkipKind],
    now: int,
) -> tuple[list[Enrollment], int]:
    """New enrollments for the rows that are free, and how many rows of this import are placed by then.

    Rows placed by an earlier call over the same import keep counting, so a call that died half-way is finished with the
    batch numbers it began with.
    """
    fresh: list[Enrollment] = []
    placed = batch.placed
    for contact in page:
        tag = before.get(contact.number)
        if tag is None and contact.number not in reasons:
            number = placed // batch.batch_size + 1
            key = _key(sequence, contact)
            fresh.append(new_enrollment(batch.tenant, key, batch_number=number, batch_tag=batch.tag, now=now))
            placed += 1
        elif tag is not None and tag.startswith(_tag_of_import(batch.contact_import)):
            placed += 1
    return fresh, placed


def _insert(ports: EnrollPorts, sequence: Sequence, fresh: list[Enrollment]) -> set[EnrollmentKey]:
    if not fresh:
        return set()
    if sequence.program is None:
        return ports.enrollments.insert(fresh)
    exclusive = _is_exclusive(ports, sequence)
    return ports.enrollments.insert_members(fresh, program=sequence.program, unique=exclusive)


def _why_refused(ports: EnrollPorts, batch: Batch, refused: set[EnrollmentKey]) -> dict[int, SkipKind]:
    """Somebody was faster, or it was this very call, whose acknowledgement got lost on the way."""
    if not refused:
        return {}
    there = ports.enrollments.existing(batch.tenant, sorted(refused))
    others = {key for key in refused if key not in there or there[key].batch_tag != batch.tag}
    return {key.contact: SkipKind.ALREADY_ENROLLED if key in there else SkipKind.TAKEN_BY_SIBLING for key in others}


def _is_exclusive(ports: EnrollPorts, sequence: Sequence) -> bool:
    program = None if sequence.program is None else ports.programs.get(sequence.tenant, sequence.program)
    return program is not None and program.unique_contacts


def _wake(ports: EnrollPorts, sequence: Sequence, now: int) -> None:
    """Before anything is written: a lane that is awake sees what comes, even if this call dies half-way."""
    if sequence.status is SequenceStatus.ACTIVE:
        ports.lanes.wake(sequence.tenant, sequence.senders, now)


def _sequence(ports: EnrollPorts, tenant: int, number: int) -> Sequence:
    sequence = ports.sequences.get(tenant, number)
    if sequence is None:
        raise NotFound("sequence")
    return sequence


def _key(sequence: Sequence, contact: Contact) -> EnrollmentKey:
    return EnrollmentKey(sequence.number, contact.number)


def _tag_of_import(number: int) -> str:
    return f"m{number}."


def _message(batch: Batch) -> dict[str, int | str]:
    return {"v": BATCH_MESSAGE_VERSION, "kind": ENROLL, "tenant": batch.tenant, "batch": batch.number}
