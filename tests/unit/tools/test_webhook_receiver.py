"""The demo's receiver takes what is signed, tells repeats by their id, and is busy at times."""

import json
from datetime import UTC, datetime

from standardwebhooks.webhooks import Webhook

from tools.local.api import fetch
from tools.local.loopback_http import taking_posts
from tools.local.webhook_receiver import WebhookReceiver

SECRET = "whsec_c2VjcmV0LW9mLXRoZS1kZW1vLXJlY2VpdmVy"


def post(url: str, name: str, kind: str = "enrollment.sent", secret: str = SECRET) -> int:
    body, now = json.dumps({"type": kind}), datetime.now(UTC)
    signature = Webhook(secret).sign(name, now, body)
    headers = {"webhook-id": name, "webhook-timestamp": str(int(now.timestamp())), "webhook-signature": signature}
    return fetch(url, "POST", body.encode(), headers)[0]


def receiver() -> WebhookReceiver:
    made = WebhookReceiver()
    made.secret = SECRET
    return made


def test_each_event_counts_once():
    mine = receiver()
    with taking_posts(mine.take) as url:
        statuses = [post(url, "evt_1"), post(url, "evt_1"), post(url, "evt_2", "enrollment.opened")]

    assert statuses == [204, 204, 204]
    assert mine.events == {"enrollment.sent": 1, "enrollment.opened": 1}
    assert (mine.deliveries, mine.forged, mine.changed) == (3, 0, 0)


def test_what_is_signed_by_somebody_else_is_refused():
    mine = receiver()
    with taking_posts(mine.take) as url:
        status = post(url, "evt_1", secret="whsec_c29tZWJvZHktZWxzZQ==")

    assert (status, mine.forged, mine.events.total()) == (401, 1, 0)


def test_an_event_that_changed_is_noted():
    mine = receiver()
    with taking_posts(mine.take) as url:
        post(url, "evt_1")
        post(url, "evt_1", "enrollment.opened")

    assert mine.changed == 1


def test_it_is_busy_once_at_times():
    mine = receiver()
    with taking_posts(mine.take) as url:
        statuses = [post(url, f"evt_{place}") for place in range(1, 42)]
        again = post(url, "evt_40")

    assert statuses.count(503) == 1
    assert (statuses[39], again) == (503, 204)
