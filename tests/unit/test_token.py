"""Tokens say nothing to others, and to us what they were made for; what they were before still reads."""

import re

import pytest

from drumbeat.domain.ids import EnrollmentKey
from drumbeat.domain.sealing import Purpose, seal, token_keys
from drumbeat.domain.token import (
    MOST_LINK_BYTES,
    Asked,
    Mailed,
    Sent,
    answered_by,
    click_token,
    clicked_by,
    connector_token,
    feedback_token,
    hook_token,
    hooked_by,
    identified_by,
    message_id,
    open_token,
    opened_by,
    reported_on,
    return_path_token,
    returned_to,
    unsubscribe_token,
    unsubscribed_by,
)

KEYS = token_keys("s" * 64)
KEY = EnrollmentKey(sequence=(1 << 26) - 1, contact=(1 << 48) - 1, run=3)
ASKED = Asked(tenant=7, enrollment=KEY, step=2, epoch=5, asked=3)
CONTACTS = [KEY.contact, 1, (1 << 48) - 2]
URLS = [
    "https://acme.example/",
    "https://acme.example/a?b=1&c=%2F%26;d#top",
    "http://b\u00fccher.example/\u4ef7\u683c?q=gr\u00fc\u00dfe#\u00e4",
    "https://acme.example/" + "x" * (MOST_LINK_BYTES - 21),
]


def test_an_open_token_reads_back():
    assert opened_by(KEYS, open_token(KEYS, 7, KEY, 2, 17)) == Sent(7, KEY, 2, 17)


@pytest.mark.parametrize("url", URLS)
def test_a_link_s_token_reads_back_byte_for_byte(url):
    assert clicked_by(KEYS, click_token(KEYS, 7, KEY, 2, 17, url)) == (Sent(7, KEY, 2, 17), url)


def test_a_link_that_is_too_long_is_not_sealed():
    with pytest.raises(ValueError, match="too long"):
        click_token(KEYS, 7, KEY, 2, 17, URLS[-1] + "x")


def test_an_unsubscribe_token_reads_back():
    assert unsubscribed_by(KEYS, unsubscribe_token(KEYS, 7, 12)) == (7, 12)


@pytest.mark.parametrize("contact", CONTACTS)
def test_a_feedback_token_reads_back(contact):
    assert reported_on(KEYS, feedback_token(KEYS, 7, KEY, 2, 5, contact, 17)) == Mailed(7, KEY, 2, 5, contact, 17)


@pytest.mark.parametrize("contact", CONTACTS)
def test_a_return_path_s_token_reads_back(contact):
    assert returned_to(KEYS, return_path_token(KEYS, 7, KEY, 2, 5, contact, 17)) == Mailed(7, KEY, 2, 5, contact, 17)


def test_a_return_path_s_token_fits_before_an_at_sign_with_a_name_beside_it():
    usual = return_path_token(KEYS, 300, EnrollmentKey(40, 100_000), 4, 0, 100_000, 12)
    longest = return_path_token(KEYS, (1 << 30) - 1, KEY, 65_535, 0, 1, 1)

    assert len(usual) <= 40
    assert len(longest) <= 64


def test_a_hook_s_token_reads_back():
    assert [hooked_by(KEYS, hook_token(KEYS, 7, sender)) for sender in (0, 17)] == [(7, 0), (7, 17)]


@pytest.mark.parametrize(("tail", "contact"), [("", KEY.contact), ("00000000000c", 12)])
def test_tokens_from_before_they_named_the_sender_still_read(tail, contact):
    step = bytes.fromhex("00000007 03ffffff ffffffffffff 0003 0002")
    feedback = step + bytes.fromhex("00000005" + tail)

    assert opened_by(KEYS, seal(KEYS, Purpose.OPEN, step)) == Sent(7, KEY, 2, 0)
    assert reported_on(KEYS, seal(KEYS, Purpose.FEEDBACK, feedback)) == Mailed(7, KEY, 2, 5, contact, 0)


def test_a_token_that_is_out_there_since_the_first_version_still_opens():
    assert unsubscribed_by(KEYS, "AYuxGq8-HCEezY153j78fIGBxQaLlUO4SYUfWQ") == (7, 12)


def test_a_message_id_reads_back_with_and_without_its_brackets():
    made = message_id(KEYS, 7, KEY, 2, "acme.example")

    assert [identified_by(KEYS, text) for text in (made, made.strip("<>"))] == [(7, KEY, 2)] * 2


def test_a_connector_s_token_reads_back():
    assert answered_by(KEYS, connector_token(KEYS, ASKED)) == ASKED


def test_every_request_has_a_token_of_its_own():
    others = ASKED, ASKED._replace(asked=4), ASKED._replace(epoch=6), ASKED._replace(step=3)

    assert len({connector_token(KEYS, request) for request in others}) == 4


def test_a_feedback_token_is_what_ses_takes_as_the_value_of_a_tag():
    assert re.fullmatch(r"[A-Za-z0-9_-]{1,256}", feedback_token(KEYS, 7, KEY, 2, 5, KEY.contact, 17))


def test_neighbours_share_nothing_that_shows():
    one, other = unsubscribe_token(KEYS, 7, 12), unsubscribe_token(KEYS, 7, 13)

    alike = sum(a == b for a, b in zip(one[3:], other[3:], strict=True))
    assert alike < 8


def test_a_message_id_is_the_same_whenever_it_is_made_and_differs_by_step():
    first = message_id(KEYS, 7, KEY, 0, "acme.example")

    assert first == message_id(KEYS, 7, KEY, 0, "acme.example")
    assert first != message_id(KEYS, 7, KEY, 1, "acme.example")
    assert first.startswith("<")
    assert first.endswith("@acme.example>")


def test_an_empty_secret_is_refused():
    with pytest.raises(ValueError, match="empty"):
        token_keys(" \n ")
