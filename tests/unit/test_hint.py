"""Hints travel as ids only, and an unreadable one is never taken for a readable one."""

from dataclasses import replace

import pytest

from drumbeat.domain.hint import GOOD_FOR, Hint, UnreadableHint, hint_of, message_of
from drumbeat.domain.ids import EnrollmentKey
from drumbeat.domain.times import DAY

VERSION_2 = {"v": 2, "tenant": 1, "sequence": 2, "contact": 3, "run": 0, "step": 4, "epoch": 5, "sender": 6, "at": 7}
HINT = Hint(tenant=1, enrollment=EnrollmentKey(2, 3, 0), step=4, epoch=5, sender=6, at=7)


def test_version_2_is_written_and_read_for_ever():
    assert message_of(HINT) == VERSION_2
    assert hint_of(VERSION_2) == HINT


@pytest.mark.parametrize(
    "change",
    [{"v": 1}, {"v": 3}, {"v": None}, {"at": None}, {"tenant": "1"}, {"contact": None}, {"step": 1.5}, {"epoch": True}],
)
def test_what_it_does_not_understand_it_refuses(change):
    with pytest.raises(UnreadableHint):
        hint_of(VERSION_2 | change)


MIDNIGHT = 20_000 * DAY
NOON = MIDNIGHT + DAY // 2


@pytest.mark.parametrize(
    ("at", "now", "good"),
    [
        (NOON, NOON, True),
        (NOON, NOON - 5, True),
        (NOON, NOON + GOOD_FOR, True),
        (NOON, NOON + GOOD_FOR + 1, False),
        (MIDNIGHT - 1, MIDNIGHT - 1, True),
        (MIDNIGHT - 1, MIDNIGHT, False),
    ],
)
def test_a_hint_is_good_for_a_minute_of_the_day_it_was_counted_on(at, now, good):
    assert replace(HINT, at=at).is_good(now) is good
