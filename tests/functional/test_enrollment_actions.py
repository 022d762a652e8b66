"""Pausing, resuming, finishing and taking away: from which states, beside a mail under way, and once."""

from dataclasses import replace

import pytest

from drumbeat import bootstrap
from drumbeat.adapters import aws
from drumbeat.adapters.dynamodb import keys
from drumbeat.application.enrollment_actions import (
    finish_all,
    finish_enrollment,
    pause_all,
    pause_enrollment,
    remove_enrollment,
    resume_enrollment,
)
from drumbeat.application.unsubscribe import stop_contact
from drumbeat.domain.batch import DONE
from drumbeat.domain.enrollment import EnrollmentState
from drumbeat.domain.errors import BeingSent, CannotBeMailed, EnrollmentNotActive, EnrollmentNotPaused, NotFound
from drumbeat.domain.ids import EnrollmentKey
from drumbeat.domain.suppression import SuppressionReason
from drumbeat.domain.times import HOUR, MINUTE
from tests.enrolling import LATER, NOW, Office
from tests.faults import Crash, fault

pytestmark = pytest.mark.usefixtures("stack")

ACTIVE, HELD, PAUSED, FINISHED = (
    EnrollmentState.ACTIVE,
    EnrollmentState.HELD,
    EnrollmentState.PAUSED,
    EnrollmentState.FINISHED,
)

SHOWN = frozenset(EnrollmentState) - {EnrollmentState.DELETED}


@pytest.fixture
def office():
    return Office()


@pytest.fixture
def enrolled(office):
    """One active enrollment."""
    sequence, (contact,) = office.sequence(), office.people(1)
    office.add(sequence, [contact])
    return office.there(sequence, contact)


def act(action, enrollment, now=LATER):
    ports = bootstrap.enrollment_action_ports()
    return action(ports, tenant=enrollment.tenant, key=enrollment.key, now=now)


def remove(enrollment):
    remove_enrollment(bootstrap.enrollment_action_ports(), tenant=enrollment.tenant, key=enrollment.key)


def stored(enrollment):
    return bootstrap.enrollments().get(enrollment.tenant, enrollment.key)


def queued(enrollment):
    item = bootstrap.table().get(keys.enrollment(enrollment.tenant, enrollment.key))
    return item is not None and "qpk" in item


def claimed(office, enrollment):
    return office.put(enrollment, owner="worker", lease=LATER + HOUR)


def test_a_paused_enrollment_stands_in_no_queue_and_says_why(enrolled):
    told = act(pause_enrollment, enrolled)

    assert told == stored(enrolled)
    assert (told.state, told.paused_at, told.paused_reason) == (PAUSED, LATER, "paused by a user")
    assert not queued(enrolled)


def test_a_resumed_enrollment_goes_on_where_it_stood_and_its_sender_is_awake(office, enrolled):
    office.put(enrolled, step=1, last_sent_at=NOW, due=NOW + HOUR)
    act(pause_enrollment, enrolled)

    told = act(resume_enrollment, enrolled)

    assert told == stored(enrolled)
    assert (told.state, told.step, told.due, told.paused_at, told.paused_reason) == (ACTIVE, 1, NOW + HOUR, None, None)
    assert queued(enrolled)
    assert (office.tenant, enrolled.sender) in bootstrap.lanes().awake(LATER)


def test_a_first_step_keeps_its_due_time_so_that_its_lane_knows_it_again(enrolled):
    act(pause_enrollment, enrolled)

    assert act(resume_enrollment, enrolled).due == enrolled.due


@pytest.mark.parametrize(
    "state", [state for state in EnrollmentState if state not in {ACTIVE, EnrollmentState.DELETED}]
)
def test_only_what_is_active_can_be_paused(office, enrolled, state):
    office.put(enrolled, state=state, parked_at=NOW)

    with pytest.raises(EnrollmentNotActive) as refusal:
        act(pause_enrollment, enrolled)

    assert refusal.value.details["state"] == state.value
    assert stored(enrolled).state is state


@pytest.mark.parametrize(
    "state", [state for state in EnrollmentState if state not in {PAUSED, EnrollmentState.DELETED}]
)
def test_only_what_is_paused_can_be_resumed(office, enrolled, state):
    office.put(enrolled, state=state, parked_at=NOW)

    with pytest.raises(EnrollmentNotPaused):
        act(resume_enrollment, enrolled)


@pytest.mark.parametrize("state", [ACTIVE, HELD, EnrollmentState.WAITING])
def test_what_is_active_or_waits_to_be_can_be_finished(office, enrolled, state):
    office.put(enrolled, state=state)

    told = act(finish_enrollment, enrolled)

    assert told == stored(enrolled)
    assert (told.state, told.finished_at) == (FINISHED, LATER)
    assert not queued(enrolled)


@pytest.mark.parametrize("state", [PAUSED, FINISHED, EnrollmentState.BOUNCED, EnrollmentState.PARKED])
def test_what_is_not_active_cannot_be_finished(office, enrolled, state):
    office.put(enrolled, state=state, parked_at=NOW)

    with pytest.raises(EnrollmentNotActive):
        act(finish_enrollment, enrolled)


@pytest.mark.parametrize("action", [pause_enrollment, resume_enrollment, finish_enrollment])
def test_what_is_not_there_is_not_found(enrolled, action):
    stranger = replace(enrolled, key=EnrollmentKey(enrolled.key.sequence, 999_999))

    with pytest.raises(NotFound):
        act(action, stranger)
    with pytest.raises(NotFound):
        remove(stranger)


@pytest.mark.parametrize("state", [ACTIVE, PAUSED, FINISHED, EnrollmentState.PARKED])
def test_a_deleted_enrollment_is_gone_for_everybody(office, enrolled, state):
    office.put(enrolled, state=state, parked_at=NOW)

    remove(enrolled)

    store = bootstrap.enrollments()
    assert stored(enrolled) is None
    assert list(store.of_sequence(office.tenant, enrolled.key.sequence)) == []
    assert store.of_contact(office.tenant, enrolled.key.contact) == []
    assert list(bootstrap.parked().all(office.tenant)) == []
    assert not queued(enrolled)
    with pytest.raises(NotFound):
        remove(enrolled)


# --- Beside a mail under way ---


@pytest.mark.parametrize("action", [pause_enrollment, finish_enrollment])
def test_a_mail_under_way_keeps_its_claim_beside_a_pause_or_an_end(office, enrolled, action):
    claimed(office, enrolled)

    act(action, enrolled)

    assert (stored(enrolled).owner, stored(enrolled).lease) == ("worker", LATER + HOUR)


def test_nothing_is_resumed_or_deleted_while_a_mail_is_under_way(office, enrolled):
    claimed(office, enrolled)
    act(pause_enrollment, enrolled)

    with pytest.raises(BeingSent):
        act(resume_enrollment, enrolled)
    with pytest.raises(BeingSent):
        remove(enrolled)


@pytest.mark.parametrize(
    ("facts", "state"),
    [
        ({"step": 1, "last_sent_at": NOW, "sent_at": NOW}, ACTIVE),
        ({"step": 2, "last_sent_at": NOW, "sent_at": NOW}, FINISHED),
        ({"bounced_at": NOW, "bounce_reason": "550"}, EnrollmentState.BOUNCED),
        ({"parked_at": NOW, "parked_reason": "no answer"}, EnrollmentState.PARKED),
    ],
)
def test_what_was_under_way_decides_what_is_resumed(office, enrolled, facts, state):
    office.put(enrolled, state=PAUSED, paused_at=NOW, **facts)

    told = act(resume_enrollment, enrolled)

    assert (told.state, told) == (state, stored(enrolled))
    assert queued(enrolled) == (state is ACTIVE)
    assert (list(bootstrap.parked().all(office.tenant)) != []) == (state is EnrollmentState.PARKED)


def test_a_step_that_was_added_while_its_enrollment_was_paused_keeps_its_delay(office, enrolled):
    steps = bootstrap.sequences().get(office.tenant, enrolled.key.sequence).steps
    office.put(enrolled, state=PAUSED, step=2, due=NOW, last_sent_at=LATER, paused_at=LATER)
    sequence = bootstrap.sequences().get(office.tenant, enrolled.key.sequence)
    office.change(sequence, steps=(*steps, replace(steps[0], position=3, delay_minutes=60)))

    assert act(resume_enrollment, enrolled).due == LATER + HOUR


def test_what_is_bound_to_a_sender_that_is_gone_is_not_resumed(office, enrolled):
    act(pause_enrollment, enrolled)
    bootstrap.table().delete(keys.sender(office.tenant, enrolled.sender))

    with pytest.raises(CannotBeMailed):
        act(resume_enrollment, enrolled)

    assert stored(enrolled).state is PAUSED


# --- Stops ---


@pytest.mark.parametrize("state", [ACTIVE, HELD, PAUSED])
def test_an_unsubscribe_takes_out_what_is_paused_or_held_too(office, enrolled, state):
    office.put(enrolled, state=state, paused_at=NOW)

    stop_contact(
        bootstrap.signals(),
        bootstrap.enrollments(),
        tenant=office.tenant,
        contact=enrolled.key.contact,
        reason=SuppressionReason.UNSUBSCRIBE,
        now=LATER,
    )

    assert (stored(enrolled).state, stored(enrolled).unsubscribed_at) == (EnrollmentState.UNSUBSCRIBED, LATER)
    assert not queued(enrolled)


# --- All of many contacts' ---


def test_all_that_is_active_of_the_contacts_is_paused(office):
    one, two, contacts = office.sequence(), office.sequence(), office.people(30)
    office.add(one, contacts)
    office.add(two, contacts[:10], tag="b2")
    office.put(office.there(two, contacts[0]), state=EnrollmentState.BOUNCED)

    told = pause_all(bootstrap.enrollment_action_ports(), tenant=office.tenant, contacts=contacts, now=LATER)

    assert told == [DONE] * 30
    assert {office.there(one, contact).state for contact in contacts} == {PAUSED}
    assert {office.there(two, contact).state for contact in contacts[1:10]} == {PAUSED}
    assert office.there(two, contacts[0]).state is EnrollmentState.BOUNCED


def test_all_that_is_active_paused_or_held_is_finished(office):
    sequence, contacts = office.sequence(), office.people(5)
    office.add(sequence, contacts)
    states = [ACTIVE, PAUSED, HELD, EnrollmentState.PARKED, EnrollmentState.REPLIED]
    for contact, state in zip(contacts, states, strict=True):
        office.put(office.there(sequence, contact), state=state, parked_at=NOW)

    finish_all(bootstrap.enrollment_action_ports(), tenant=office.tenant, contacts=contacts, now=LATER)

    after = [office.there(sequence, contact).state for contact in contacts]
    assert after == [FINISHED, FINISHED, FINISHED, EnrollmentState.PARKED, EnrollmentState.REPLIED]


def test_who_is_in_no_sequence_is_no_failure(office):
    contacts = office.people(2)

    for action in (pause_all, finish_all):
        ports = bootstrap.enrollment_action_ports()
        assert action(ports, tenant=office.tenant, contacts=contacts, now=LATER) == [DONE, DONE]


@pytest.mark.parametrize("action", [pause_all, finish_all])
def test_all_of_them_again_writes_nothing(office, action):
    sequence, contacts, ports = office.sequence(), office.people(100), bootstrap.enrollment_action_ports()
    office.add(sequence, contacts)
    first = action(ports, tenant=office.tenant, contacts=contacts, now=LATER)
    aws.ledger.clear()

    assert action(ports, tenant=office.tenant, contacts=contacts, now=LATER + MINUTE) == first
    assert sum(aws.ledger.write_units.values()) == 0


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("action", [pause_all, finish_all])
def test_a_call_over_many_that_dies_is_finished_by_the_same_call(office, action, after):
    sequence, contacts, ports = office.sequence(), office.people(60), bootstrap.enrollment_action_ports()
    for place in range(1, 20):
        for contact in contacts:
            old = office.enrollment(sequence, contact)
            if old is not None:
                office.put(old, state=ACTIVE, paused_at=None, paused_reason=None, finished_at=None)
        office.add(sequence, contacts)
        try:
            with fault(place, after=after) as injected:
                action(ports, tenant=office.tenant, contacts=contacts, now=LATER)
        except Crash:
            assert action(ports, tenant=office.tenant, contacts=contacts, now=LATER) == [DONE] * 60
        ended = PAUSED if action is pause_all else FINISHED
        assert {office.there(sequence, contact).state for contact in contacts} == {ended}
        if not injected.dead:
            return
    pytest.fail("it never came to its end")
