"""A mail has one recipient and exactly our headers, whatever stands in contacts, senders and templates."""

from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest

from drumbeat.domain.contact import Contact
from drumbeat.domain.mail import Mail, Marks, compose, text_of
from drumbeat.domain.sequence import Sender, Step

NOW = 1_795_251_600_000
MARKS = Marks(
    f"<{'m' * 90}@acme.example>", f"https://t.example/t/o/{'p' * 60}", f"https://t.example/t/u/{'u' * 120}?a=1&b"
)
HEADERS = [
    "From", "To", "Subject", "Date", "Message-ID", "List-Unsubscribe", "List-Unsubscribe-Post", "MIME-Version",
    "Content-Type",
]  # fmt: skip
PAYLOADS = ["A\r\nBcc: evil@x.example", "A\nBcc: evil@x.example", "A\rBcc: b", "A\x00B", "A\x85B", "A\u2028B", "A\x0bB"]


def made(contact: dict[str, Any] | None = None, sender: dict[str, Any] | None = None, **step: Any) -> Mail:
    person: dict[str, Any] = {"email": "ann@corp.example", "first_name": "Ann", "last_name": None, "company": "Corp"}
    identity: dict[str, Any] = {"from_name": "Bob", "from_email": "bob@acme.example"}
    fields: dict[str, Any] = {"subject": "Hi {{first_name}}", "body_html": "<p>Hi {{first_name}}</p>"}
    return compose(
        Sender(1, 1, 1, None, "h", 587, "u", "x", daily_limit=1, created_at=0, **(identity | (sender or {}))),
        Contact(1, 1, 1, created_at=0, **(person | (contact or {}))),
        Step(1, delay_minutes=0, **(fields | step)),
        MARKS,
        NOW,
    )


def parsed(mail: Mail) -> EmailMessage:
    message = message_from_bytes(mail.content, policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


def part(mail: Mail, kind: str) -> str:
    body = parsed(mail).get_body((kind,))
    assert body is not None
    return str(body.get_content()).replace("\r\n", "\n")


def test_it_has_our_headers_and_no_others():
    message = parsed(made())

    assert message.keys() == HEADERS
    assert message["Subject"] == "Hi Ann"
    assert message["Date"] == "Sat, 21 Nov 2026 09:00:00 +0000"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_long_links_and_ids_stay_on_one_line():
    content = made().content.decode("ascii")

    assert f"\r\nList-Unsubscribe: <{MARKS.unsubscribe_url}>\r\n" in content
    assert f"\r\nMessage-ID: {MARKS.message_id}\r\n" in content


@pytest.mark.parametrize("payload", PAYLOADS)
@pytest.mark.parametrize("field", ["first_name", "last_name", "company"])
def test_a_contact_can_not_add_a_header(field, payload):
    mail = made({field: payload}, subject="Hi {{first_name}} {{last_name}} {{company}}")

    message = parsed(mail)
    assert message.keys() == HEADERS
    assert [address.addr_spec for address in message["To"].addresses] == ["ann@corp.example"]


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_template_can_not_add_a_header(payload):
    assert parsed(made(subject=payload)).keys() == HEADERS


@pytest.mark.parametrize("payload", PAYLOADS)
@pytest.mark.parametrize("field", ["from_name", "from_email"])
def test_a_sender_that_would_break_a_header_is_refused(field, payload):
    with pytest.raises(ValueError, match=r"control|address"):
        made(sender={field: payload})


@pytest.mark.parametrize(
    "address", ["a@x.example, b@y.example", "a@x.example;b@y.example", "<a@x.example>", "a b@x.example"]
)
def test_what_is_not_one_address_is_refused(address):
    with pytest.raises(ValueError, match="not one e-mail address"):
        made({"email": address})


@pytest.mark.parametrize("name", ['Ann, "Q" <evil@x.example>', "Ünï, Comma", "a" * 200, "ü" * 20, ""])
def test_a_display_name_stays_a_name(name):
    message = parsed(made(sender={"from_name": name}))

    (address,) = message["From"].addresses
    assert (address.display_name, address.addr_spec) == (name, "bob@acme.example")


def test_the_bytes_are_safe_on_any_wire():
    mail = made({"first_name": "Änn \U0001f600"}, body_html="<p>" + "wörd {{first_name}} " * 500 + "</p>")

    assert mail.content.isascii()
    assert max(map(len, mail.content.split(b"\r\n"))) <= 998
    assert b"\n" not in mail.content.replace(b"\r\n", b"")


def test_the_same_mail_is_the_same_bytes():
    assert made().content == made().content


def test_the_html_carries_footer_and_pixel_inside_its_body():
    html = part(made(body_html="<html><body><p>Hi</p></body></html>"), "html")

    assert MARKS.pixel_url in html
    assert MARKS.unsubscribe_url.replace("&", "&amp;") in html
    assert html.strip().endswith("</body></html>")


def test_the_text_says_what_the_html_says():
    text = part(made(body_html='<p>Hi {{first_name}}</p><p>See <a href="https://a.example">this</a></p>'), "plain")

    assert text.startswith("Hi Ann\n\nSee this (https://a.example)\n")
    assert f"Unsubscribe ({MARKS.unsubscribe_url})" in text


def test_a_contact_s_markup_is_text():
    mail = made({"first_name": "<img src=x onerror=alert(1)>"})

    assert "<img src=x" not in part(mail, "html")
    assert "Hi <img src=x onerror=alert(1)>" in part(mail, "plain")


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<h1>A</h1><p>b<br>c</p>", "A\n\nb\nc\n"),
        ("<style>p{}</style><script>x</script>ok", "ok\n"),
        ("a &amp; b&nbsp;c", "a & b c\n"),
        ("<ul><li>1</li><li>2</li></ul>", "1\n\n2\n"),
        ("<p>unclosed <b>bold", "unclosed bold\n"),
        ("", "\n"),
    ],
)
def test_text_of_html(html, text):
    assert text_of(html) == text
