"""Bulk work: batches 1 to 4 at different places of their lives, and import 2, which is being deleted."""

from dataclasses import replace

from drumbeat import bootstrap
from drumbeat.application.enroll_import import IMPORT_ENROLL
from drumbeat.domain.batch import Batch, BatchState, Chunk, Target, TargetKind
from drumbeat.domain.contact import Contact, ContactImport
from drumbeat.domain.sequence import Sequence, SequenceStatus
from drumbeat.domain.times import DAY, HOUR
from tools.samples.mailings import SENDER, STEPS
from tools.samples.prepared import TENANT

SEQUENCE = 13
DELETED, ENROLLED = 2, 3
"""Imports: the one that is being deleted, the one that is enrolled by batches."""
_PEOPLE = {DELETED: (5, 6), ENROLLED: (20, 21, 22, 23)}


def prepare_bulk(now: int) -> None:
    """Batches 1 and 2 have a chunk to run, 3 looks for its targets, 4 stands still."""
    begun = now - DAY
    _imports(begun)
    sequence = Sequence(
        TENANT, SEQUENCE, "Bulk", SequenceStatus.PENDING, None, 0, 0, False, 8.0, STEPS, (SENDER,), begun
    )
    bootstrap.sequences().create(sequence, [], intent=None, now=begun)
    for number, contacts in ((1, (20, 21)), (2, (22, 23)), (4, (20,))):
        _running(number, contacts, begun if number == 4 else now - HOUR // 60)
    bootstrap.batches().create(_batch(3, now), ids=(), intent=None, now=now)


def _imports(now: int) -> None:
    for number, people in _PEOPLE.items():
        header = ContactImport(TENANT, number, f"List {number}", people[0], people[-1], now)
        bootstrap.contact_imports().create(header, intent=None, now=now)
        made = [
            Contact(TENANT, person, number, f"p{person}@corp.example", f"P{person}", None, None, now)
            for person in people
        ]
        bootstrap.contacts().add(made)
        bootstrap.contact_imports().complete(header, record_count=len(people), skipped=0)
    bootstrap.contact_imports().begin_deletion(TENANT, DELETED)


def _batch(number: int, now: int) -> Batch:
    params = {"sequence": SEQUENCE, "contact_import": ENROLLED, "batch_size": 50, "given_away": 0}
    return Batch(TENANT, number, IMPORT_ENROLL, params, Target(TargetKind.IMPORT), f"b{number}", now, now, stops=False)


def _running(number: int, contacts: tuple[int, ...], now: int) -> None:
    store, found = bootstrap.batches(), _batch(number, now)
    store.create(found, ids=(), intent=None, now=now)
    begun = replace(found, state=BatchState.RUNNING, after=23, total=len(contacts), chunks=1, started_at=now)
    store.resolve(found, begun, [Chunk(0, contacts)])
