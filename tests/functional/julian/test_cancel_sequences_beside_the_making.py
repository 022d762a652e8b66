"""POST /api/v1/sequences/cancel beside the calls that schedule, the worker that makes rows, and the stream."""

from itertools import product

import pytest

from drumbeat import bootstrap
from drumbeat.domain.credits import month_of
from drumbeat.domain.enrollment import EnrollmentState
from drumbeat.entrypoints import call_budget
from tests.batch_queue import waiting
from tests.faults import MODES, Crash, fault
from tests.functional.julian.calling import Desk, row, rows, worked
from tests.functional.myagentmail.disturbed import interleaved
from tests.listening import Wire
from tests.world import NOON

pytestmark = pytest.mark.usefixtures("noon")


@pytest.fixture
def desk(aws):
    return Desk()


def cancel(desk, value="acme", **others):
    body = {"referenceKey": "account_id", "referenceValue": value} | others
    answer = desk.call("cancel_sequences", body)
    assert (answer.status, answer.body) == (200, {"success": True}), answer


def accepted(desk, contacts, **body):
    answer = desk.schedule(contacts, **body)
    assert answer.status == 202, answer
    return answer.body["batchId"]


def test_whoever_is_faster_nobody_of_the_accepted_is_left_to_be_called(desk):
    cancel(desk, "nobody")  # the key is known from here on
    for turn, order in enumerate(product([True, False], repeat=6)):
        batch = accepted(desk, rows(3, account_id=f"a{turn}"))
        (message,) = waiting()
        call_budget.budget.forget()
        before = len(desk.made())

        interleaved(lambda turn=turn: cancel(desk, f"a{turn}"), lambda message=message: desk.hand(message), order)

        assert len(desk.made()) == before + 3, order
        assert {made.state for made in desk.made()} == {EnrollmentState.FINISHED}, order
        told = desk.progress(batch)
        assert {contact["lifecycleStatus"] for contact in told["contacts"]} == {"cancelled"}, order


def test_a_single_call_at_the_same_instant_is_not_made(desk):
    cancel(desk, "nobody")
    for turn, order in enumerate(product([True, False], repeat=5)):
        contact = row(turn, account_id=f"a{turn}")

        interleaved(
            lambda turn=turn: cancel(desk, f"a{turn}"), lambda contact=contact: desk.schedule_one(contact), order
        )

        assert {made.state for made in desk.made()} == {EnrollmentState.FINISHED}, order


def test_the_waiting_ones_of_a_group_are_canceled_with_the_one_that_is_called(desk, aws):
    wire = Wire(aws)
    batch = accepted(desk, rows(4, account_id="acme"), groupByField="account_id")
    worked()
    assert [made.state.value for made in desk.made()] == ["active", "waiting", "waiting", "waiting"]

    cancel(desk, reason="sold")
    assert wire.follow() == []

    assert {(made.state, made.exit_reason) for made in desk.made()} == {(EnrollmentState.FINISHED, "cancelled: sold")}
    assert {contact["lifecycleStatus"] for contact in desk.progress(batch)["contacts"]} == {"cancelled"}


def test_a_group_is_closed_by_a_cancellation_that_only_its_active_member_matches(desk, aws):
    wire = Wire(aws)
    contacts = [row(0, account_id="acme", ticket="1"), row(1, account_id="acme", ticket="2")]
    accepted(desk, contacts, groupByField="account_id")
    worked()

    answer = desk.call("cancel_sequences", {"referenceKey": "ticket", "referenceValue": "1"})
    assert answer.status == 200
    wire.follow()

    assert [made.state for made in desk.made()] == [EnrollmentState.FINISHED] * 2


def test_what_is_canceled_gives_its_credits_back_once(aws):
    desk, wire = Desk(price=3), Wire(aws)
    accepted(desk, rows(120, account_id="acme"))
    accepted(desk, rows(5, account_id="other"))
    worked()
    assert desk.held() == 375

    cancel(desk)
    records = wire.ended()
    for told in (records, records[40:], list(reversed(records))):
        assert wire.follow(told) == []

    assert desk.held() == 15
    assert bootstrap.credit_ledger().account(desk.tenant).spent_in(month_of(NOON)) == 0


def test_what_is_made_as_canceled_gives_its_credits_back_too(aws):
    desk, wire = Desk(price=3), Wire(aws)
    accepted(desk, rows(5, account_id="acme"))
    cancel(desk)
    worked()
    assert desk.held() == 15

    wire.follow()

    assert desk.held() == 0


@MODES
def test_rows_made_by_a_worker_that_dies_while_somebody_cancels_are_canceled_all_the_same(desk, after):
    for _ in range(2):  # the first one also notes that the dialler serves the agent
        accepted(desk, rows(3, account_id="count"))
        (message,) = waiting()
        with fault(0, after=False) as counted:
            desk.hand(message)
    for k in range(1, len(counted.calls) + 1):
        accepted(desk, rows(3, account_id=f"a{k}"))
        (message,) = waiting()
        with fault(k, after=after), pytest.raises(Crash):
            desk.hand(message)

        cancel(desk, f"a{k}")
        desk.hand(message)

        states = [made.state for made in desk.made()]
        assert len(states) == 3 * (k + 2), k
        assert states[6:] == [EnrollmentState.FINISHED] * 3 * k, k


def test_what_is_accepted_after_the_answer_is_called(desk, noon):
    cancel(desk)
    noon["now"] += 1

    accepted(desk, rows(2, account_id="acme"))
    worked()

    assert {made.state for made in desk.made()} == {EnrollmentState.ACTIVE}
