"""From nothing to a mail, through Outreach's API alone: mailbox, sequence, prospect, and the minutes that pass."""

from functools import partial

import pytest

from tests.functional.outreach.furniture import STEP, act, change, contacts, enrolled, made, mailbox, shown
from tests.stage import recipients
from tests.world import new_tenant


@pytest.fixture
def call(stage):
    return partial(new_tenant(), group="outreach")


@pytest.fixture
def scene(call, server):
    """A user with a mailbox, and an active sequence of two mails under a ruleset."""
    user = made(call, "user", {"email": "ann@acme.example"})
    limits = {"sendPeriod": 1, "sendThreshold": 1}
    sender = mailbox(call, smtpPort=server.port, **limits)
    change(call, "mailbox", sender, user=user)
    ruleset = made(call, "ruleset", {"name": "Strict"})
    sequence = made(call, "sequence", {"name": "Spring"}, owner=user, ruleset=ruleset)
    made(call, "sequence_step", STEP, sequence=sequence)
    made(call, "sequence_step", STEP | {"subject": "Again", "interval": 600}, sequence=sequence)
    assert act(call, "activate_sequence", sequence).status == 200
    return sequence, sender


def state_of(call, number):
    return shown(call, "sequence_state", number)["attributes"]["state"]


def test_a_prospect_gets_every_mail_and_is_finished(call, stage, server, scene):
    (contact,) = contacts(call)
    number = enrolled(call, contact, *scene)

    stage.run(5)
    after_first = recipients(server)
    stage.run(15)

    assert after_first == ["p0@corp.example"]
    assert recipients(server) == ["p0@corp.example"] * 2
    assert state_of(call, number) == "finished"


def test_who_is_paused_gets_nothing_until_resumed(call, stage, server, scene):
    (contact,) = contacts(call)
    number = enrolled(call, contact, *scene)
    act(call, "pause_sequence_state", number)
    stage.run(5)
    while_paused = recipients(server)

    act(call, "resume_sequence_state", number)
    stage.run(5)

    assert while_paused == []
    assert recipients(server) == ["p0@corp.example"]


@pytest.mark.parametrize("operation", ["finish_sequence_state", "delete_sequence_state"])
def test_who_is_finished_or_taken_out_gets_nothing_more(call, stage, server, scene, operation):
    (contact,) = contacts(call)
    number = enrolled(call, contact, *scene)
    stage.run(5)

    act(call, operation, number)
    stage.run(20)

    assert recipients(server) == ["p0@corp.example"]


def test_a_deactivated_sequence_sends_nothing_until_it_is_active_again(call, stage, server, scene):
    sequence, _ = scene
    (contact,) = contacts(call)
    number = enrolled(call, contact, *scene)
    act(call, "deactivate_sequence", sequence)
    stage.run(5)
    while_off, state = recipients(server), state_of(call, number)

    act(call, "activate_sequence", sequence)
    stage.run(5)

    assert (while_off, state) == ([], "pending")
    assert recipients(server) == ["p0@corp.example"]


def test_who_is_on_the_way_gets_a_step_that_is_added_later(call, stage, server, scene):
    sequence, _ = scene
    (contact,) = contacts(call)
    enrolled(call, contact, *scene)
    stage.run(3)

    made(call, "sequence_step", STEP | {"subject": "And again", "interval": 600}, sequence=sequence)
    stage.run(35)

    assert recipients(server) == ["p0@corp.example"] * 3


def test_one_mailbox_keeps_its_day_s_limit_over_two_sequences(call, stage, server, scene):
    _, sender = scene
    change(call, "mailbox", sender, {"maxMailingsPerDay": 1})
    second = made(call, "sequence", {"name": "Other"})
    made(call, "sequence_step", STEP, sequence=second)
    act(call, "activate_sequence", second)
    people = contacts(call, 2)
    enrolled(call, people[0], *scene)
    enrolled(call, people[1], second, sender)

    stage.run(30)

    assert len(recipients(server)) == 1
