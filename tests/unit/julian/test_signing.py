"""Requests to diallers are signed; what listeners are told carries the secret itself (contract 4.7)."""

import hashlib
import hmac

from drumbeat.dialects.julian.signing import dialler_headers, listener_headers


def test_a_request_is_signed_over_its_raw_body():
    headers = dialler_headers("r-1", b'{"type":"x"}', "whsec_abc")

    signed = hmac.new(b"whsec_abc", b'{"type":"x"}', hashlib.sha256).hexdigest()
    assert headers == {"User-Agent": "Drumbeat/1.0", "X-Drumbeat-Id": "r-1", "X-Drumbeat-Signature": f"v1={signed}"}


def test_a_listener_is_given_its_own_secret():
    assert listener_headers("whsec_abc") == {"User-Agent": "Drumbeat/1.0", "x-api-key": "whsec_abc"}
