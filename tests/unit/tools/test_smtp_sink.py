"""The SMTP sink keeps what it accepts, and refuses whom it should."""

import asyncio
import mailbox
import smtplib
from collections.abc import Iterator
from pathlib import Path

import pytest
from aiosmtpd.smtp import Envelope

from tools.local.ports import LOOPBACK, free_port
from tools.local.processes import Process
from tools.local.services import accepts, start_module
from tools.local.smtp_sink import Sink

MESSAGE = b"From: a@drumbeat.example\r\nSubject: Hi\r\n\r\nGr\xc3\xbc\xc3\x9fe\r\n"


@pytest.fixture(scope="module")
def maildir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("sink") / "mail"


@pytest.fixture(scope="module")
def port(maildir: Path) -> Iterator[int]:
    port = free_port()
    process = Process("smtp-sink", maildir.parent)
    start_module(process, "--port", str(port), "--maildir", str(maildir))
    try:
        process.wait_until(lambda: accepts(port))
        yield port
    finally:
        process.stop()


@pytest.fixture
def client(port: int) -> Iterator[smtplib.SMTP]:
    with smtplib.SMTP(LOOPBACK, port, timeout=10) as client:
        yield client


def test_an_accepted_mail_is_in_the_maildir_byte_for_byte_under_its_envelope(
    client: smtplib.SMTP, maildir: Path
) -> None:
    client.sendmail("a@drumbeat.example", ["kept@alderfinch.example"], MESSAGE)

    kept = [raw for raw in map(_raw, mailbox.Maildir(maildir)) if b"kept@" in raw]
    trace = b"Return-Path: <a@drumbeat.example>\nDelivered-To: kept@alderfinch.example\n"
    assert kept == [trace + MESSAGE.replace(b"\r\n", b"\n")]


def test_a_mail_to_two_recipients_names_both(client: smtplib.SMTP, maildir: Path) -> None:
    client.sendmail("a@drumbeat.example", ["one@x.example", "two@x.example"], MESSAGE)

    recipients = [message.get_all("Delivered-To") for message in mailbox.Maildir(maildir)]
    assert ["one@x.example", "two@x.example"] in recipients


@pytest.mark.parametrize("mechanism", ["auth_login", "auth_plain"])
def test_any_password_is_good_without_tls(client: smtplib.SMTP, mechanism: str) -> None:
    client.ehlo()
    client.user, client.password = "maya", "whatever"

    code, _ = client.auth(mechanism.removeprefix("auth_").upper(), getattr(client, mechanism))

    assert code == 235


@pytest.mark.parametrize(
    ("recipient", "answer"),
    [("bounce.me@x.example", (550, b"5.1.1")), ("Defer-it@x.example", (451, b"4.7.1"))],
)
def test_an_unwilling_recipient_is_refused_and_the_next_mail_still_goes(
    client: smtplib.SMTP, recipient: str, answer: tuple[int, bytes]
) -> None:
    with pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
        client.sendmail("a@drumbeat.example", [recipient], MESSAGE)

    code, text = refused.value.recipients[recipient]
    assert (code, text.split()[0]) == answer
    assert client.sendmail("a@drumbeat.example", ["fine@x.example"], MESSAGE) == {}


@pytest.mark.parametrize("broken", [b"Subject: Hi\n\nbare\n", b"Subject: Hi\r\n\r\nbare\r.\r\n"])
def test_a_mail_with_a_bare_line_end_is_refused(client: smtplib.SMTP, broken: bytes) -> None:
    with pytest.raises(smtplib.SMTPDataError, match="CRLF"):
        client.sendmail("a@drumbeat.example", ["fine@x.example"], broken)


def test_a_line_that_starts_with_a_dot_arrives_as_it_was(client: smtplib.SMTP, maildir: Path) -> None:
    client.sendmail("a@drumbeat.example", ["dots@x.example"], b"Subject: Hi\r\n\r\n.\r\n..two\r\n")

    (kept,) = [raw for raw in map(_raw, mailbox.Maildir(maildir)) if b"dots@" in raw]
    assert kept.endswith(b"\n\n.\n..two\n")


def test_a_slow_sink_has_the_mail_before_it_says_so(tmp_path: Path) -> None:
    sink = Sink(tmp_path / "mail", answer_after=1_000)
    envelope = Envelope()
    envelope.mail_from, envelope.rcpt_tos, envelope.original_content = "a@drumbeat.example", ["b@x.example"], MESSAGE

    async def hang_up_before_the_answer() -> None:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(sink.handle_DATA(None, None, envelope), timeout=0.01)

    asyncio.run(hang_up_before_the_answer())

    assert len(mailbox.Maildir(tmp_path / "mail")) == 1


def _raw(message: mailbox.MaildirMessage) -> bytes:
    return message.as_bytes()
