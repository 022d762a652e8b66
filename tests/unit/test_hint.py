"""Hints travel as ids only, and an unreadable one is never taken for a readable one."""

import pytest

from drumbeat.domain.hint import Hint, UnreadableHint, hint_of, message_of
from drumbeat.domain.ids import EnrollmentKey

VERSION_1 = {"v": 1, "tenant": 1, "sequence": 2, "contact": 3, "run": 0, "step": 4, "epoch": 5, "sender": 6}
HINT = Hint(tenant=1, enrollment=EnrollmentKey(2, 3, 0), step=4, epoch=5, sender=6)


def test_version_1_is_written_and_read_for_ever():
    assert message_of(HINT) == VERSION_1
    assert hint_of(VERSION_1) == HINT


@pytest.mark.parametrize(
    "change", [{"v": 2}, {"v": None}, {"tenant": "1"}, {"contact": None}, {"step": 1.5}, {"epoch": True}]
)
def test_what_it_does_not_understand_it_refuses(change):
    with pytest.raises(UnreadableHint):
        hint_of(VERSION_1 | change)
