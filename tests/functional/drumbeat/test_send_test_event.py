"""POST /drumbeat/v1/webhooks/{webhook_id}/test"""

import json

from drumbeat import bootstrap_webhooks
from drumbeat.domain.event import instant_of
from tests.contract.scene import MISSING, tenant_of
from tests.listening import deliver, received
from tests.posting import receiver_of_id
from tests.scripted_web import ScriptedWebServer


def test_it_is_posted_whatever_the_filters_and_shows_in_the_deliveries(caller):
    with ScriptedWebServer() as app:
        wanted = {"url": app.url(), "event_filters": ["campaign.paused"]}
        made = caller("create_webhook", {"webhook": wanted}).body["id"]
        answer = caller("send_test_event", group="drumbeat", webhook_id=made)
        deliver(received())

    (asked,) = app.asked
    body = json.loads(asked.body)
    assert (answer.status, answer.body) == (202, {"eventId": asked.headers["webhook-id"]})
    assert (body["type"], body["data"]) == ("webhook.test", {"webhook_id": made})
    assert instant_of(answer.body["eventId"]) is not None
    (row,) = caller("list_webhook_deliveries", webhook_id=made).body
    assert (row["event_type"], row["status_code"]) == ("webhook.test", 200)


def test_one_that_is_disabled_is_to_be_enabled_first(caller):
    received()  # what others have left in the module's queue
    made = caller("create_webhook", {"webhook": {"url": "https://crm.example/"}}).body["id"]
    bootstrap_webhooks.endpoints().disable(receiver_of_id(tenant_of(caller), made), 7)

    answer = caller("send_test_event", group="drumbeat", webhook_id=made)
    assert (answer.status, answer.body["code"]) == (409, "webhook_disabled")
    assert caller("send_test_event", group="drumbeat", webhook_id=MISSING).status == 404
    assert received() == []
