"""GET /webhooks"""

from tests.contract.scene import tenant_of
from tests.posting import failing


def test_a_list_shows_what_fails_and_never_a_secret(caller):
    made = [caller("create_webhook", {"webhook": {"url": f"https://crm.example/{n}"}}).body for n in (1, 2)]
    failing(tenant_of(caller), made[1]["id"], failures=3)

    listed = caller("list_webhooks").body
    assert [(row["id"], row["consecutive_failures"]) for row in listed] == [(made[0]["id"], 0), (made[1]["id"], 3)]
    assert "secret" not in repr(listed)
    assert not [row for row in made if row["secret"] in repr(listed)]


def test_there_may_be_none(caller):
    assert caller("list_webhooks").body == []
