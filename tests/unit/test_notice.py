"""Notices travel as messages that old and new workers agree on."""

import pytest

from drumbeat.domain.ids import EnrollmentKey
from drumbeat.domain.notice import CallName, Notice, UnreadableNotice, message_of, notice_of

ABOUT_A_LEAD = Notice(1, 7, "evt_1", "{}")
ABOUT_A_CALL = Notice(1, 8, "evt_2", "{}", CallName(EnrollmentKey(3, 4, 1), 5))


@pytest.mark.parametrize("notice", [ABOUT_A_LEAD, ABOUT_A_CALL])
def test_a_notice_is_read_as_it_was_spelled(notice):
    assert notice_of(message_of(notice)) == notice


def test_a_worker_that_knows_no_calls_keeps_their_notices_for_one_that_does():
    assert (message_of(ABOUT_A_LEAD)["v"], message_of(ABOUT_A_CALL)["v"]) == (1, 2)
    assert "call" not in message_of(ABOUT_A_LEAD)


@pytest.mark.parametrize(
    "changes",
    [{"v": 3}, {"v": None}, {"call": None}, {"call": [3, 4, 1]}, {"call": [3, 4, 1, "5"]}, {"body": None}],
)
def test_what_cannot_be_read_is_no_notice(changes):
    with pytest.raises(UnreadableNotice):
        notice_of(message_of(ABOUT_A_CALL) | changes)
