"""POST /api/v1/agents/{agentId}/schedule/sequence: one call, scheduled at once (contract 4.3)."""

import pytest

from drumbeat import bootstrap
from drumbeat.domain.enrollment import EnrollmentState
from drumbeat.domain.times import HOUR, iso
from drumbeat.entrypoints import call_budget, clock
from tests.contract.scene import everything
from tests.functional.julian.calling import CALL, MAIL, Desk, row


@pytest.fixture
def desk(stack):
    return Desk()


def test_the_call_is_scheduled_and_told_as_the_contract_has_it(desk):
    at = iso(clock.now() + HOUR)

    answer = desk.schedule_one(row(0, scheduledAt=at, toEmailAddress="jane@x.example", account_id="a-1"))

    assert answer.status == 200, answer
    told = answer.body["sequence"]
    (made,) = desk.made()
    assert told.pop("sequenceId").startswith("call-sequence.")
    assert told == {
        "name": "Jane 0",
        "phoneNumber": "+15550000000",
        "phoneNumberExt": "",
        "scheduledAt": at,
        "toEmailAddress": "jane@x.example",
        "customInputVariables": {"account_id": "a-1"},
        "timezone": "America/New_York",
        "scheduledBy": "API",
        "lifecycleStatus": "scheduled",
        "steps": [{"stepType": "CALL", "delaySeconds": 0}],
    }
    assert (made.state, iso(made.due), made.hold) == (EnrollmentState.ACTIVE, at, 1)
    assert desk.held() == 1


def test_a_row_that_is_no_good_is_refused_with_its_reason_and_nothing_is_written(desk):
    before = desk.stored()

    answer = desk.schedule_one(row(0) | {"phoneNumber": "call me"})

    assert (answer.status, answer.body["error"]) == (400, "VALIDATION_ERROR")
    assert "phoneNumber" in answer.body["message"]
    assert everything() == before


def test_the_same_key_schedules_one_call(desk):
    first = desk.schedule_one(row(0), key="k")

    again = desk.schedule_one(row(1), key="k")

    assert (again.status, again.body) == (200, first.body)
    assert len(desk.made()) == 1
    assert desk.held() == 1


def test_calls_of_one_group_wait_for_each_other_across_calls(desk):
    told = [desk.schedule_one(row(place, account_id="a", groupByField="account_id")) for place in range(3)]

    statuses = [answer.body["sequence"]["lifecycleStatus"] for answer in told]
    assert statuses == ["scheduled", "waiting", "waiting"]


def test_without_credits_nothing_is_scheduled(desk):
    bootstrap.credit_ledger().allocate(desk.tenant, 0)
    before = desk.stored()

    answer = desk.schedule_one(row(0))

    assert (answer.status, answer.body["error"]) == (402, "INSUFFICIENT_CREDITS")
    assert (answer.body["needed"], answer.body["available"]) == (1, 0)
    assert everything() == before


def test_the_agent_s_mailbox_is_bound_where_it_mails_too(stack):
    desk = Desk(steps=(CALL, MAIL))

    assert desk.schedule_one(row(0)).status == 400
    answer = desk.schedule_one(row(0, toEmailAddress="jane@x.example"))

    assert answer.status == 200, answer
    (made,) = desk.made()
    assert (made.sender, made.bound) == (2, True)


def test_who_is_known_by_the_address_comes_again_as_another_run(desk):
    for place in range(3):
        assert desk.schedule_one(row(place, toEmailAddress="jane@x.example")).status == 200

    assert [(made.key.contact, made.key.run) for made in desk.made()] == [
        (desk.made()[0].key.contact, run) for run in range(3)
    ]


def test_who_has_opted_out_is_not_called(desk):
    assert desk.caller("suppress", {"emails": ["jane@x.example"]}, group="drumbeat").status == 200

    answer = desk.schedule_one(row(0, toEmailAddress="jane@x.example"))

    assert answer.body["sequence"]["lifecycleStatus"] == "cancelled"
    assert [made.state for made in desk.made()] == [EnrollmentState.UNSUBSCRIBED]


def test_one_call_costs_few_requests(desk):
    desk.schedule_one(row(0))
    call_budget.budget.forget()

    assert desk.schedule_one(row(1)).status == 200

    assert bootstrap.ledger.datastore_requests() <= 14
