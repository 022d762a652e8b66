"""What a webhook's URL may say, and what proves where a post comes from."""

import pytest

from drumbeat.domain.webhook import Answered, Target, read_url, signature


@pytest.mark.parametrize(
    ("url", "target"),
    [
        ("https://app.example/hooks?x=1", Target("app.example", 443, "/hooks?x=1", "https")),
        ("HTTPS://APP.example:8443", Target("app.example", 8443, "/", "https")),
        ("https://app.example/a#part", Target("app.example", 443, "/a", "https")),
        ("https://[2606:4700::1111]/", Target("2606:4700::1111", 443, "/", "https")),
        ("https://xn--bcher-kva.example/%C3%BC", Target("xn--bcher-kva.example", 443, "/%C3%BC", "https")),
    ],
)
def test_a_url_says_where_a_post_goes(url, target):
    assert read_url(url) == target


@pytest.mark.parametrize(
    "url",
    [
        "", "app.example", "//app.example/", "http://app.example/", "ftp://app.example/", "file:///etc/passwd",
        "gopher://app.example/", "https://", "https:///x", "https://:443/", "https://app.example:0/",
        "https://app.example:99999/", "https://app.example:x/", "https://user@app.example/",
        "https://user:secret@app.example/", "https://@app.example/", "https://good.example\\@evil.example/",
        "https://app.example/a b", "https://app.example/\r\nX-Evil: 1", "https://app.example/\t",
        "https://bücher.example/", "https://app.example/ü", "https://①②⑦.⓪.⓪.①/", "https://[::1", "https://app.example/\x00",
        "https://a/" + "x" * 2048,
    ],
)  # fmt: skip
def test_any_other_url_is_refused(url):
    with pytest.raises(ValueError, match=r"\w"):
        read_url(url)


def test_plain_http_is_read_where_it_is_allowed():
    assert read_url("http://127.0.0.1:3000/x", plain_allowed=True) == Target("127.0.0.1", 3000, "/x", "http")


@pytest.mark.parametrize(("status", "taken"), [(199, False), (200, True), (204, True), (299, True), (302, False)])
def test_only_a_success_means_that_a_post_is_taken(status, taken):
    assert Answered(status).is_taken is taken


def test_a_signature_is_what_the_document_says():
    """The value was made by `printf '{"a":1}' | openssl dgst -sha256 -hmac whsec_x`."""
    assert signature("whsec_x", b'{"a":1}') == ("11515c78185d4a04d2abe8240f4aa3419b03f6ffeb3fffc68a455edc9e9460e5")
