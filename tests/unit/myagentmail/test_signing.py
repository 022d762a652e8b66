"""What a customer's app needs to know a post of ours by."""

import hashlib
import hmac

from drumbeat.dialects.myagentmail.signing import signed_headers


def test_the_signature_covers_exactly_the_bytes_that_are_posted():
    headers = signed_headers("ev-1", b'{"type":"x"}', "whsec_abc")

    expected = hmac.new(b"whsec_abc", b'{"type":"x"}', hashlib.sha256).hexdigest()
    assert headers["X-MyAgentMail-Signature"] == f"v1={expected}"
    assert headers["X-MyAgentMail-Id"] == "ev-1"
