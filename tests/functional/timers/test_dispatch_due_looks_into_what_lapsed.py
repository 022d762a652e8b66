"""What a tick has handed out is looked into when it lapses: no claim outlives its worker, and no place is wasted."""

from dataclasses import replace

import pytest

from drumbeat import bootstrap
from drumbeat.adapters import aws
from drumbeat.adapters.dynamodb.enrollment_items import enrollment_item
from drumbeat.domain.enrollment import EnrollmentState
from drumbeat.domain.lane import RESERVED_FOR
from drumbeat.domain.sequence import SequenceStatus
from drumbeat.domain.times import DAY, HOUR, MINUTE
from tests.faults import Crash, fault
from tests.stage import START, TENANT, TWO_STEPS, Stage


def claim_and_die(stage: Stage) -> None:
    """Leaves enrollment 1 claimed by a worker that never comes back, with its sequence's hints lost."""
    messages = stage.hinted()
    with fault(2, after=False), pytest.raises(Crash):
        stage.work(messages[:1])
    stage.queue.clear()
    assert stage.enrollment().owner is not None


def pause(stage: Stage) -> None:
    stage.change(status=SequenceStatus.PAUSED)


def disable(stage: Stage) -> None:
    sender = bootstrap.sequences().sender(TENANT, 1)
    bootstrap.sequences().update_sender(replace(sender, disabled_at=START, disabled_reason="x"))


def rest(stage: Stage) -> None:
    sender = bootstrap.sequences().sender(TENANT, 1)
    bootstrap.sequences().update_sender(replace(sender, resting_until=START + DAY))


def delete(stage: Stage) -> None:
    stage.remove_sender(1)


def nothing(stage: Stage) -> None:
    pass


@pytest.mark.parametrize("change", [nothing, pause, disable, rest, delete])
def test_a_claim_whose_worker_died_is_parked_whatever_became_of_its_sequence(stage, server, change):
    stage.open([server], contacts=1)
    bootstrap.token_keys()
    claim_and_die(stage)
    change(stage)

    stage.run(minutes=8)

    assert stage.enrollment().state is EnrollmentState.PARKED
    assert server.taken == []


def test_a_claim_stays_in_sight_until_a_hint_gets_through(stage, server):
    stage.open([server], contacts=1)
    bootstrap.token_keys()
    claim_and_die(stage)
    pause(stage)
    for _ in range(20):
        stage.now += MINUTE
        stage.tick()
        stage.queue.clear()
    assert stage.enrollment().owner is not None

    stage.run(minutes=16)

    assert stage.enrollment().state is EnrollmentState.PARKED
    assert bootstrap.lanes().awake(stage.now + DAY) == []


def test_a_place_in_the_daily_limit_is_given_back_if_the_mail_did_not_leave(stage, server):
    """The hints of two first steps were lost; the limit of two is for mails that left."""
    stage.open([server], contacts=4, steps=TWO_STEPS[:1], daily_limit=2)
    stage.tick()
    assert len(stage.queue) == 2
    stage.queue.clear()

    stage.run(minutes=20)

    assert len(server.taken) == 2


def test_a_place_in_the_daily_limit_is_kept_by_a_mail_in_doubt(stage, server):
    stage.open([server], contacts=3, steps=TWO_STEPS[:1], daily_limit=2)
    bootstrap.token_keys()
    claim_and_die(stage)

    stage.run(minutes=20)

    assert stage.enrollment().state is EnrollmentState.PARKED
    assert len(server.taken) == 1


def test_what_lapsed_is_read_in_one_request(stage, server):
    stage.open([server], contacts=30)
    stage.tick()
    stage.queue.clear()
    pause(stage)
    stage.now += RESERVED_FOR - MINUTE
    stage.tick()
    before = aws.ledger.requests["dynamodb.BatchGetItem"]
    stage.now += MINUTE

    stage.tick()

    assert aws.ledger.requests["dynamodb.BatchGetItem"] == before + 1


def test_a_first_step_that_was_put_off_does_not_stand_in_front_of_the_others(stage, server):
    stage.open([server], contacts=120, steps=TWO_STEPS[:1], gap=(1, 1))
    for contact in range(1, 120):
        late = replace(stage.enrollment(contact), due=START + HOUR, timed=True, attempts=1)
        bootstrap.table().put(enrollment_item(late))

    stage.tick()

    assert [message.at for message in stage.queue] == [START]
    assert aws.ledger.requests["dynamodb.Query"] == 4


def test_a_first_step_that_was_put_off_leaves_when_it_is_due(stage, server):
    stage.open([server], contacts=1, steps=TWO_STEPS[:1])
    late = replace(stage.enrollment(), due=START + 30 * MINUTE, timed=True, attempts=1)
    bootstrap.table().put(enrollment_item(late))

    stage.run(minutes=30)
    assert server.taken == []
    stage.run(minutes=1)

    assert stage.enrollment().state is EnrollmentState.FINISHED
