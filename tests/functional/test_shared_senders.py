"""Senders of no sequence: made, changed, and deleted only while nothing is bound to them."""

from dataclasses import replace

import pytest

from drumbeat import bootstrap
from drumbeat.adapters.dynamodb.enrollment_items import enrollment_item
from drumbeat.application.senders import NewSender
from drumbeat.application.shared_senders import (
    NewSharedSender,
    change_sender,
    create_shared_sender,
    delete_sender,
    find_sender,
)
from drumbeat.domain.enrollment import EnrollmentState, new_enrollment
from drumbeat.domain.errors import NotFound, StillInUse
from drumbeat.domain.ids import EnrollmentKey
from drumbeat.domain.plan import SETTLES_WITHIN
from drumbeat.domain.times import HOUR

NOW = 500_000 * HOUR
KEY = EnrollmentKey(3, 7)


def made(**wanted):
    smtp = NewSender(None, "Ann", "ann@acme.example", 10, host="h", port=25, username="ann", password="hunter2")
    options = {"intent": None} | {name: wanted.pop(name) for name in ("intent",) if name in wanted}
    return create_shared_sender(
        bootstrap.sequences(),
        bootstrap.numbers(),
        bootstrap.vault(),
        tenant=1,
        wanted=NewSharedSender(smtp, **wanted),
        now=NOW,
        **options,
    )


def bind(sender: int, state: EnrollmentState = EnrollmentState.ACTIVE) -> None:
    bootstrap.lanes().wake(1, [sender], NOW, serves=KEY.sequence)
    bound = new_enrollment(1, KEY, batch_number=1, batch_tag="t", now=NOW, bound_to=sender)
    bootstrap.table().put(enrollment_item(replace(bound, state=state)))


def delete(number: int, now: int = NOW) -> None:
    delete_sender(bootstrap.sequences(), bootstrap.lanes(), tenant=1, number=number, now=now)


def test_a_sender_is_kept_with_all_that_was_asked_for(aws):
    sender = made(user=4, pace=(30, 40), daily_mails=50, fields={"editable": True})

    assert find_sender(bootstrap.sequences(), tenant=1, number=sender.number) == sender
    assert (sender.sequence, sender.user, sender.pace, sender.daily_mails) == (None, 4, (30, 40), 50)
    assert bootstrap.vault().open(sender.sealed_password, tenant=1, sender=sender.number) == "hunter2"


def test_a_sender_may_be_made_that_sends_nothing_yet(aws):
    assert made(disabled_reason="switched off").disabled_at == NOW


def test_a_create_call_that_is_repeated_makes_one_sender(aws):
    assert made(intent="once").number == made(intent="once").number
    assert len(list(bootstrap.sequences().all_senders(1))) == 1


def test_senders_are_listed_by_number(aws):
    numbers = [made().number for _ in range(3)]

    assert [sender.number for sender in bootstrap.sequences().all_senders(1)] == numbers
    assert [sender.number for sender in bootstrap.sequences().all_senders(1, after=numbers[0])] == numbers[1:]


def test_a_change_wakes_the_lane_and_ends_a_rest(aws):
    sender = made()
    bootstrap.sequences().update_sender(replace(sender, resting_until=NOW + HOUR, troubles=1))

    changed = change_sender(
        bootstrap.sequences(),
        bootstrap.lanes(),
        tenant=1,
        number=sender.number,
        change=lambda old: replace(old, daily_mails=5),
        now=NOW + 1,
    )

    assert changed == replace(sender, daily_mails=5, updated_at=NOW + 1)
    assert [name.sender for name in bootstrap.lanes().awake(NOW + 1)] == [sender.number]


def test_a_sender_that_nothing_was_ever_bound_to_can_be_deleted(aws):
    sender = made()

    delete(sender.number)

    with pytest.raises(NotFound):
        find_sender(bootstrap.sequences(), tenant=1, number=sender.number)


def test_a_sender_stays_while_something_is_bound_to_it(aws):
    sender = made()
    bind(sender.number)

    with pytest.raises(StillInUse):
        delete(sender.number, NOW + HOUR)


def test_a_sender_stays_while_something_is_about_to_be_bound_to_it(aws):
    sender = made()
    bootstrap.lanes().wake(1, [sender.number], NOW, serves=KEY.sequence)

    with pytest.raises(StillInUse):
        delete(sender.number, NOW + SETTLES_WITHIN - 1)
    delete(sender.number, NOW + SETTLES_WITHIN)


def test_a_sender_whose_work_is_done_can_be_deleted(aws):
    sender = made()
    bind(sender.number, EnrollmentState.FINISHED)

    delete(sender.number, NOW + HOUR)


def test_a_sender_that_is_announced_to_while_it_is_deleted_stays(aws, monkeypatch):
    sender = made()
    right = type(bootstrap.sequences()).remove_sender

    def announced_first(self, seen, **rest):
        bind(sender.number)
        return right(self, seen, **rest)

    monkeypatch.setattr(type(bootstrap.sequences()), "remove_sender", announced_first)

    with pytest.raises(StillInUse):
        delete(sender.number)
    assert find_sender(bootstrap.sequences(), tenant=1, number=sender.number) == sender


def test_deleting_what_is_not_there(aws):
    with pytest.raises(NotFound):
        delete(77)
