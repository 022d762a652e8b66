"""The demo succeeds only if its numbers agree with each other and with the sink."""

import json
from dataclasses import replace

import pytest

from tools.local.summary import Summary, disagreements, last_line

GOOD = Summary(
    rows=196,
    rejected=11,
    repeated=13,
    imported=172,
    enrolled=153,
    skipped=19,
    listed=153,
    bounced=3,
    sent=300,
    opened=50,
    loaded=50,
    delivered=300,
    duplicates=0,
    strangers=0,
    incomplete=0,
    flawed=0,
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
        ({"sent": 301}, "301 sent"),
        ({"delivered": 299}, "299 delivered"),
        ({"opened": 49}, "49 are counted"),
        ({"loaded": 51}, "51 people"),
        ({"duplicates": 1}, "1 mails were delivered twice"),
        ({"strangers": 2}, "2 mails went to people"),
        ({"incomplete": 1}, "1 people did not get"),
        ({"flawed": 1}, "1 mails lack"),
    ],
)
def test_every_contradiction_is_told(change: dict[str, int], said: str) -> None:
    (sentence,) = disagreements(replace(GOOD, **change))

    assert said in sentence


def test_a_run_in_which_nothing_happened_is_no_success() -> None:
    nothing = Summary(*[0] * len(GOOD.__dataclass_fields__))

    assert disagreements(nothing) == ["nothing was imported or enrolled"]


def test_the_last_line_is_a_word_and_json() -> None:
    word, text = last_line(GOOD).split(" ", 1)

    assert word == "DEMO"
    assert json.loads(text) == {
        "imported": 172,
        "enrolled": 153,
        "skipped": 19,
        "sent": 300,
        "delivered": 300,
        "opened": 50,
        "duplicates": 0,
    }
