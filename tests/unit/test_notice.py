"""What is to be posted travels as messages that old and new workers agree on."""

import pytest

from drumbeat.domain.ids import EnrollmentKey
from drumbeat.domain.notice import CallName, CareHint, DueHint, Notice, Receiver, UnreadableNotice, message_of, task_of

CONNECTOR, ENDPOINT = Receiver(1, 7), Receiver(1, 8, is_endpoint=True)
ABOUT_A_CALL = Notice(CONNECTOR, "evt_2", "call.ended", "{}", CallName(EnrollmentKey(3, 4, 1), 5))
TASKS = [
    Notice(CONNECTOR, "evt_1", "cadence.lead.replied", "{}"),
    Notice(ENDPOINT, "evt_1", "enrollment.sent", "{}", again=7),
    ABOUT_A_CALL,
    DueHint(ENDPOINT, "evt_1", 3),
    CareHint(CONNECTOR),
]


@pytest.mark.parametrize("task", TASKS)
def test_a_task_is_read_as_it_was_spelled(task):
    assert task_of(message_of(task)) == task


@pytest.mark.parametrize("call", [{}, {"call": [3, 4, 1, 5]}])
def test_what_was_sent_before_there_were_endpoints_is_still_posted(call):
    old = {"v": 2 if call else 1, "tenant": 1, "connector": 7, "event": "evt_1", "body": "{}"} | call

    assert task_of(old) == Notice(CONNECTOR, "evt_1", "", "{}", ABOUT_A_CALL.call if call else None)


@pytest.mark.parametrize(
    "changes",
    [
        {"v": 4}, {"v": None}, {"call": None}, {"call": [3, 4, 1]}, {"call": [3, 4, 1, "5"]}, {"body": None},
        {"connector": "7"}, {"tenant": None}, {"event": 1},
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_no_task(changes):
    with pytest.raises(UnreadableNotice):
        task_of(message_of(ABOUT_A_CALL) | changes)
