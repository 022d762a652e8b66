"""Only what every browser reads in the same way counts as an address on the web."""

import pytest

from drumbeat.domain.web_address import is_web_address, web_address

SAME = [
    "https://acme.example",
    "https://acme.example/",
    "HTTPS://ACME.example/Path?Q=1",
    "http://acme.example:8080/a/b?c=d&e=%2F%26;f=[1]&g={x}|\"<>`^'#top?#",
    "https://acme.example?x=1",
    "https://acme.example#top",
    "https://acme.example/?u=https://evil.example/@x:y",
    "https://xn--bcher-kva.example/",
    "https://my_host.example/%E4%BB%B7",
    "http://192.0.2.1/a",
    "http://[2001:db8::1]:8080/a",
]
NONE = [
    "",
    " ",
    "#top",
    "/path",
    "path",
    "?q",
    "//evil.example/",
    "\\\\evil.example",
    "/\\evil.example",
    "https:",
    "https:/",
    "https://",
    "https:///a",
    "https:evil.example",
    "https:/evil.example",
    "https:\\\\evil.example",
    "https://\\evil.example",
    "https://a.example\\@evil.example/",
    "https://a.example@evil.example/",
    "https://a:b@evil.example/",
    "https://@evil.example/",
    "https://a.example:b@evil.example/",
    "https://a.example:99999999/",
    "https://a.example:/",
    "http://[::1",
    "http://a b.example/",
    "https://a.example/a b",
    "https://a.example/\r\nLocation: x",
    "https://a.example/\nb",
    "https://a.exam\tple/",
    "ht\ntps://a.example/",
    "https://a.example/\x00b",
    "https://a.example/\x7f",
    "https://a.example/a\\b",
    "https://a%2eexample/",
    "https://a.example/\ud800",
    "mailto:a@b.example",
    "tel:+49",
    "sms:+49",
    "javascript:alert(1)",
    "data:text/html,x",
    "ftp://a.example/",
    "file:///etc/passwd",
    "cid:x",
    "about:blank",
    "httpx://a.example/",
    "xhttps://a.example/",
    "{{link}}",
    # Python's IDNA spells these otherwise than browsers do, or they stand for other signs.
    "https://stra\u00dfe.example/",
    "https://a\u3002example/",
    "https://\uff41.example/",
    "https://a\u200db.example/",
    "https://\u2460.example/",
]


@pytest.mark.parametrize("text", SAME)
def test_an_address_stays_byte_for_byte(text):
    assert is_web_address(text)
    assert web_address(text) == text
    assert web_address(f"\n {text}\t") == text


@pytest.mark.parametrize(
    ("text", "spelled"),
    [
        ("https://b\u00fccher.example/", "https://xn--bcher-kva.example/"),
        ("http://b\u00fccher.example:81/\u4ef7?q=gr\u00fc\u00dfe%2F#\u00e4",
        "http://xn--bcher-kva.example:81/%E4%BB%B7?q=gr%C3%BC%C3%9Fe%2F#%C3%A4"),
        ("https://acme.example/\U0001f600", "https://acme.example/%F0%9F%98%80"),
        ("https://acme.example/\u2028\x85", "https://acme.example/%E2%80%A8%C2%85"),
    ],
)  # fmt: skip
def test_letters_that_are_not_ascii_become_what_browsers_make_of_them(text, spelled):
    assert web_address(text) == spelled


@pytest.mark.parametrize("text", NONE)
def test_anything_else_is_none(text):
    assert not is_web_address(text)
    assert web_address(text) is None
