"""Bulk work: batches 1 and 2 have a chunk to run, batch 3 stands still."""

from dataclasses import replace

from drumbeat import bootstrap
from drumbeat.application.enroll_import import IMPORT_ENROLL
from drumbeat.domain.batch import Batch, BatchState, Chunk, Target, TargetKind
from drumbeat.domain.contact import ContactImport
from drumbeat.domain.sequence import Sequence, SequenceStatus
from drumbeat.domain.times import DAY, MINUTE
from tools.samples.mailings import SENDER, STEPS, person
from tools.samples.prepared import TENANT

SEQUENCE = 13
IMPORT = 3
_PEOPLE = (20, 21, 22, 23)


def prepare_bulk(now: int) -> None:
    """An import that three batches enroll in a sequence of its own."""
    begun = now - DAY
    _import(begun)
    sequence = Sequence(
        TENANT, SEQUENCE, "Bulk", SequenceStatus.PENDING, None, 0, 0, False, 8.0, STEPS, (SENDER,), begun
    )
    bootstrap.sequences().create(sequence, [], intent=None, now=begun)
    for number, contacts, at in ((1, (20, 21), now - MINUTE), (2, (22, 23), now - MINUTE), (3, (20,), begun)):
        _running(number, contacts, at)


def _import(now: int) -> None:
    header = ContactImport(TENANT, IMPORT, "List 3", _PEOPLE[0], _PEOPLE[-1], now)
    bootstrap.contact_imports().create(header, intent=None, now=now)
    bootstrap.contacts().add([replace(person(number, now), import_number=IMPORT) for number in _PEOPLE])
    bootstrap.contact_imports().complete(header, record_count=len(_PEOPLE), skipped=0)


def _batch(number: int, now: int) -> Batch:
    params = {"sequence": SEQUENCE, "contact_import": IMPORT, "batch_size": 50, "given_away": 0}
    return Batch(TENANT, number, IMPORT_ENROLL, params, Target(TargetKind.IMPORT), f"b{number}", now, now, stops=False)


def _running(number: int, contacts: tuple[int, ...], now: int) -> None:
    store, found = bootstrap.batches(), _batch(number, now)
    store.create(found, ids=(), intent=None, now=now)
    begun = replace(found, state=BatchState.RUNNING, after=_PEOPLE[-1], total=len(contacts), chunks=1, started_at=now)
    store.resolve(found, begun, [Chunk(0, contacts)])
