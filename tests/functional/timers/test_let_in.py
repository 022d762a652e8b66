"""Letting in what a throttle holds: never more than its bounds, in order, whoever dies or looks at the same time."""

from contextlib import suppress
from dataclasses import replace

import pytest

from drumbeat import bootstrap
from drumbeat.adapters import aws
from drumbeat.adapters.dynamodb import keys
from drumbeat.application.enrollment_actions import pause_enrollment, resume_enrollment
from drumbeat.application.let_in import LetIn, let_all_in, let_some_in
from drumbeat.domain.enrollment import EnrollmentState
from drumbeat.domain.errors import CannotBeMailed
from drumbeat.domain.sequence import SequenceStatus
from drumbeat.domain.throttle import COUNTED_AGAIN_AFTER
from drumbeat.domain.times import DAY, MINUTE, utc_day
from drumbeat.entrypoints import clock
from functions.timers import let_in as timer
from tests.enrolling import NOW, Office
from tests.faults import Crash, fault
from tests.world import Context

pytestmark = pytest.mark.usefixtures("aws")

ACTIVE, HELD = EnrollmentState.ACTIVE, EnrollmentState.HELD
TOMORROW = (utc_day(NOW) + 1) * DAY


@pytest.fixture
def office():
    return Office()


def look(now=NOW):
    return let_all_in(bootstrap.let_in_ports(), now=now, out_of_time=lambda: False)


def inside(office, sequence):
    """Who was let in, in contact order."""
    found = bootstrap.enrollments().of_sequence(office.tenant, sequence.number)
    return [entry.key.contact for entry in found if entry.state is ACTIVE]


def test_who_is_added_beyond_the_bound_waits_and_is_told_so(office):
    sequence, contacts = office.sequence(max_adds_per_day=3), office.people(5)

    told = office.add(sequence, contacts)

    assert [outcome.code for outcome in told] == [None] * 5
    assert all("held" in outcome.text for outcome in told)
    assert inside(office, sequence) == contacts[:3]
    assert office.there(sequence, contacts[3]).state is HELD


def test_what_is_held_stands_in_no_queue_of_a_lane(office):
    sequence = office.sequence(max_adds_per_day=1)
    _, second = office.people(2)
    office.add(sequence, [second - 1, second])

    item = bootstrap.table().get(keys.enrollment(office.tenant, office.there(sequence, second).key))

    assert item["qpk"] == keys.held_queue(office.tenant, sequence.number)


def test_the_next_day_lets_in_as_many_again_in_order(office):
    sequence, contacts = office.sequence(max_adds_per_day=2), office.people(5)
    office.add(sequence, contacts)

    assert look(TOMORROW - 1).let_in == 0
    assert look(TOMORROW) == LetIn(1, 2)
    assert inside(office, sequence) == contacts[:4]
    assert look(TOMORROW + DAY).let_in == 1


def test_who_is_let_in_is_due_as_if_it_were_enrolled_then(office):
    sequence, contacts = office.sequence(max_adds_per_day=1), office.people(2)
    office.add(sequence, contacts)

    look(TOMORROW)

    late = office.there(sequence, contacts[1])
    assert (late.state, late.due, late.held_at) == (ACTIVE, TOMORROW, NOW)
    assert late.sender in {name.sender for name in bootstrap.lanes().awake(TOMORROW)}


def test_a_place_is_free_again_once_somebody_is_over_and_counted(office):
    sequence, contacts = office.sequence(max_active=2), office.people(4)
    office.add(sequence, contacts)
    assert inside(office, sequence) == contacts[:2]
    office.put(office.there(sequence, contacts[0]), state=EnrollmentState.FINISHED)

    assert look(NOW + COUNTED_AGAIN_AFTER - 1).let_in == 0
    assert look(NOW + COUNTED_AGAIN_AFTER).let_in == 1
    assert inside(office, sequence) == contacts[1:3]


@pytest.mark.parametrize("state", [EnrollmentState.PAUSED, EnrollmentState.PARKED])
def test_who_is_paused_or_in_doubt_keeps_its_place(office, state):
    sequence, contacts = office.sequence(max_active=1), office.people(2)
    office.add(sequence, contacts)
    office.put(office.there(sequence, contacts[0]), state=state, parked_at=NOW)

    assert look(NOW + COUNTED_AGAIN_AFTER).let_in == 0


def test_both_bounds_hold(office):
    sequence, contacts = office.sequence(max_active=3, max_adds_per_day=2), office.people(5)
    office.add(sequence, contacts)
    assert len(inside(office, sequence)) == 2

    look(TOMORROW)

    assert len(inside(office, sequence)) == 3


@pytest.mark.parametrize("change", [{"throttle_paused": True}, {"max_adds_per_day": None}])
def test_a_throttle_that_is_paused_or_taken_away_lets_everybody_in(office, change):
    sequence, contacts = office.sequence(max_adds_per_day=1), office.people(120)
    office.add(sequence, contacts[:100])
    office.add(sequence, contacts[100:], tag="b2")
    office.change(sequence, **change)

    look(TOMORROW)

    assert inside(office, sequence) == contacts


def test_nobody_is_let_in_while_the_sequence_is_paused(office):
    sequence, contacts = office.sequence(max_adds_per_day=1), office.people(3)
    office.add(sequence, contacts)
    office.change(sequence, status=SequenceStatus.PAUSED)
    assert look(TOMORROW).let_in == 0
    office.change(sequence, status=SequenceStatus.ACTIVE)

    assert look(TOMORROW + COUNTED_AGAIN_AFTER).let_in == 1


def test_who_stopped_while_it_was_held_takes_no_place(office):
    sequence, contacts = office.sequence(max_adds_per_day=1), office.people(3)
    office.add(sequence, contacts)
    bootstrap.signals().take_out(office.there(sequence, contacts[1]), EnrollmentState.UNSUBSCRIBED, NOW)

    look(TOMORROW)

    assert inside(office, sequence) == [contacts[0], contacts[2]]


def test_who_is_bound_to_a_sender_that_is_gone_is_paused_and_keeps_nobody_waiting(office):
    sequence, gone, there = office.sequence(max_adds_per_day=1), office.sender(), office.sender()
    contacts = office.people(3)
    office.add(sequence, contacts[:2], sender=gone)
    office.add(sequence, contacts[2:], tag="b2", sender=there)
    bootstrap.table().delete(keys.sender(office.tenant, gone.number))

    look(TOMORROW)
    look(TOMORROW + DAY)

    stuck = office.there(sequence, contacts[1])
    assert (stuck.state, stuck.paused_reason) == (EnrollmentState.PAUSED, "paused: its sender has been deleted")
    assert office.there(sequence, contacts[2]).state is ACTIVE
    with pytest.raises(CannotBeMailed):
        resume_enrollment(bootstrap.enrollment_action_ports(), tenant=office.tenant, key=stuck.key, now=TOMORROW)


def test_with_nobody_waiting_a_look_is_one_query_that_reads_nothing(office):
    sequence, (contact,) = office.sequence(max_adds_per_day=5), office.people(1)
    office.add(sequence, [contact])
    for minute in range(12):
        look(NOW + minute * MINUTE)
    aws.ledger.clear()

    look(NOW + DAY)

    assert aws.ledger.datastore_requests() == 1
    assert sum(aws.ledger.read_units.values()) <= 1


def test_what_is_announced_is_looked_at_even_if_the_call_died_before_it_wrote_anything(office):
    sequence = office.sequence(max_adds_per_day=5)
    bootstrap.throttles().announce(office.tenant, sequence.number, NOW)

    assert look(NOW + MINUTE).throttles == 1


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("bounds", [{"max_adds_per_day": 2}, {"max_active": 4}], ids=["a day", "at a time"])
def test_a_look_that_dies_at_any_request_lets_in_too_few_at_worst(office, bounds, after):
    for place in range(1, 40):
        sequence, contacts = office.sequence(**bounds), office.people(6)
        office.add(sequence, contacts, sender=office.sender())
        before = len(inside(office, sequence))
        if "max_active" in bounds:
            for contact in contacts[:2]:
                office.put(office.there(sequence, contact), state=EnrollmentState.FINISHED)
        ports = bootstrap.let_in_ports()
        with fault(place, after=after) as injected, suppress(Crash):
            let_some_in(ports, tenant=office.tenant, sequence_number=sequence.number, now=TOMORROW)
        for minute in (0, 1, 2, 10):
            let_some_in(ports, tenant=office.tenant, sequence_number=sequence.number, now=TOMORROW + minute * MINUTE)
        most = before + 2 if "max_adds_per_day" in bounds else 4
        assert len(inside(office, sequence)) <= most
        let_some_in(ports, tenant=office.tenant, sequence_number=sequence.number, now=TOMORROW + DAY)
        assert len(inside(office, sequence)) == (6 if "max_adds_per_day" in bounds else 4) or injected.dead
        if not injected.dead:
            return
    pytest.fail("it never came to its end")


def test_of_two_looks_at_once_one_lets_in(office):
    sequence, contacts = office.sequence(max_adds_per_day=1), office.people(3)
    office.add(sequence, contacts)
    ports, names = bootstrap.let_in_ports(), {"tenant": office.tenant, "sequence_number": sequence.number}

    class Meanwhile:
        """Another look comes in right before this one stores what it has planned."""

        def __getattr__(self, name):
            return getattr(ports.throttles, name)

        def store(self, seen, planned):
            let_some_in(ports, **names, now=TOMORROW)
            return ports.throttles.store(seen, planned)

    assert let_some_in(replace(ports, throttles=Meanwhile()), **names, now=TOMORROW) == 0
    assert len(inside(office, sequence)) == 2


def test_only_what_is_active_is_paused(office):
    """What waits to be let in has nothing to pause: it is finished, or let in first."""
    sequence, contacts = office.sequence(max_adds_per_day=1), office.people(2)
    office.add(sequence, contacts)
    ports = bootstrap.enrollment_action_ports()

    pause_enrollment(ports, tenant=office.tenant, key=office.there(sequence, contacts[0]).key, now=NOW)

    assert office.there(sequence, contacts[1]).state is HELD


def test_the_timer_lets_in_and_says_how_many(office, monkeypatch):
    sequence, contacts = office.sequence(max_adds_per_day=1), office.people(2)
    office.add(sequence, contacts)
    monkeypatch.setattr(clock, "now", lambda: TOMORROW)

    assert timer.handler({}, Context(remaining=55_000)) == {"throttles": 1, "let_in": 1}
    assert inside(office, sequence) == contacts


def test_a_timer_without_time_lets_nobody_in(office, monkeypatch):
    sequence, contacts = office.sequence(max_adds_per_day=1), office.people(2)
    office.add(sequence, contacts)
    monkeypatch.setattr(clock, "now", lambda: TOMORROW)

    timer.handler({}, Context(remaining=1_000))

    assert inside(office, sequence) == contacts[:1]


def test_the_timer_counts_who_is_in_before_it_lets_the_next_one_in(office, monkeypatch):
    sequence, contacts = office.sequence(max_active=1), office.people(2)
    office.add(sequence, contacts)
    office.put(office.there(sequence, contacts[0]), state=EnrollmentState.FINISHED)
    monkeypatch.setattr(clock, "now", lambda: NOW + COUNTED_AGAIN_AFTER)

    assert timer.handler({}, Context(remaining=55_000)) == {"throttles": 1, "let_in": 1}
    assert inside(office, sequence) == contacts[1:]
