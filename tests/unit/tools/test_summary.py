"""The demo succeeds only if its numbers agree with each other, with the sink and with what webhooks told."""

import json
from dataclasses import replace
from typing import Any

import pytest

from tools.local.summary import Summary, disagreements, last_line

HEARD = {
    "enrollment.sent": 270,
    "enrollment.opened": 50,
    "enrollment.replied": 10,
    "enrollment.out_of_office": 10,
    "enrollment.bounced": 8,
    "enrollment.unsubscribed": 10,
}
PLAYED = {"open": 50, "reply": 10, "away": 10, "bounce": 5, "unsubscribe": 10}
GOOD = Summary(
    rows=196,
    rejected=11,
    repeated=13,
    imported=172,
    enrolled=153,
    skipped=19,
    listed=153,
    refused=3,
    sent=270,
    opened=50,
    replied=10,
    out_of_office=10,
    bounced=8,
    unsubscribed=10,
    replies=10,
    delivered=270,
    duplicates=0,
    strangers=0,
    late=0,
    incomplete=0,
    flawed=0,
    forged=0,
    redelivered=4,
    played=PLAYED,
    heard=HEARD,
)


def test_numbers_that_agree_leave_nothing_to_say() -> None:
    assert disagreements(GOOD) == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"rows": 197}, "197 rows"),
        ({"rejected": 10}, "10 rejected"),
        ({"repeated": 12}, "12 repeated"),
        ({"skipped": 18}, "18 skipped"),
        ({"listed": 152}, "152 enrollments"),
        ({"delivered": 269}, "269 delivered"),
        ({"replies": 9}, "9 replies listed"),
        ({"refused": 4}, "5 mails came back, but 4"),
        ({"duplicates": 1}, "1 mails were delivered twice"),
        ({"strangers": 2}, "2 mails went to people"),
        ({"late": 1}, "1 mails went to people who had"),
        ({"incomplete": 1}, "1 people did not get"),
        ({"flawed": 1}, "1 mails lack"),
        ({"forged": 1}, "1 webhooks were not signed"),
        ({"played": PLAYED | {"open": 51}}, "51 people opened"),
        ({"played": PLAYED | {"reply": 9}}, "9 people answered"),
        ({"played": PLAYED | {"away": 11}}, "11 people are away"),
        ({"played": PLAYED | {"unsubscribe": 11}}, "11 people unsubscribed"),
        ({"heard": HEARD | {"enrollment.sent": 269}}, "270 events enrollment.sent, but 269"),
        ({"heard": HEARD | {"enrollment.replied": 11}}, "10 events enrollment.replied, but 11"),
        ({"heard": HEARD | {"campaign.paused": 1}}, "campaign.paused"),
    ],
)
def test_every_contradiction_is_told(change: dict[str, Any], said: str) -> None:
    (sentence,) = disagreements(replace(GOOD, **change))

    assert said in sentence


@pytest.mark.parametrize("name", ["opened", "replied", "out_of_office", "unsubscribed"])
def test_a_wrong_count_contradicts_what_people_did_and_what_was_heard(name: str) -> None:
    assert len(disagreements(replace(GOOD, **{name: 1, "replies": 10 if name != "replied" else 1}))) == 2


def test_a_run_in_which_nothing_happened_is_no_success() -> None:
    numbers = [name for name, field in Summary.__dataclass_fields__.items() if field.type is int]
    nothing = Summary(**dict.fromkeys(numbers, 0))

    assert disagreements(nothing) == ["nothing was imported or enrolled"]


def test_the_last_line_is_a_word_and_json() -> None:
    word, text = last_line(GOOD).split(" ", 1)

    assert word == "DEMO"
    assert json.loads(text) == {
        "imported": 172,
        "enrolled": 153,
        "skipped": 19,
        "sent": 270,
        "delivered": 270,
        "opened": 50,
        "replied": 10,
        "out_of_office": 10,
        "bounced": 8,
        "unsubscribed": 10,
        "webhooks": 358,
        "duplicates": 0,
    }
