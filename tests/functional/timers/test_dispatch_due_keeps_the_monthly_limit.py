"""timers/dispatch_due and a plan's monthly limit: nobody's mail is lost, it only leaves later (ADR 47)."""

from datetime import UTC, datetime

import pytest

from drumbeat import bootstrap, bootstrap_accounts
from drumbeat.adapters import aws
from drumbeat.application.subscriptions import set_plan
from drumbeat.domain.credits import Month
from drumbeat.domain.subscription import Subscription
from drumbeat.domain.tenant import ApiKey, Tenant
from drumbeat.domain.times import DAY, MINUTE
from tests.listening import Wire
from tests.stage import START, TENANT, TWO_STEPS, recipients

NOVEMBER = Month(2026, 11)
DECEMBER_BEGINS = int(datetime(2026, 12, 1, tzinfo=UTC).timestamp() * 1000)


@pytest.fixture
def wire(aws):
    key = ApiKey(TENANT, 1, "d", "p", None, "direct", (), 0)
    bootstrap.tenants().create(Tenant(TENANT, "Acme", "a@acme.example", 0), key)
    return Wire(aws)


def limited(stage, limit):
    plan = Subscription("starter", "Starter", "paid", limit)
    set_plan(bootstrap_accounts.plan_ports(), tenant=TENANT, subscription=plan, now=stage.now)


def sent(count):
    bootstrap.subscriptions().add_tests(TENANT, NOVEMBER, count)


def run(stage, wire, minutes):
    """Lets time pass; the stream tells of each minute's mails at its end."""
    for _ in range(minutes):
        stage.run(minutes=1)
        wire.publish()


def test_nothing_leaves_at_the_limit_and_all_of_it_when_the_month_begins(stage, server, wire):
    stage.open([server], contacts=3, steps=TWO_STEPS[:1])
    limited(stage, 100)
    sent(100)

    stage.run(minutes=10)
    held = list(server.taken)
    aws.ledger.clear()
    stage.tick()
    asleep = dict(aws.ledger.requests)
    stage.now = DECEMBER_BEGINS - 2 * MINUTE
    stage.run(minutes=1)
    too_early = [hint for hint in stage.queue if hint.at < DECEMBER_BEGINS]
    stage.run(minutes=5)

    assert (held, asleep, too_early) == ([], {"dynamodb.Query": 1}, [])
    assert sorted(recipients(server)) == ["p1@corp.example", "p2@corp.example", "p3@corp.example"]


@pytest.mark.parametrize("limit", [None, 200])
def test_a_limit_that_is_raised_lets_everything_go_on_at_the_next_tick(stage, server, wire, limit):
    stage.open([server], contacts=3, steps=TWO_STEPS[:1])
    limited(stage, 100)
    sent(100)
    stage.run(minutes=10)

    limited(stage, limit)
    stage.run(minutes=2)

    assert len(server.taken) == 3


def test_one_tenant_s_limit_holds_nobody_else_back(stage, server, wire):
    stage.open([server], contacts=1, steps=TWO_STEPS[:1])
    stage.open([server], contacts=1, steps=TWO_STEPS[:1], tenant=2)
    limited(stage, 0)

    stage.run(minutes=5)

    assert (len(server.taken), stage.enrollment().sent_at) == (1, None)
    assert stage.enrollment(tenant=2).sent_at is not None


def test_the_surplus_is_what_two_minutes_of_slots_and_the_stream_s_delay_can_hold(stage, server, wire):
    """Ten seconds apart from one sender: twelve slots in two minutes; the stream tells of a minute at its end."""
    stage.open([server], contacts=80, gap=(10, 10), steps=TWO_STEPS[:1])
    limited(stage, 20)

    run(stage, wire, 30)
    november = len(server.taken)
    stage.now = DECEMBER_BEGINS
    run(stage, wire, 3)
    limited(stage, None)
    run(stage, wire, 20)

    assert 20 <= november <= 20 + 12 + 6
    assert bootstrap.subscriptions().sends(TENANT, [NOVEMBER]) == {"2026-11": november}
    assert len(set(recipients(server))) == len(server.taken) == 80


def test_no_limit_costs_no_read_and_one_costs_one(stage, server, wire):
    def reads():
        stage.wake()
        aws.ledger.clear()
        stage.tick()
        return aws.ledger.requests["dynamodb.BatchGetItem"]

    stage.open([server], contacts=1, steps=TWO_STEPS[:1])
    stage.run(minutes=20)
    stage.now += DAY
    without = reads()
    limited(stage, 1_000)
    stage.now += DAY
    within = reads()

    assert within == without + 1


def test_a_tenant_s_limit_is_not_its_neighbour_s(wire):
    store = bootstrap.subscriptions()

    assert not store.set(2, Subscription(monthly_limit=5))
    assert store.set(TENANT, Subscription(monthly_limit=7))
    assert store.standing(TENANT, NOVEMBER)[0] == Subscription(monthly_limit=7)
    assert store.standing(2, NOVEMBER) == (None, 0)


def test_the_next_month_has_its_own_count(stage, wire):
    sent(3)

    assert bootstrap.lanes().sends([TENANT, 9], NOVEMBER) == {TENANT: 3, 9: 0}
    assert bootstrap.lanes().sends([TENANT], Month(2026, 12)) == {TENANT: 0}
    assert START < NOVEMBER.end == DECEMBER_BEGINS
