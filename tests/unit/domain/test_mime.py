"""Mail that nobody should be able to write: read without an exception, and without much work."""

import tracemalloc
from datetime import UTC, datetime

import pytest

from drumbeat.domain.inbound_mail import MailKind, read_mail
from drumbeat.domain.mime import MOST_BYTES, MOST_OF_A_BODY, as_text, decoded_words, read_part

NOW = int(datetime(2026, 11, 21, 12, tzinfo=UTC).timestamp()) * 1_000
MIB = 1 << 20


def nested(levels: int) -> bytes:
    """Multiparts within multiparts."""
    opened = (b'Content-Type: multipart/mixed; boundary="%d"\n\n--%d\n' % (each, each) for each in range(levels))
    return b"".join(opened) + b"\nthe innermost\n"


def nested_mails(levels: int) -> bytes:
    return b"Subject: Fwd: x\nContent-Type: message/rfc822\n\n" * levels


HOSTILE = {
    "ten MB of nesting": nested(200_000)[: 10 * MIB],
    "ten MB of mails in mails": nested_mails(250_000)[: 10 * MIB],
    "ten MB of parts": b'Content-Type: multipart/report; boundary="b"\n\n' + b"--b\n\nx\n" * (10 * MIB // 7),
    "one header of ten MB": b"Subject: " + b"=?utf-8?q?x" * MIB,
    "a million headers": b"X: y\n" * MIB,
    "a header folded a million times": b"References:" + b"\n <a@b>" * MIB,
    "angles without an end": b"From: " + b"<" * MIB + b"\n\n" + b"<" * MIB,
    "at signs": b"Return-Path: <>\nSubject: undeliverable\n\n" + b"@" * MIB,
    "addresses without an at": b"Return-Path: <>\nSubject: undeliverable\n\n" + b"a" * MIB,
    "tags that do not end": b"Auto-Submitted: yes\nContent-Type: text/html\n\n" + b"<a " * MIB,
    "styles that do not end": b"Auto-Submitted: yes\nContent-Type: text/html\n\n" + b"<style" * MIB,
    "dates": b"Auto-Submitted: yes\nSubject: out of office\n\n" + b"until 1.1. 1/1 1 jan " * (MIB // 20),
    "spaces": b"Auto-Submitted: yes\nSubject: out of office\n\nout of office until" + b" " * MIB + b"\n" * MIB,
    "blank lines": b"Content-Type: message/delivery-status\n\n" + b"\n \t" * MIB,
    "colons": b"Content-Type: message/delivery-status\n\n" + b"a:" * MIB,
    "encoded words": b"Subject: " + b"=?utf-8?b?w7w=?= " * MIB,
    "broken base64": b"Content-Transfer-Encoding: base64\nAuto-Submitted: yes\n\n" + b"=" * MIB,
    "carriage returns": b"\r" * MIB + b"\n" * MIB,
    "zeros": b"\0" * MIB,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_wants_to_be_expensive_is_read_all_the_same(name: str):
    read_mail(HOSTILE[name], received_at=NOW)


def test_memory_grows_with_what_is_looked_at_only():
    raw = HOSTILE["ten MB of nesting"]
    tracemalloc.start()

    read_mail(raw, received_at=NOW)

    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 24 * MOST_BYTES


@pytest.mark.parametrize("charset", ["", "utf-8", "x-unknown", "idna", "unicode_escape", "zlib", "\0", "iso-8859-99"])
def test_no_charset_is_an_exception(charset: str):
    assert "gr" in as_text(b"gr\xfc\xdfe \\N{x} \xff\xfe", charset)


def test_undeclared_letters_are_read_as_most_senders_mean_them():
    assert as_text("grüße".encode("cp1252"), "") == "grüße"
    assert as_text("grüße".encode(), "us-ascii") == "grüße"


@pytest.mark.parametrize("text", ["=?utf-8?b?!!!?=", "=?x?q?=ZZ?=", "=?utf-8?q?", "=?" * 500, "=?utf-8?b?w7w?="])
def test_broken_encoded_words_are_left_as_they_are_or_read(text: str):
    assert isinstance(decoded_words(text), str)


def test_a_multipart_without_its_end_has_the_parts_that_came():
    part = read_part(b'Content-Type: multipart/mixed; boundary="b"\n\n--b\n\none\n--b\n\ntwo')

    assert [each.text().strip() for each in part.leaves()] == ["one", "two"]


def test_a_boundary_that_fits_nothing_is_guessed():
    part = read_part(b'Content-Type: multipart/mixed; boundary="b"\n\n--c\nContent-Type: text/plain\n\none\n--c--')

    assert [each.text().strip() for each in part.leaves()] == ["one"]


def test_a_body_is_looked_at_to_its_limit():
    part = read_part(b"Subject: x\n\n" + b"y" * 2 * MOST_OF_A_BODY)

    assert len(part.content()) == MOST_OF_A_BODY


def test_headers_alone_are_a_mail():
    mail = read_mail(b"From: ada@customer.example\nIn-Reply-To: <one@x.example>", received_at=NOW)

    assert (mail.kind, mail.sender, mail.answers) == (MailKind.REPLY, "ada@customer.example", ("<one@x.example>",))


@pytest.mark.parametrize("date", ["", "yesterday", "Mon, 99 Foo 2026", "Fri, 31 Dec 9999 23:59:59 -2359", "0"])
def test_no_date_is_an_exception(date: str):
    assert read_mail(f"From: a@b.example\nDate: {date}\n\n".encode(), received_at=NOW).sent_at is None
