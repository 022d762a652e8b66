"""GET /api/v1/credits/usage"""

from datetime import UTC, datetime

import pytest

from drumbeat import bootstrap
from drumbeat.adapters.aws import ledger
from drumbeat.adapters.dynamodb.credits import charge_writes, hold_writes
from drumbeat.adapters.dynamodb.sequence_items import sequence_item
from drumbeat.dialects.julian.ids import agent_id
from drumbeat.domain.agent import Agent
from drumbeat.domain.credits import Charge
from drumbeat.domain.sequence import Sequence, SequenceStatus
from drumbeat.domain.times import DAY
from drumbeat.entrypoints import call_budget, clock
from tests.contract.scene import tenant_of
from tests.world import new_tenant, with_scopes

ANN, BEN = 1, 2


def at(text):
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp() * 1_000)


NOW = at("2026-11-21T12:00:00")


@pytest.fixture(autouse=True)
def noon(aws, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)


@pytest.fixture
def caller(aws):
    made = new_tenant()
    for number, name in ((ANN, "Ann"), (BEN, "Ben")):
        sequence = Sequence(
            tenant_of(made), number, name, SequenceStatus.ACTIVE, None, 0, 0, False, 8.0, (), (), 0,
            agent=Agent(zones=("UTC",)),
        )  # fmt: skip
        bootstrap.table().put(sequence_item(sequence))
    return made


def spent(caller, agent, credits, when, *, held=0):
    table = bootstrap.table()
    table.transact(charge_writes(table, tenant_of(caller), agent, Charge(credits, held), at(when)))


def held(caller, credits):
    table, account = bootstrap.table(), bootstrap.credit_ledger().account(tenant_of(caller))
    table.transact(hold_writes(table, account, credits, NOW))


def usage(caller, **query):
    answer = caller("get_credits_usage", query=query, group="julian")
    assert answer.status == 200, answer
    return answer.body


def of(caller, agent, name, credits, calls):
    spelled = agent_id(tenant_of(caller), agent)
    return {"agentId": spelled, "agentName": name, "spentCredits": credits, "transactionCount": calls}


def test_it_is_the_month_that_is_running_where_nothing_is_said(caller):
    held(caller, 10)
    spent(caller, ANN, 3, "2026-11-01T00:00", held=3)
    spent(caller, BEN, 5, "2026-11-20T09:00")
    spent(caller, ANN, 2, "2026-11-21T10:00")
    spent(caller, ANN, 900, "2026-10-31T23:59:59.999")

    assert usage(caller) == {
        "period": {"startDate": "2026-11-01", "endDate": "2026-11-30", "month": "2026-11"},
        "organization": {
            "allocatedCredits": 10_000,
            "spentCredits": 10,
            "remainingCredits": 9_990,
            "percentageUsed": 0.1,
            "heldCredits": 7,
        },
        "agents": [of(caller, ANN, "Ann", 5, 2), of(caller, BEN, "Ben", 5, 1)],
    }
    assert usage(caller, month="2026-11") == usage(caller)


def test_a_month_that_is_over(caller):
    held(caller, 10)
    spent(caller, ANN, 900, "2026-02-28T23:59:59.999")
    spent(caller, ANN, 1, "2026-03-01T00:00")

    told = usage(caller, month="2026-02")

    assert told["period"] == {"startDate": "2026-02-01", "endDate": "2026-02-28", "month": "2026-02"}
    assert told["organization"] == {
        "allocatedCredits": 10_000,
        "spentCredits": 900,
        "remainingCredits": 9_100,
        "percentageUsed": 9.0,
        "heldCredits": None,
    }
    assert told["agents"] == [of(caller, ANN, "Ann", 900, 1)]


def test_days_are_counted_from_the_first_to_the_last_and_the_organization_spent_their_sum(caller):
    for day, credits in ((9, 1), (10, 10), (11, 100), (12, 1_000)):
        spent(caller, ANN, credits, f"2026-11-{day:02}T23:59:59.999")
        spent(caller, BEN, credits, f"2026-11-{day:02}T00:00")

    told = usage(caller, startDate="2026-11-10", endDate="2026-11-11")

    assert told == {
        "period": {"startDate": "2026-11-10", "endDate": "2026-11-11"},
        "organization": {
            "allocatedCredits": None,
            "spentCredits": 220,
            "remainingCredits": None,
            "percentageUsed": None,
            "heldCredits": None,
        },
        "agents": [of(caller, ANN, "Ann", 110, 2), of(caller, BEN, "Ben", 110, 2)],
    }


@pytest.mark.parametrize(
    ("start", "end"),
    [("2026-11-21", "2026-11-21"), ("2025-11-21", "2026-11-21"), ("2024-02-29", "2025-02-28")],
    ids=["one day, today", "366 days", "with a leap day"],
)
def test_spans_that_are_just_possible(caller, start, end):
    spent(caller, ANN, 1, f"{start}T00:00")
    if end != start:
        spent(caller, ANN, 1, f"{end}T23:59:59.999")

    assert usage(caller, startDate=start, endDate=end)["organization"]["spentCredits"] == (1 if start == end else 2)


@pytest.mark.parametrize(
    "query",
    [
        {"month": "2026-12"},
        {"month": "2027-01"},
        {"month": "2026-13"},
        {"month": "2026-00"},
        {"month": "2026-1"},
        {"month": "2026-011"},
        {"month": "0000-01"},
        {"month": "1969-12"},
        {"month": "\u0662\u0660\u0662\u0666-11"},
        {"month": ""},
        {"month": "2026-11", "startDate": "2026-11-01"},
        {"month": "2026-11", "startDate": "2026-11-01", "endDate": "2026-11-02"},
        {"month": "2026-11", "endDate": "2026-11-02"},
        {"startDate": "2026-11-01"},
        {"endDate": "2026-11-01"},
        {"startDate": "", "endDate": "2026-11-01"},
        {"startDate": "2026-11-02", "endDate": "2026-11-01"},
        {"startDate": "2026-11-21", "endDate": "2026-11-22"},
        {"startDate": "2026-11-22", "endDate": "2026-11-22"},
        {"startDate": "2025-11-20", "endDate": "2026-11-21"},
        {"startDate": "2026-02-29", "endDate": "2026-03-01"},
        {"startDate": "2026-11-01T00:00:00Z", "endDate": "2026-11-02"},
        {"startDate": "20261101", "endDate": "2026-11-02"},
        {"startDate": "0001-01-01", "endDate": "0001-01-02"},
    ],
    ids=str,
)
def test_periods_that_make_no_sense_are_refused(caller, query):
    answer = caller("get_credits_usage", query=query, group="julian")

    assert (answer.status, answer.body["error"]) == (400, "VALIDATION_ERROR")


def test_nothing_spent_is_nothing(caller):
    assert usage(caller)["organization"]["percentageUsed"] == 0
    assert usage(caller)["agents"] == []
    assert usage(caller, startDate="2026-11-01", endDate="2026-11-02")["organization"]["spentCredits"] == 0


@pytest.mark.parametrize(("allocated", "credits", "percentage"), [(0, 0, 0), (0, 5, 100), (3, 1, 33.33), (4, 5, 125)])
def test_the_share_that_is_used_and_what_remains(caller, allocated, credits, percentage):
    bootstrap.credit_ledger().allocate(tenant_of(caller), allocated)
    if credits:
        spent(caller, ANN, credits, "2026-11-20T09:00")

    organization = usage(caller)["organization"]

    assert organization["percentageUsed"] == percentage
    assert organization["remainingCredits"] == max(0, allocated - credits)


def test_an_agent_that_is_gone_still_counts(caller):
    spent(caller, 77, 4, "2026-11-20T09:00")

    assert usage(caller)["agents"] == [of(caller, 77, "(deleted agent)", 4, 1)]


def test_a_call_that_costs_nothing_is_a_call(caller):
    spent(caller, ANN, 0, "2026-11-20T09:00")

    assert usage(caller)["agents"] == [of(caller, ANN, "Ann", 0, 1)]


def test_another_tenant_s_spending_is_not_shown(caller):
    spent(new_tenant(), ANN, 4, "2026-11-20T09:00")

    assert usage(caller)["organization"]["spentCredits"] == 0


def test_it_takes_three_requests_whatever_the_period(caller):
    for day in range(0, 300, 10):
        table = bootstrap.table()
        table.transact(charge_writes(table, tenant_of(caller), ANN, Charge(1, 0), NOW - day * DAY))
    usage(caller)
    call_budget.budget.forget()

    assert usage(caller, startDate="2026-01-01", endDate="2026-11-21")["organization"]["spentCredits"] == 30
    assert dict(ledger.requests) == {"dynamodb.Query": 1, "dynamodb.BatchGetItem": 1}
    usage(caller)
    assert dict(ledger.requests) == {"dynamodb.Query": 1, "dynamodb.BatchGetItem": 1, "dynamodb.GetItem": 1}


def test_a_key_needs_the_scope(caller):
    answer = with_scopes(caller, "credits:write")("get_credits_usage", group="julian")

    assert (answer.status, answer.body["error"]) == (403, "FORBIDDEN")
