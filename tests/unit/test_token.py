"""Tokens say nothing, can't be made up, and are good for one thing only."""

import re
from random import Random

import pytest

from drumbeat.domain.ids import EnrollmentKey
from drumbeat.domain.token import (
    Asked,
    answered_by,
    connector_token,
    feedback_token,
    message_id,
    open_token,
    opened_by,
    reported_on,
    token_keys,
    unsubscribe_token,
    unsubscribed_by,
)

KEYS = token_keys("s" * 64)
KEY = EnrollmentKey(sequence=(1 << 26) - 1, contact=(1 << 48) - 1, run=3)
ASKED = Asked(tenant=7, enrollment=KEY, step=2, epoch=5, asked=3)
SIGNS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


def test_an_open_token_reads_back():
    assert opened_by(KEYS, open_token(KEYS, 7, KEY, 2)) == (7, KEY, 2)


def test_an_unsubscribe_token_reads_back():
    assert unsubscribed_by(KEYS, unsubscribe_token(KEYS, 7, 12)) == (7, 12)


@pytest.mark.parametrize("contact", [KEY.contact, 1, (1 << 48) - 1])
def test_a_feedback_token_reads_back(contact):
    assert reported_on(KEYS, feedback_token(KEYS, 7, KEY, 2, 5, contact)) == (7, KEY, 2, 5, contact)


def test_a_connector_s_token_reads_back():
    assert answered_by(KEYS, connector_token(KEYS, ASKED)) == ASKED


def test_every_request_has_a_token_of_its_own():
    others = ASKED, ASKED._replace(asked=4), ASKED._replace(epoch=6), ASKED._replace(step=3)

    assert len({connector_token(KEYS, request) for request in others}) == 4


def test_a_feedback_token_is_what_ses_takes_as_the_value_of_a_tag():
    assert re.fullmatch(r"[A-Za-z0-9_-]{1,256}", feedback_token(KEYS, 7, KEY, 2, 5, KEY.contact))


def test_a_token_is_good_for_its_purpose_only():
    opened, unsubscribed = open_token(KEYS, 7, KEY, 2), unsubscribe_token(KEYS, 7, 12)
    mail = message_id(KEYS, 7, KEY, 2, "acme.example").strip("<>").partition("@")[0]
    feedback, asked = feedback_token(KEYS, 7, KEY, 2, 5, KEY.contact), connector_token(KEYS, ASKED)

    assert [opened_by(KEYS, token) for token in (unsubscribed, mail, feedback, asked)] == [None] * 4
    assert [unsubscribed_by(KEYS, token) for token in (opened, mail, feedback, asked)] == [None] * 4
    assert [reported_on(KEYS, token) for token in (opened, unsubscribed, mail, asked)] == [None] * 4
    assert [answered_by(KEYS, token) for token in (opened, unsubscribed, mail, feedback)] == [None] * 4


def test_no_token_of_a_hundred_thousand_mutants_is_taken():
    rng = Random(3)  # noqa: S311
    tokens = (
        open_token(KEYS, 7, KEY, 2), unsubscribe_token(KEYS, 7, 12), feedback_token(KEYS, 7, KEY, 2, 5, KEY.contact),
        connector_token(KEYS, ASKED),
    )  # fmt: skip

    for _ in range(25_000):
        for token in tokens:
            assert opened_by(KEYS, mutant := _mutated(token, rng)) is None, mutant
            assert unsubscribed_by(KEYS, mutant) is None, mutant
            assert reported_on(KEYS, mutant) is None, mutant
            assert answered_by(KEYS, mutant) is None, mutant


def _mutated(token: str, rng: Random) -> str:
    place = rng.randrange(len(token))
    match rng.randrange(4):
        case 0:
            return token[:place]
        case 1:
            return token + rng.choice(SIGNS)
        case 2:
            return token[:place] + rng.choice(SIGNS) + token[place:]
    other = rng.choice([sign for sign in SIGNS if sign != token[place]])
    return token[:place] + other + token[place + 1 :]


@pytest.mark.parametrize("text", ["", "=", "é", "a" * 1000, "\x00", "....", "sample-token"])
def test_anything_else_is_no_token(text):
    assert opened_by(KEYS, text) is None
    assert unsubscribed_by(KEYS, text) is None
    assert answered_by(KEYS, text) is None


def test_neighbours_share_nothing_that_shows():
    one, other = unsubscribe_token(KEYS, 7, 12), unsubscribe_token(KEYS, 7, 13)

    alike = sum(a == b for a, b in zip(one[3:], other[3:], strict=True))
    assert alike < 8


def test_a_retired_key_still_opens_what_it_sealed():
    old = unsubscribe_token(KEYS, 7, 12)
    both = token_keys("n" * 64 + "\n" + "s" * 64)

    assert unsubscribed_by(both, old) == (7, 12)
    assert unsubscribed_by(token_keys("n" * 64), old) is None
    assert unsubscribe_token(both, 7, 12) != old


def test_a_message_id_is_the_same_whenever_it_is_made_and_differs_by_step():
    first = message_id(KEYS, 7, KEY, 0, "acme.example")

    assert first == message_id(KEYS, 7, KEY, 0, "acme.example")
    assert first != message_id(KEYS, 7, KEY, 1, "acme.example")
    assert first.startswith("<")
    assert first.endswith("@acme.example>")


def test_an_empty_secret_is_refused():
    with pytest.raises(ValueError, match="empty"):
        token_keys(" \n ")
