"""GET /billing/subscription, and what a limit refuses"""

import pytest

from drumbeat import bootstrap
from drumbeat.domain.credits import Month
from drumbeat.entrypoints import clock
from functions.admin.set_plan import handler as set_plan
from tests.contract.scene import everything, tenant_of
from tests.world import NOON, Context, new_tenant, tenant_id

PLAN = {"slug": "starter", "name": "Starter", "tier": "paid", "monthly_limit": 500}
NOVEMBER = Month(2026, 11)


@pytest.fixture(autouse=True)
def noon(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOON)


def _given(caller, **changes):
    return set_plan({"tenant_id": tenant_id(caller)} | PLAN | changes, Context())


def _sent(caller, count, month=NOVEMBER):
    bootstrap.subscriptions().add_tests(tenant_of(caller), month, count)


def test_without_a_plan_there_is_no_limit(caller):
    answer = caller("get_subscription")

    assert answer.status == 200
    assert answer.body == {
        "plan": {"slug": "unlimited", "name": "Unlimited", "tier": "unlimited", "monthly_limit": None},
        "period": {"start": "2026-11-01T00:00:00.000Z", "end": "2026-12-01T00:00:00.000Z", "sends_count": 0},
    }


def test_the_plan_is_the_operator_s_and_the_period_counts_what_was_sent(caller):
    assert _given(caller) == {"tenant_id": tenant_id(caller), "monthly_limit": 500}
    _sent(caller, 7)

    body = caller("get_subscription").body

    assert body["plan"] == PLAN
    assert body["period"]["sends_count"] == 7


def test_at_the_limit_neither_dispatch_nor_resume_go_on(scene):
    _given(scene.caller)
    _sent(scene.caller, 499)
    assert scene.call("dispatch_campaign").status == 200
    assert scene.call("pause_campaign").status == 200
    _sent(scene.caller, 1)
    before = everything()

    answers = [scene.call("dispatch_campaign"), scene.call("resume_campaign")]

    assert [(answer.status, answer.body["code"]) for answer in answers] == [(402, "plan_limit_reached")] * 2
    assert answers[0].body["details"] == {
        "current_period_sends": 500,
        "monthly_limit": 500,
        "plan_slug": "starter",
    }
    assert everything() == before
    assert scene.call("enroll_contact").status == 200  # enrolling sends nothing


def test_another_tenant_is_not_concerned(scene):
    other = new_tenant()
    _given(other, monthly_limit=0)

    assert scene.call("dispatch_campaign").status == 200
