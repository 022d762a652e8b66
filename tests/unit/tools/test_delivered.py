"""The mails of the sink are counted per recipient, and repeats and missing parts are found."""

import mailbox
from dataclasses import replace
from pathlib import Path

import pytest

from tools.local.delivered import Mail, arrived_at, count, is_flawed, read, repeats

RAW = """\
Delivered-To: Kim@alderfinch.example
Subject: =?utf-8?q?A_question_for_K=C3=A4fer?=
Message-ID: <1@drumbeat.example>
List-Unsubscribe: <http://127.0.0.1/t/u/abc>
Content-Type: text/html; charset=utf-8

<p>Hello</p><img width="1" src="http://127.0.0.1:4566/local/t/o/tok?a=1&amp;b=2" alt="">
"""
MAIL = Mail(
    recipient="kim@alderfinch.example",
    subject="A question for Käfer",
    message_id="<1@drumbeat.example>",
    pixel="http://127.0.0.1:4566/local/t/o/tok?a=1&b=2",
    unsubscribe="<http://127.0.0.1/t/u/abc>",
    body="",
    arrived=1_795_260_000_123,
)


def test_a_mail_is_read_with_its_pixel_as_a_browser_would_load_it(tmp_path: Path) -> None:
    mailbox.Maildir(tmp_path / "mail", create=True).add(RAW.encode())

    (mail,) = read(tmp_path / "mail")

    assert replace(mail, body="", arrived=MAIL.arrived) == MAIL
    assert not is_flawed(mail)
    assert count(tmp_path / "mail") == 1


def test_a_sink_without_mail_counts_nothing(tmp_path: Path) -> None:
    assert count(tmp_path / "mail") == 0
    assert read(tmp_path / "mail") == []


def test_the_name_of_a_mail_tells_when_it_arrived_to_the_millisecond() -> None:
    assert arrived_at("1795260000.M123999P4711Q7.sink") == MAIL.arrived


def test_a_mail_that_somebody_else_put_there_has_no_time_of_arrival() -> None:
    with pytest.raises(ValueError, match="stray"):
        arrived_at("stray")


def test_different_mails_are_no_repeats() -> None:
    second_step = replace(MAIL, subject="Once more", message_id="<2@drumbeat.example>")
    somebody_else = replace(MAIL, recipient="lee@alderfinch.example")

    assert repeats([MAIL, second_step, somebody_else]) == 0


def test_the_same_message_id_is_a_repeat_whatever_the_subject() -> None:
    assert repeats([MAIL, replace(MAIL, subject="Other")]) == 1


def test_the_same_subject_to_the_same_person_is_a_repeat_whatever_the_message_id() -> None:
    assert repeats([MAIL, replace(MAIL, message_id="<3@x>"), replace(MAIL, message_id="<4@x>")]) == 2


def test_a_mail_without_a_required_part_is_flawed() -> None:
    for part in ("message_id", "pixel", "unsubscribe"):
        assert is_flawed(replace(MAIL, **{part: ""}))
    assert is_flawed(replace(MAIL, body="Hello {{first_name}}"))
