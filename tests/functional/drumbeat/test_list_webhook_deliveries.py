"""GET /drumbeat/v1/webhooks/{webhook_id}/deliveries"""

from functools import partial

import pytest

from tests.contract.scene import MISSING, tenant_of
from tests.posting import BROKEN, PostRoom, news, receiver_of_id
from tests.scripted_web import GOOD, ScriptedWebServer
from tests.world import new_tenant


@pytest.fixture
def hook(caller):
    with ScriptedWebServer([GOOD, BROKEN]) as app:
        made = caller("create_webhook", {"webhook": {"url": app.url()}}).body["id"]
        PostRoom().work(*(news(receiver_of_id(tenant_of(caller), made), place) for place in range(8)))
        PostRoom().work(news(receiver_of_id(tenant_of(caller), made), 8))
        yield made


def test_each_event_shows_its_attempts_and_what_is_still_to_come(caller, hook):
    rows = caller("list_webhook_deliveries", group="drumbeat", webhook_id=hook).body

    assert [row["eventId"] for row in rows] == [f"evt_{place:09d}" for place in reversed(range(9))]
    assert [row["state"] for row in rows] == ["parked", *["waiting"] * 7, "delivered"]
    assert rows[0]["attempts"] == []
    assert [attempt["status"] for attempt in rows[1]["attempts"]] == [500]
    assert (rows[0]["due"], rows[-1]["due"]) == (None, None)
    assert rows[1]["due"] > rows[1]["attempts"][0]["at"]


def test_a_list_goes_on_behind_an_event(caller, hook):
    page = partial(caller, "list_webhook_deliveries", group="drumbeat", webhook_id=hook)

    first = page(query={"limit": "4"}).body
    rest = page(query={"limit": "40", "after": first[-1]["eventId"]}).body
    assert [row["eventId"] for row in first + rest] == [row["eventId"] for row in page().body]


@pytest.mark.parametrize("after", ["!", "Zoë", "evt_" + "1" * 2_000])
def test_a_list_goes_on_behind_nothing_but_an_event(caller, hook, after):
    answer = caller("list_webhook_deliveries", group="drumbeat", webhook_id=hook, query={"after": after})

    assert (answer.status, answer.body["code"]) == (422, "validation_failed")


def test_nobody_else_sees_them(caller, hook):
    other = new_tenant()
    theirs, missing = (
        other("list_webhook_deliveries", group="drumbeat", webhook_id=spelled) for spelled in (hook, MISSING)
    )

    assert (theirs.status, theirs.body) == (missing.status, missing.body)
    assert theirs.status == 404
