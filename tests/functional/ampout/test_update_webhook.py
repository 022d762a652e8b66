"""PATCH /webhooks/{webhook_id}"""

from drumbeat import bootstrap, bootstrap_webhooks
from tests.contract.scene import everything, setting, tenant_of
from tests.posting import failing, receiver_of_id


def hook(caller, **changes):
    return caller("create_webhook", {"webhook": {"url": "https://crm.example/hooks"} | changes}).body


def test_what_is_left_out_stays(caller):
    made = hook(caller, event_filters=["enrollment.sent"])

    changed = caller("update_webhook", {"webhook": {"url": "https://crm.example/new"}}, webhook_id=made["id"]).body
    assert changed == {name: made[name] for name in made if name != "secret"} | {"url": "https://crm.example/new"}


def test_one_that_was_disabled_is_enabled_and_what_was_parked_is_due(caller):
    made, tenant = hook(caller), tenant_of(caller)
    receiver = failing(tenant, made["id"], failures=14, is_open=True)
    bootstrap_webhooks.endpoints().disable(receiver, 7_000)
    (disabled,) = caller("list_webhooks").body

    enabled = caller("update_webhook", {"webhook": {"disabled_at": None}}, webhook_id=made["id"]).body
    health = bootstrap_webhooks.deliveries().known([receiver], (), 0).health(receiver)
    assert (disabled["disabled_at"], disabled["consecutive_failures"]) == ("1970-01-01T00:00:07.000Z", 14)
    assert (enabled["disabled_at"], enabled["consecutive_failures"]) == (None, 0)
    assert not health.is_open
    assert health.look_at == health.closed_at is not None


def test_null_for_one_that_is_enabled_changes_nothing(caller):
    made = hook(caller)
    caller("list_webhooks")
    before = everything()

    assert caller("update_webhook", {"webhook": {"disabled_at": None}}, webhook_id=made["id"]).status == 200
    assert everything() == before


def test_nobody_disables_one_by_hand_nor_moves_it_inside(caller):
    made = hook(caller)
    caller("list_webhooks")
    before = everything()

    for changes in ({"disabled_at": "2026-11-21T00:00:00Z"}, {"url": "http://169.254.169.254/"}, {"event_filters": []}):
        with setting(PRIVATE_SERVERS_ALLOWED="false"):
            answer = caller("update_webhook", {"webhook": changes}, webhook_id=made["id"])
        assert (answer.status, answer.body["code"]) == (422, "validation_failed")
    assert everything() == before


def test_changes_at_once_are_all_kept(caller, monkeypatch):
    """Somebody else changes another endpoint between our read and our write."""
    mine, other = hook(caller), hook(caller)
    store = bootstrap_webhooks.endpoints()
    tenant, number = tenant_of(caller), receiver_of_id(tenant_of(caller), other["id"]).number
    raced = []

    def slow(seen):
        if not raced:
            raced.append(caller("update_webhook", {"webhook": {"event_filters": ["*"]}}, webhook_id=mine["id"]).status)
            caller("update_webhook", {"webhook": {"url": "https://crm.example/raced"}}, webhook_id=mine["id"])
        return tuple(one for one in seen if one.number != number)

    store.change(tenant, slow, resume=None, now=0)
    assert [row["url"] for row in caller("list_webhooks").body] == ["https://crm.example/raced"]


def test_it_costs_two_reads_a_write_and_a_look_at_how_it_does(caller):
    made = hook(caller)
    caller("update_webhook", {"webhook": {"event_filters": ["enrollment.sent"]}}, webhook_id=made["id"])

    assert bootstrap.ledger.datastore_requests() == 4
