"""POST /api/v2/batches/actions/prospectsAddToSequence, …FinishAll and …PauseAll: before, after, items."""

from dataclasses import replace

import pytest

from drumbeat import bootstrap
from drumbeat.adapters.dynamodb import keys
from drumbeat.adapters.dynamodb.sequence_items import sequence_item
from drumbeat.domain.batch import TargetKind
from drumbeat.domain.enrollment import EnrollmentState
from drumbeat.domain.ids import EnrollmentKey
from drumbeat.domain.sequence import SequenceStatus
from functions.workers import bury_batch_chunk, run_batch_chunk
from tests import enrolling
from tests.functional.outreach.bulk import Office, worked

MISSING = 999
WORKERS = pytest.mark.parametrize(
    "worker", [run_batch_chunk.handler, bury_batch_chunk.handler], ids=["at_once", "after_five_failures"]
)


@pytest.fixture
def office(stack):
    return Office(4)


@pytest.fixture
def people(office):
    """What makes sequences and senders for the office's tenant."""
    return enrolling.Office(office.tenant)


@pytest.fixture
def told(people):
    """A sequence and a mailbox, as the action is told them."""
    return {"sequenceId": people.sequence().number, "mailboxId": people.sender().number}


def add(office, told, ids):
    answer = office.start("prospectsAddToSequence", {"ids": ids, **told})
    assert answer.status == 200, answer.body
    worked()
    return answer.body["data"]["id"]


def enrollment(office, told, contact, run=0):
    return bootstrap.enrollments().get(office.tenant, EnrollmentKey(told["sequenceId"], contact, run))


def state(office, told, contact):
    return enrollment(office, told, contact).state


def test_prospects_are_added_and_bound_to_the_mailbox(office, told):
    number = add(office, told, [1, "2", MISSING])

    assert office.items(number) == [(1, "finished", None), (2, "finished", None), (MISSING, "error", "NOT_FOUND")]
    made = enrollment(office, told, 1)
    assert (made.state, made.sender, made.batch_tag) == (EnrollmentState.ACTIVE, told["mailboxId"], f"b{number}")
    assert office.batch(number)["payload"] == told
    assert office.batch(number)["summary"] == {"failures": {"NOT_FOUND": 1}}


def test_who_cannot_be_added_is_an_item_that_says_why_and_hurts_nobody_else(office, told):
    add(office, told, [1])
    office.change(TargetKind.CONTACTS, [2], unsubscribed_at=1)
    contact = office.record(TargetKind.CONTACTS, 3)
    bootstrap.contacts().update(contact, replace(contact, email=None))

    number = add(office, told, [1, 2, 3, 4])

    assert office.items(number) == [
        (1, "error", "ALREADY_ENROLLED"),
        (2, "error", "OPTED_OUT"),
        (3, "error", "NO_EMAIL"),
        (4, "finished", None),
    ]
    assert office.batch(number)["summary"]["failures"] == {"ALREADY_ENROLLED": 1, "OPTED_OUT": 1, "NO_EMAIL": 1}
    assert all(item["attributes"]["info"] for item in _failed(office, number))


def _failed(office, number):
    query = {"filter[batchId]": str(number), "filter[state]": "error"}
    return office.call("list_batch_items", query=query).body["data"]


def test_a_second_run_adds_nobody_and_says_so_of_everybody(office, told):
    add(office, told, [1, 2, 3, 4])

    number = add(office, told, [1, 2, 3, 4])

    assert {code for _, _, code in office.items(number)} == {"ALREADY_ENROLLED"}
    assert len(list(bootstrap.enrollments().of_sequence(office.tenant, told["sequenceId"]))) == 4


@pytest.mark.parametrize("status", [SequenceStatus.PENDING, SequenceStatus.PAUSED])
def test_a_sequence_that_is_not_active_is_refused_with_a_pointer(office, people, told, status):
    told["sequenceId"] = people.sequence(status=status).number

    answer = office.start("prospectsAddToSequence", {"ids": [1], **told})

    assert (answer.status, answer.body["errors"][0]["source"]) == (422, {"pointer": "/data/attributes/sequenceId"})
    assert "active" in answer.body["errors"][0]["detail"]


@pytest.mark.parametrize("name", ["sequenceId", "mailboxId"])
def test_another_tenant_s_sequence_or_mailbox_is_refused_with_a_pointer(office, told, name):
    other = enrolling.Office()
    theirs = (other.sequence() if name == "sequenceId" else other.sender()).number

    answer = office.start("prospectsAddToSequence", {"ids": [1], **told, name: theirs + 5})

    assert (answer.status, answer.body["errors"][0]["source"]) == (422, {"pointer": f"/data/attributes/{name}"})


def test_a_sequence_that_is_paused_before_the_batch_runs_still_takes_them(office, told):
    answer = office.start("prospectsAddToSequence", {"ids": [1], **told})
    sequence = bootstrap.sequences().get(office.tenant, told["sequenceId"])
    bootstrap.table().put(sequence_item(replace(sequence, status=SequenceStatus.PAUSED)))
    worked()

    assert office.items(answer.body["data"]["id"]) == [(1, "finished", None)]
    assert state(office, told, 1) is EnrollmentState.ACTIVE


@pytest.mark.parametrize(("gone", "code"), [("sequence", "SEQUENCE_GONE"), ("sender", "SENDER_GONE")])
def test_what_is_gone_when_the_batch_runs_is_named_by_every_item(office, told, gone, code):
    answer = office.start("prospectsAddToSequence", {"ids": [1, 2], **told})
    sequences = bootstrap.sequences()
    if gone == "sequence":
        sequences.remove(sequences.get(office.tenant, told["sequenceId"]))
    else:
        bootstrap.table().delete(keys.sender(office.tenant, told["mailboxId"]))
    worked()

    assert office.items(answer.body["data"]["id"]) == [(1, "error", code), (2, "error", code)]


def test_without_the_ruleset_that_says_whom_to_keep_out_nobody_is_added(office, told):
    answer = office.start("prospectsAddToSequence", {"ids": [1], **told})
    sequence = bootstrap.sequences().get(office.tenant, told["sequenceId"])
    bootstrap.table().put(sequence_item(replace(sequence, ruleset=MISSING)))
    worked()

    assert office.items(answer.body["data"]["id"]) == [(1, "error", "RULESET_GONE")]


@pytest.mark.parametrize(
    ("action", "after"),
    [("prospectsPauseAll", EnrollmentState.PAUSED), ("prospectsFinishAll", EnrollmentState.FINISHED)],
)
def test_what_of_the_prospects_is_active_is_paused_or_finished_in_every_sequence(office, people, told, action, after):
    elsewhere = told | {"sequenceId": people.sequence().number}
    add(office, told, [1, 2, 3])
    add(office, elsewhere, [1])

    number = office.start(action, {"ids": [1, 2, 4, MISSING]}).body["data"]["id"]
    worked()

    assert [state(office, told, contact) for contact in (1, 2, 3)] == [after, after, EnrollmentState.ACTIVE]
    assert state(office, elsewhere, 1) is after
    assert [(target, code) for target, _, code in office.items(number)] == [
        (1, None),
        (2, None),
        (4, None),
        (MISSING, "NOT_FOUND"),
    ]


def test_finishing_takes_the_paused_too_and_pausing_leaves_the_finished(office, told):
    add(office, told, [1])
    for action in ("prospectsPauseAll", "prospectsFinishAll", "prospectsPauseAll"):
        office.start(action, {"ids": [1]})
        worked()

    assert state(office, told, 1) is EnrollmentState.FINISHED


def test_deleted_prospects_leave_no_enrollment_behind(office, told):
    add(office, told, [1, 2])

    office.start("prospectsDestroyAll", {"ids": [1]})
    worked()

    assert [entry.key.contact for entry in bootstrap.enrollments().of_sequence(office.tenant, told["sequenceId"])] == [
        2
    ]


@WORKERS
def test_a_throttled_sequence_lets_in_who_fits_and_the_others_wait(office, people, worker):
    told = {"sequenceId": people.sequence(max_active=1).number, "mailboxId": people.sender().number}

    number = office.start("prospectsAddToSequence", {"ids": [1, 2], **told}).body["data"]["id"]
    worked(worker)

    assert office.items(number) == [(1, "finished", None), (2, "finished", None)]
    assert {state(office, told, contact) for contact in (1, 2)} == {EnrollmentState.ACTIVE, EnrollmentState.HELD}


@WORKERS
def test_prospects_of_an_account_are_found_in_the_background_and_added(office, told, worker):
    office.change(TargetKind.CONTACTS, [2, 4], company_number=1)

    answer = office.start("prospectsAddToSequence", told, query={"actionParams[filter][account][id]": "1"})
    worked(worker)

    assert office.items(answer.body["data"]["id"]) == [(2, "finished", None), (4, "finished", None)]
