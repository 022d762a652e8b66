"""What proves a post, checked with the official package of Standard Webhooks."""

import base64
import hmac

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from standardwebhooks import Webhook, WebhookVerificationError

from drumbeat.dialects.ampout.signing import endpoint_headers
from drumbeat.domain.standard_webhook import signing_key, standard_headers
from drumbeat.domain.times import MINUTE, SECOND
from drumbeat.domain.webhook_endpoint import SECRET_BYTES, spelled_secret
from tests.verifying import at_the_time

NOW = 1_795_251_600_000
OLD, NEW = (spelled_secret(bytes([number]) * SECRET_BYTES) for number in (1, 2))
BODY = '{"data":"Zoë"}'.encode()


def test_every_live_secret_verifies_and_no_other():
    headers = standard_headers("evt_1", BODY, [NEW, OLD], NOW)

    with at_the_time(NOW):
        for secret in (OLD, NEW):
            assert Webhook(secret).verify(BODY, headers) == {"data": "Zoë"}
        with pytest.raises(WebhookVerificationError):
            Webhook(spelled_secret(bytes(32))).verify(BODY, headers)


@pytest.mark.parametrize(("skew", "passes"), [(0, True), (-1, True), (1, False)])
@pytest.mark.parametrize("direction", [1, -1], ids=["captured and replayed", "a clock that is behind"])
def test_an_attempt_verifies_for_five_minutes(skew, passes, direction):
    headers = standard_headers("evt_1", BODY, [NEW], NOW)

    with at_the_time(NOW + direction * (5 * MINUTE + skew * SECOND)):
        if passes:
            Webhook(NEW).verify(BODY, headers)
        else:
            with pytest.raises(WebhookVerificationError):
                Webhook(NEW).verify(BODY, headers)


def test_an_attempt_carries_its_own_time_and_the_same_id():
    first, second = (standard_headers("evt_1", BODY, [NEW], NOW + later) for later in (0, 5 * MINUTE))

    assert first["webhook-id"] == second["webhook-id"]
    assert int(second["webhook-timestamp"]) - int(first["webhook-timestamp"]) == 300
    assert first["webhook-signature"] != second["webhook-signature"]


@settings(max_examples=100)
@given(st.text(), st.text(alphabet="abcdefghijklmnopqrstuvwxyz0123456789_", min_size=1), st.binary(min_size=24))
def test_any_text_verifies_byte_by_byte(text, post_id, secret):
    body = text.encode("utf-8", "ignore")
    spelled = spelled_secret(secret)
    headers = standard_headers(post_id, body, [spelled], NOW)

    with at_the_time(NOW):
        Webhook(spelled).verify(body, headers, json_parse=False)
        with pytest.raises(WebhookVerificationError):
            Webhook(spelled).verify(body + b" ", headers, json_parse=False)


@pytest.mark.parametrize(
    ("secret", "key"),
    [
        ("whsec_c2VjcmV0", b"secret"),
        ("whsec_c2VjcmV0cw", b"secrets"),
        (f"whsec_{'ab' * 20}", base64.b64decode("ab" * 20)),
        ("whsec_not base64!", b"whsec_not base64!"),
        ("my own secret", b"my own secret"),
    ],
)
def test_a_secret_that_spells_no_bytes_is_its_own(secret, key):
    """What connectors have is hex: read as base64, as the package reads it."""
    assert signing_key(secret) == key


def test_ampout_s_own_header_signs_seconds_and_body_with_each_secret():
    (header,) = endpoint_headers(BODY, [NEW, OLD], NOW).values()

    stamp, *given_ = header.split(",")
    expected = [hmac.digest(key.encode(), f"{NOW // 1000}.".encode() + BODY, "sha256").hex() for key in (NEW, OLD)]
    assert stamp == f"t={NOW // 1000}"
    assert given_ == [f"v1={one}" for one in expected]
