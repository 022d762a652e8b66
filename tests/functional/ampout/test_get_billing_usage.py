"""GET /billing/usage"""

from drumbeat import bootstrap
from drumbeat.domain.credits import Month
from drumbeat.entrypoints import clock
from tests.contract.scene import tenant_of
from tests.world import NOON


def _sent(caller, count, month):
    bootstrap.subscriptions().add_tests(tenant_of(caller), month, count)


def test_usage_shows_this_month_and_the_twelve_before_it(caller, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOON)
    _sent(caller, 7, Month(2026, 11))
    _sent(caller, 5, Month(2025, 11))
    _sent(caller, 9, Month(2025, 10))

    body = caller("get_billing_usage").body

    assert (body["period"]["sends_count"], len(body["history"])) == (7, 12)
    assert [row["start"][:7] for row in body["history"]][::11] == ["2026-10", "2025-11"]
    assert [row["sends_count"] for row in body["history"]] == [0] * 11 + [5]
