"""What is bound to a sender is kept as it was given, and stands in queues of its own."""

from dataclasses import replace

import pytest

from drumbeat import bootstrap
from drumbeat.adapters.dynamodb import keys
from drumbeat.adapters.dynamodb.enrollment_items import enrollment_item, queue_place
from drumbeat.adapters.dynamodb.lane_items import lane_of
from drumbeat.adapters.dynamodb.sequence_items import sender_item, sequence_item
from drumbeat.domain.enrollment import new_enrollment
from drumbeat.domain.errors import NotFound
from drumbeat.domain.ids import EnrollmentKey
from drumbeat.domain.sequence import Sender, Sequence, SequenceStatus, Step
from drumbeat.domain.times import HOUR

KEY = EnrollmentKey(3, 7)
SENDER = Sender(1, 5, None, None, "h", 25, "u", "s", "n", "f@a.example", 10, 0)
SEQUENCE = Sequence(
    1, 3, "Spring", SequenceStatus.ACTIVE, None, 0, 0, False, 8.0, (Step(1, "s", "b", 0),), (), created_at=0
)


def _bound(*, due: int = 0, step: int = 0):
    made = new_enrollment(1, KEY, batch_number=1, batch_tag="t", now=HOUR, due=due, bound_to=5)
    return replace(made, step=step)


def test_a_sender_of_no_sequence_comes_back_as_it_went_in(aws):
    whole = replace(SENDER, user=4, pace=(30, 60), daily_mails=50, updated_at=9, fields={"editable": True})
    for sender in (SENDER, whole):
        bootstrap.table().put(sender_item(sender))

        assert bootstrap.sequences().sender(1, 5) == sender


def test_a_bound_enrollment_comes_back_as_it_went_in(aws):
    bootstrap.table().put(enrollment_item(_bound()))

    found = bootstrap.enrollments().get(1, KEY)

    assert found is not None
    assert found == _bound()
    assert (found.bound, found.sender) == (True, 5)


@pytest.mark.parametrize(
    ("enrollment", "queue"),
    [
        (_bound(), "T#1#BN#3#5"),
        (_bound(due=2 * HOUR), "T#1#BD#3#5"),
        (_bound(step=1), "T#1#BF#3#5"),
        (replace(_bound(), bound=False), "T#1#N#3"),
        (replace(_bound(step=1), bound=False), "T#1#F#5"),
    ],
)
def test_what_is_bound_waits_in_queues_of_its_sequence_and_sender(enrollment, queue):
    assert queue_place(enrollment)["qpk"] == queue


def test_whoever_announces_bound_work_says_of_which_sequence(aws):
    lanes = bootstrap.lanes()

    lanes.wake(1, [5], HOUR, serves=3)
    lanes.wake(1, [5], HOUR)
    lanes.wake(1, [5], HOUR, serves=2)

    item = bootstrap.table().get(keys.lane(1, 5))
    assert item is not None
    assert lane_of(item).serves == (2, 3)


def test_a_mailbox_is_noted_once(aws):
    sequences = bootstrap.sequences()
    bootstrap.table().put(sequence_item(SEQUENCE))

    grown = sequences.add_mailbox(SEQUENCE, 5)
    again = sequences.add_mailbox(SEQUENCE, 5)

    assert grown == again == sequences.get(1, 3)
    assert sequences.add_mailbox(grown, 6).mailboxes == (5, 6)


def test_a_sequence_with_a_daily_cap_takes_mailboxes(aws):
    bootstrap.table().put(sequence_item(replace(SEQUENCE, daily_cap=4)))

    assert bootstrap.sequences().add_mailbox(SEQUENCE, 5).mailboxes == (5,)


def test_a_mailbox_of_a_sequence_that_is_not_there(aws):
    with pytest.raises(NotFound):
        bootstrap.sequences().add_mailbox(SEQUENCE, 5)
