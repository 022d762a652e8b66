"""POST /api/v1/agents/{agentId}/schedule/sequences: many calls, taken at once and made in the background."""

import json

import pytest

from drumbeat import bootstrap, bootstrap_calls
from drumbeat.adapters.dynamodb.new_calls import NewCallStore
from drumbeat.adapters.dynamodb.sequence_items import sender_item
from drumbeat.application.call_rows import SCHEDULE
from drumbeat.application.schedule_calls import schedule_actions
from drumbeat.domain.batch import WENT_WRONG
from drumbeat.domain.enrollment import EnrollmentState
from drumbeat.domain.sequence import SequenceStatus, Step, StepKind
from drumbeat.entrypoints import call_budget, clock
from functions.workers import bury_batch_chunk
from tests.batch_queue import record, waiting
from tests.functional.julian.calling import CALL, MAIL, Desk, dialler, row, rows, worked
from tests.world import Context

ROWS = 1_000
REQUESTS_A_ROW_BEFORE_THE_ANSWER = 0.1
REQUESTS_A_ROW_TO_MAKE = 0.2


@pytest.fixture
def desk(stack):
    waiting()  # nobody's messages but ours
    return Desk()


# --- The source document's request and response --------------------------------------------------------------------


def test_the_seed_s_request_is_answered_as_the_seed_says(stack):
    desk = Desk(required=("account_id",))
    example = {
        "name": "John Doe",
        "phoneNumber": "+15551234567",
        "phoneNumberExt": "<string>",
        "timezone": "<string>",
        "scheduledAt": None,
        "toEmailAddress": "[email protected]",
    }
    contacts = [row(place, account_id="a") for place in range(100)]
    contacts[3] = example
    contacts[7] = row(7, account_id="")

    answer = desk.schedule(contacts, key="seed")

    assert answer.status == 202, answer
    assert set(answer.body) == {"batchId", "total", "accepted", "rejected"}
    assert (answer.body["total"], answer.body["accepted"]) == (100, 98)
    first, second = answer.body["rejected"]
    assert first == {"index": 3, "phoneNumber": "+15551234567", "error": "Missing custom input variables: account_id."}
    assert second["index"] == 7


def test_the_first_of_two_spellings_of_one_number_is_taken(desk):
    twice = [row(0) | {"phoneNumber": "+15551234567"}, row(1) | {"phoneNumber": "+1 (555) 123-4567"}]

    answer = desk.schedule(twice)
    assert [rejected["index"] for rejected in answer.body["rejected"]] == [1]
    assert desk.schedule(twice, allowDuplicates=True).body["accepted"] == 2


# --- What a thousand rows cost -------------------------------------------------------------------------------------


def test_a_thousand_rows_cost_a_tenth_of_a_request_each_before_the_answer(desk):
    answer = desk.schedule(rows(ROWS, account_id="a", prospect_name="b"), key="cost")

    assert (answer.status, answer.body["accepted"]) == (202, ROWS)
    assert bootstrap.ledger.datastore_requests() <= REQUESTS_A_ROW_BEFORE_THE_ANSWER * ROWS
    assert bootstrap.ledger.datastore_requests() <= 12


def test_a_thousand_rows_are_made_for_a_fifth_of_a_request_each(desk):
    desk.schedule([row(place, account_id=f"a-{place}", prospect_name="b", owner="c") for place in range(ROWS)])

    requests = worked()

    assert requests <= REQUESTS_A_ROW_TO_MAKE * ROWS
    made = desk.made()
    assert [one.lead.name for one in made] == [f"Jane {place}" for place in range(ROWS)]
    assert {(one.state, one.hold, one.bound, one.sender) for one in made} == {(EnrollmentState.ACTIVE, 1, True, 1)}
    assert desk.held() == ROWS


def test_groups_and_addresses_cost_little_more(desk):
    contacts = [row(n, account_id=f"a-{n % 50}", toEmailAddress=f"p{n}@x.example") for n in range(ROWS)]
    desk.schedule(contacts, groupByField="account_id")

    requests = worked()

    assert requests <= 2 * REQUESTS_A_ROW_TO_MAKE * ROWS
    states = [one.state for one in desk.made()]
    assert states == [EnrollmentState.ACTIVE] * 50 + [EnrollmentState.WAITING] * (ROWS - 50)


# --- What fails as a whole, and leaves nothing behind --------------------------------------------------------------


def refused(desk, contacts, **body):
    """The answer to a call of which nothing is left."""
    before = desk.stored()
    answer = desk.schedule(contacts, **body)
    assert desk.stored() == before
    assert waiting() == []
    return answer


@pytest.mark.parametrize("contacts", [[], None, "x", [row(0)] * 1_001])
def test_contacts_that_are_no_list_of_one_to_a_thousand_are_refused(desk, contacts):
    answer = refused(desk, contacts)

    assert (answer.status, answer.body["error"]) == (400, "VALIDATION_ERROR")


def test_groups_with_duplicates_are_refused(desk):
    answer = refused(desk, [row(0, a="b")], groupByField="a", allowDuplicates=True)

    assert (answer.status, answer.body["error"]) == (400, "VALIDATION_ERROR")


def test_an_agent_that_is_not_there_is_told_before_its_rows_are_looked_at(desk):
    missing = desk.call("schedule_sequences", {"contacts": [{}]}, agent_id="agent." + "0" * 25)

    assert (missing.status, missing.body["error"]) == (404, "AGENT_NOT_FOUND")
    assert desk.call("schedule_sequences", {"contacts": [row(0)]}, agent_id=Desk().agent).status == 404


def test_an_agent_that_can_not_call_is_told_what_to_do(desk):
    desk.change(status=SequenceStatus.PENDING)
    assert "Enable" in misconfigured(desk)
    desk.change(status=SequenceStatus.ACTIVE, steps=(Step(1, "", "", 0, StepKind.WAIT),))
    assert "CALL step" in misconfigured(desk)
    desk.change(steps=(CALL, MAIL))
    assert "senderId" in misconfigured(desk)
    bootstrap.table().put(sender_item(dialler(desk.tenant, url="")))
    assert "URL" in misconfigured(desk)


def misconfigured(desk):
    """What is said to rows that are no good either."""
    answer = refused(desk, [{}])
    assert (answer.status, answer.body["error"]) == (422, "AGENT_MISCONFIGURED")
    return answer.body["message"]


def test_where_not_a_single_row_is_good_each_says_why(desk):
    bootstrap.credit_ledger().allocate(desk.tenant, 0)

    answer = refused(desk, [row(0) | {"phoneNumber": "0"}, 7])

    assert (answer.status, answer.body["error"]) == (400, "NO_VALID_CONTACTS")
    assert [rejected["index"] for rejected in answer.body["rejected"]] == [0, 1]
    assert all(set(rejected) == {"index", "phoneNumber", "error"} for rejected in answer.body["rejected"])


def test_credits_have_to_cover_the_rows_that_are_good(desk):
    bootstrap.credit_ledger().allocate(desk.tenant, 2)
    contacts = [*rows(3), row(3) | {"phoneNumber": "0"}]

    answer = refused(desk, contacts)

    assert (answer.status, answer.body["error"]) == (402, "INSUFFICIENT_CREDITS")
    assert (answer.body["needed"], answer.body["available"]) == (3, 2)
    assert desk.schedule(contacts[1:]).body["accepted"] == 2
    assert desk.held() == 2


# --- Idempotency-Key: on the key alone -----------------------------------------------------------------------------


def test_the_same_key_answers_the_same_whatever_the_payload(desk):
    first = desk.schedule([row(0), {}], key="k")

    for contacts in ([row(0), {}], [row(1)], [{}], [], "x"):
        again = desk.schedule(contacts, key="k")
        assert (again.status, again.body) == (202, first.body)
        assert again.headers["Idempotent-Replayed"] == "true"
    worked()
    assert [one.lead.name for one in desk.made()] == ["Jane 0"]
    assert desk.held() == 1


def test_the_same_key_means_something_else_to_another_agent_and_to_another_tenant(desk):
    other = Desk()
    told = [desk.schedule([row(0)], key="k"), other.schedule([row(0)], key="k")]
    assert [answer.headers.get("Idempotent-Replayed") for answer in told] == [None, None]

    second = desk.second_agent()
    answer = desk.call("schedule_sequences", {"contacts": [row(0)]}, headers={"Idempotency-Key": "k"}, agent_id=second)

    assert (answer.status, answer.headers.get("Idempotent-Replayed")) == (202, None)
    assert answer.body["batchId"] != told[0].body["batchId"]


def test_what_was_refused_may_be_tried_again_under_its_key(desk):
    bootstrap.credit_ledger().allocate(desk.tenant, 0)
    assert desk.schedule([row(0)], key="k").status == 402
    bootstrap.credit_ledger().allocate(desk.tenant, 1)

    assert desk.schedule([row(0)], key="k").status == 202


def test_without_a_key_the_same_rows_are_called_twice(desk):
    first, second = desk.schedule([row(0)]), desk.schedule([row(0)])
    worked()

    assert first.body["batchId"] != second.body["batchId"]
    assert len(desk.made()) == 2


# --- What becomes of rows that may not call when they are made -----------------------------------------------------


def test_a_row_is_made_as_canceled_where_it_was_canceled_before_it_was_made(desk):
    desk.schedule([row(0, account_id="a"), row(1, account_id="b"), row(2, account_id="a")])
    canceled = desk.call("cancel_sequences", {"referenceKey": "account_id", "referenceValue": "a", "reason": "sold"})
    assert canceled.status == 200, canceled

    worked()

    first, second, third = desk.made()
    assert {first.state, third.state} == {EnrollmentState.FINISHED}
    assert (first.exit_reason, first.hold, second.state) == ("cancelled: sold", 1, EnrollmentState.ACTIVE)


def test_a_row_that_is_accepted_after_a_cancellation_is_called(desk, monkeypatch):
    canceled_at = clock.now()
    monkeypatch.setattr(clock, "now", lambda: canceled_at)
    desk.call("cancel_sequences", {"referenceKey": "account_id", "referenceValue": "a"})
    call_budget.budget.forget()

    monkeypatch.setattr(clock, "now", lambda: canceled_at + 1)
    desk.schedule([row(0, account_id="a")])
    worked()

    (made,) = desk.made()
    assert made.state is EnrollmentState.ACTIVE


def test_who_has_opted_out_is_made_but_not_called_and_keeps_nobody_of_its_group_waiting(desk):
    assert desk.caller("suppress", {"emails": ["jane@x.example"]}, group="drumbeat").status == 200

    desk.schedule([row(0, a="b", toEmailAddress="Jane@x.example"), row(1, a="b")], groupByField="a")
    worked()

    states = [(one.state, one.group is None) for one in desk.made()]
    assert states == [(EnrollmentState.UNSUBSCRIBED, True), (EnrollmentState.ACTIVE, False)]


def test_rows_whose_agent_is_deleted_before_they_are_made_end_and_keep_their_hold_until_it_is_given_back(desk):
    desk.schedule(rows(2))
    bootstrap.sequences().remove(desk.cadence)

    worked()

    told = [(one.state, one.exit_reason, one.hold) for one in desk.made()]
    assert told == [(EnrollmentState.FINISHED, "its agent is gone", 1)] * 2


def test_who_has_an_address_is_the_contact_of_that_address(desk):
    desk.schedule([row(0, toEmailAddress="jane@x.example"), row(1), row(2, toEmailAddress="JANE@x.example")])
    worked()
    desk.schedule([row(3, toEmailAddress="jane@x.example")])
    worked()

    names = {(one.key.contact, one.key.run): one.lead.name for one in desk.made()}
    first = min(names)[0]
    assert [names[first, run] for run in range(3)] == ["Jane 0", "Jane 2", "Jane 3"]
    assert len(names) == 4
    contact = bootstrap.contacts().get(desk.tenant, first)
    assert (contact.email, contact.first_name, contact.last_name) == ("jane@x.example", "Jane", "0")


def test_a_chunk_that_comes_again_makes_nothing_twice(desk):
    contacts = [row(n, a=f"{n % 7}", toEmailAddress=f"p{n % 40}@x.example") for n in range(120)]
    desk.schedule(contacts, groupByField="a")
    (message,) = waiting()
    desk.hand(message)
    before = desk.made()

    desk.hand(message)
    worked()
    desk.hand(message)

    made = desk.made()
    assert [one for one in made if one in before] == before
    assert sorted(int(one.lead.name.split()[1]) for one in made) == list(range(120))


def test_a_row_that_can_not_be_made_gives_back_what_was_set_aside_for_it(desk, monkeypatch):
    good = NewCallStore.insert

    def poisoned(store, terms, calls, **options):
        if any(call.row.callee.name == "Jane 1" for call in calls):
            raise RuntimeError("poisoned")
        return good(store, terms, calls, **options)

    batch = desk.schedule([row(0), row(1), {}, row(3)]).body["batchId"]
    monkeypatch.setattr(NewCallStore, "insert", poisoned)
    (message,) = waiting()
    records = [record(json.dumps(message))]

    for _ in range(2):
        assert bury_batch_chunk.handler({"Records": records}, Context(remaining=119_000))["batchItemFailures"] == []

    assert [one.lead.name for one in desk.made()] == ["Jane 0", "Jane 3"]
    assert desk.held() == 2
    told = desk.progress(batch)
    assert [contact["status"] for contact in told["contacts"]] == ["scheduled", "failed", "rejected", "scheduled"]
    assert told["status"] == "finished"


def test_what_was_given_up_is_not_made_later(desk):
    desk.schedule(rows(2))
    (message,) = waiting()
    batch = bootstrap.batches().get(desk.tenant, message["batch"])
    actions = schedule_actions(bootstrap_calls.make_ports, bootstrap.batches)[SCHEDULE]
    bootstrap.batches().begin(batch, next(bootstrap.batches().chunks(batch)))

    for _ in range(2):
        assert actions.give_up(batch, 1, clock.now()) == WENT_WRONG
    desk.hand(message)

    assert [one.lead.name for one in desk.made()] == ["Jane 0"]
    assert desk.held() == 1


def test_the_largest_call_is_taken_and_made(desk):
    """Three megabytes are written as one transaction, which holds four."""
    long = {f"note_{place}": "x" * 980 for place in range(3)}
    contacts = rows(1_000, **long)

    answer = desk.schedule(contacts)

    assert (answer.status, answer.body["accepted"]) == (202, 1_000), answer
    worked()
    assert len(desk.made()) == 1_000


def test_more_than_that_is_refused_as_too_large(desk):
    before = desk.stored()

    answer = desk.schedule(rows(1_000, **{f"note_{place}": "x" * 1_000 for place in range(4)}))

    assert (answer.status, answer.body["error"]) == (413, "PAYLOAD_TOO_LARGE")
    assert desk.stored() == before
