"""What a customer's app needs to know a post of ours by."""

import hashlib
import hmac

import pytest

from drumbeat.dialects.myagentmail.signing import signed_headers
from examples.signed_app import is_genuine


def test_the_signature_covers_exactly_the_bytes_that_are_posted():
    headers = signed_headers("ev-1", b'{"type":"x"}', "whsec_abc")

    expected = hmac.new(b"whsec_abc", b'{"type":"x"}', hashlib.sha256).hexdigest()
    assert headers["X-MyAgentMail-Signature"] == f"v1={expected}"
    assert headers["X-MyAgentMail-Id"] == "ev-1"


BODY = '{"name":"Zoë"}'.encode()
GOOD = signed_headers("ev-1", BODY, "whsec_abc")["X-MyAgentMail-Signature"]


def test_the_example_apps_know_a_genuine_request():
    assert is_genuine("whsec_abc", BODY, GOOD)


@pytest.mark.parametrize(
    ("secret", "body", "header"),
    [
        ("whsec_abd", BODY, GOOD), ("whsec_abc", BODY + b" ", GOOD), ("whsec_abc", BODY, ""),
        ("whsec_abc", BODY, GOOD.removeprefix("v1=")), ("whsec_abc", BODY, GOOD[:-1]), ("whsec_abc", BODY, "v1=é"),
    ],
)  # fmt: skip
def test_they_take_no_other(secret, body, header):
    assert not is_genuine(secret, body, header)
