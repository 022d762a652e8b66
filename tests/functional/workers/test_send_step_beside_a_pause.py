"""A pause, an end or an add beside a mail that is under way: the mail settles, and what follows knows of it."""

from dataclasses import replace

import pytest

from drumbeat import bootstrap
from drumbeat.adapters.dynamodb.enrollment_items import enrollment_item
from drumbeat.application.enrollment_actions import (
    finish_enrollment,
    pause_enrollment,
    remove_enrollment,
    resume_enrollment,
)
from drumbeat.domain.enrollment import EnrollmentState
from drumbeat.domain.errors import BeingSent
from drumbeat.domain.times import MINUTE
from tests.stage import TENANT, Stage


def act(stage: Stage, action):
    ports = bootstrap.enrollment_action_ports()
    return action(ports, tenant=TENANT, key=stage.enrollment().key, now=stage.now)


def test_nothing_leaves_that_was_paused_before_its_claim(stage, server):
    stage.open([server])
    messages = stage.hinted()
    act(stage, pause_enrollment)

    stage.work(messages)
    stage.run(minutes=10)

    assert server.taken == []
    assert stage.enrollment().state is EnrollmentState.PAUSED


def test_a_mail_under_way_counts_beside_a_pause_and_the_next_step_waits_for_resuming(stage, server):
    stage.open([server])
    messages = stage.hinted()
    server.meanwhile("dot", lambda: act(stage, pause_enrollment) if stage.enrollment().step == 0 else None)
    stage.work(messages)
    beside = stage.enrollment()
    assert (beside.state, beside.step, beside.owner) == (EnrollmentState.PAUSED, 1, None)
    stage.run(minutes=20)
    assert len(server.taken) == 1

    told = act(stage, resume_enrollment)
    stage.run(minutes=5)

    assert told.due == beside.last_sent_at + 10 * MINUTE
    assert (stage.enrollment().state, len(server.taken)) == (EnrollmentState.FINISHED, 2)


def test_a_mail_under_way_counts_beside_an_end_and_nothing_follows(stage, server):
    stage.open([server])
    messages = stage.hinted()
    server.meanwhile("dot", lambda: act(stage, finish_enrollment))

    stage.work(messages)
    stage.run(minutes=20)

    assert (stage.enrollment().state, stage.enrollment().step, len(server.taken)) == (EnrollmentState.FINISHED, 1, 1)


def test_nothing_is_deleted_or_resumed_while_its_mail_is_under_way(stage, server):
    stage.open([server])
    messages = stage.hinted()
    refused = []

    def asking() -> None:
        with pytest.raises(BeingSent):
            remove_enrollment(bootstrap.enrollment_action_ports(), tenant=TENANT, key=stage.enrollment().key)
        act(stage, pause_enrollment)
        with pytest.raises(BeingSent):
            act(stage, resume_enrollment)
        refused.append(True)

    server.meanwhile("dot", asking)

    stage.work(messages)

    assert refused == [True]


def test_a_paused_enrollment_whose_worker_died_is_parked_when_it_is_resumed(stage, server):
    stage.open([server])
    stage.hinted()
    dead = replace(stage.enrollment(), owner="dead", lease=stage.now + MINUTE, sender=1)
    bootstrap.table().put(enrollment_item(dead))
    act(stage, pause_enrollment)

    stage.run(minutes=10)

    assert (stage.enrollment().state, stage.enrollment().owner) == (EnrollmentState.PAUSED, None)
    assert act(stage, resume_enrollment).state is EnrollmentState.PARKED
    assert (server.taken, stage.enrollment().step) == ([], 0)
