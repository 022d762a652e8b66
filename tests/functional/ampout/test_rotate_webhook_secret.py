"""POST /webhooks/{webhook_id}/rotate_secret"""

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from drumbeat.domain.times import DAY, HOUR
from drumbeat.entrypoints import clock
from tests.contract.scene import everything, tenant_of
from tests.posting import PostRoom, news, receiver_of_id
from tests.scripted_web import ScriptedWebServer
from tests.stage import START
from tests.verifying import at_the_time


@pytest.fixture
def hook(caller, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: START)
    with ScriptedWebServer() as app:
        made = caller("create_webhook", {"webhook": {"url": app.url()}}).body
        yield app, made["id"], made["secret"]


def test_for_a_day_both_secrets_prove_a_post_then_the_new_one_alone(caller, hook):
    app, made, old = hook
    rotated = caller("rotate_webhook_secret", webhook_id=made).body
    room, receiver = PostRoom(), receiver_of_id(tenant_of(caller), made)
    room.now = START + DAY - 1
    room.work(news(receiver, 1))
    room.now = START + DAY
    room.work(news(receiver, 2))

    within, behind = app.asked
    for secret in (old, rotated["secret"]):
        with at_the_time(START + DAY - 1):
            Webhook(secret).verify(within.body, dict(within.headers))
    with at_the_time(START + DAY):
        Webhook(rotated["secret"]).verify(behind.body, dict(behind.headers))
        with pytest.raises(WebhookVerificationError):
            Webhook(old).verify(behind.body, dict(behind.headers))
    assert set(rotated) == {"id", "secret"}


def test_of_two_rotations_within_a_day_the_first_secret_is_forgotten(caller, hook):
    app, made, oldest = hook
    second, third = (caller("rotate_webhook_secret", webhook_id=made).body["secret"] for _ in range(2))
    room = PostRoom()
    room.now = START + HOUR
    room.work(news(receiver_of_id(tenant_of(caller), made)))

    (asked,) = app.asked
    with at_the_time(START + HOUR):
        Webhook(second).verify(asked.body, dict(asked.headers))
        Webhook(third).verify(asked.body, dict(asked.headers))
        with pytest.raises(WebhookVerificationError):
            Webhook(oldest).verify(asked.body, dict(asked.headers))


def test_a_rotation_under_an_idempotency_key_happens_once_and_shows_its_secret_once(caller, hook):
    _, made, _ = hook
    first, again = (
        caller("rotate_webhook_secret", webhook_id=made, headers={"Idempotency-Key": "once"}) for _ in range(2)
    )

    assert again.body == {"id": made}
    assert first.body["secret"].removeprefix("whsec_") not in repr(everything())
