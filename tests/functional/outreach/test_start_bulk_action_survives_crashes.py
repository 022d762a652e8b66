"""POST /api/v2/batches/actions/…: a crash or a lost answer at every call of a batch of 250, with the real actions."""

from collections import Counter

import pytest

from drumbeat import bootstrap
from drumbeat.application.batches import batch_items
from drumbeat.domain.batch import Batch
from tests.batch_queue import works_until_it_dies
from tests.batch_stage import counted, recount
from tests.faults import MODES
from tests.functional.outreach.bulk import Office, worked
from tests.functional.outreach.furniture import active_sequence, mailbox

ROWS = 250
IDS = [*range(1, ROWS), 9_999]
pytestmark = pytest.mark.usefixtures("aws")


@pytest.fixture
def office() -> Office:
    return Office(ROWS)


def _started(office: Office, action: str, **attributes: object) -> int:
    answer = office.start(action, {"ids": IDS, **attributes})
    assert answer.status == 200, answer.body
    return int(answer.body["data"]["id"])


def _finished(office: Office, number: int) -> Batch:
    """The batch, whose counters are a recount."""
    kept = bootstrap.batches().get(office.tenant, number)
    assert kept is not None
    items = list(batch_items(bootstrap.batches(), kept))
    assert [item.target for item in items] == IDS
    assert counted(kept) == recount(items)
    assert (kept.state, kept.pending) == ("finished", 0)
    return kept


@MODES
def test_tags_are_added_once_and_every_item_says_so(office, after):
    _started(office, "prospectsAddTags", tags=["calm"])
    calls = works_until_it_dies(0, after=after)
    assert calls >= 25
    for k in range(1, calls + 1):
        number = _started(office, "prospectsAddTags", tags=[f"t{k}"])

        works_until_it_dies(k, after=after)
        worked()

        assert _finished(office, number).failures_by_code == {"NOT_FOUND": 1}, k
    there = bootstrap.contacts().get_some(office.tenant, IDS)
    wanted = Counter(["calm", *(f"t{k}" for k in range(1, calls + 1))])
    assert all(Counter(contact.tags) == wanted for contact in there.values())


@MODES
def test_everybody_is_added_to_a_sequence_once_and_every_item_says_so(office, after):
    sender = mailbox(office.call)

    def add() -> tuple[int, int]:
        sequence = active_sequence(office.call)
        return sequence, _started(office, "prospectsAddToSequence", sequenceId=sequence, mailboxId=sender)

    add()
    calls = works_until_it_dies(0, after=after)
    assert calls >= 25
    for k in range(1, calls + 1):
        sequence, number = add()

        works_until_it_dies(k, after=after)
        worked()

        assert _finished(office, number).failures_by_code == {"NOT_FOUND": 1}, k
        enrolled = [one.key.contact for one in bootstrap.enrollments().of_sequence(office.tenant, sequence)]
        assert sorted(enrolled) == IDS[:-1], k


def test_a_second_run_adds_nobody_and_says_of_everybody_that_they_are_enrolled(office):
    sender, sequence = mailbox(office.call), active_sequence(office.call)
    _started(office, "prospectsAddToSequence", sequenceId=sequence, mailboxId=sender)
    worked()

    again = _started(office, "prospectsAddToSequence", sequenceId=sequence, mailboxId=sender)
    worked()

    assert _finished(office, again).failures_by_code == {"ALREADY_ENROLLED": ROWS - 1, "NOT_FOUND": 1}
