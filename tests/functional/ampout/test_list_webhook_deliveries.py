"""GET /webhooks/{webhook_id}/deliveries"""

import pytest

from tests.contract.scene import tenant_of
from tests.posting import BROKEN, PostRoom, news, receiver_of_id
from tests.scripted_web import GOOD, ScriptedWebServer
from tests.stage import START


@pytest.fixture
def hook(caller):
    with ScriptedWebServer([BROKEN, GOOD]) as app:
        yield caller("create_webhook", {"webhook": {"url": app.url()}}).body["id"]


def test_there_is_a_row_for_each_attempt_the_latest_first(caller, hook):
    room = PostRoom()
    room.tell(news(receiver_of_id(tenant_of(caller), hook)))
    room.run(START + 60_000)

    second, first = caller("list_webhook_deliveries", webhook_id=hook).body
    assert (first["attempt"], first["status_code"], first["error"], first["delivered_at"]) == (
        1, 500, "status 500", None,
    )  # fmt: skip
    assert (second["attempt"], second["status_code"], second["error"]) == (2, 200, None)
    assert second["delivered_at"] == second["created_at"] > first["created_at"]
    assert first["event_type"] == second["event_type"] == "enrollment.sent"
    assert first["id"] != second["id"]


def test_a_limit_is_kept(caller, hook):
    room = PostRoom()
    room.work(*(news(receiver_of_id(tenant_of(caller), hook), place) for place in range(4)))

    rows = caller("list_webhook_deliveries", webhook_id=hook, query={"limit": "3"}).body
    assert len(rows) == 3
    assert caller("list_webhook_deliveries", webhook_id=hook, query={"limit": "0"}).status == 422
