"""GET /usage"""

from drumbeat import bootstrap
from drumbeat.domain.tenant import key_digest, tenant_of_key
from drumbeat.entrypoints import call_budget, clock
from tests.world import NOON, Caller, new_tenant


def test_calls_are_shown_by_kind_of_client(caller, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOON)
    agent = Caller(caller("create_api_key", {"client_kind": "mcp"}).body["plaintext"])
    call_budget.budget.forget()
    for _ in range(25):
        agent("list_campaigns")
    for _ in range(9):
        caller("list_campaigns")

    answer = caller("get_traffic")

    assert answer.status == 200
    assert answer.body["by_client_kind"] == {"direct": 9, "mcp": 19, "sdk": 0}  # a tenth call tells of those before it
    assert answer.body["calls"] == 28
    assert answer.body["period"] == {"start": "2026-11-01T00:00:00.000Z", "end": "2026-12-01T00:00:00.000Z"}


def test_other_months_other_apis_and_other_tenants_do_not_count(caller, monkeypatch):
    tenant = tenant_of_key(caller.key)
    key = bootstrap.tenants().key_by_digest(tenant, key_digest(caller.key))
    monkeypatch.setattr(clock, "now", lambda: NOON)
    hour = NOON // 3_600_000
    for api, block in (("ampout", hour - 24 * 21), ("ampout", hour + 24 * 11), ("drumbeat", hour)):
        bootstrap.tenants().count_calls(key, api, block, {3: 10}, expires_at=2_000_000_000)
    new_tenant()("list_campaigns")

    assert caller("get_traffic").body["calls"] == 0
