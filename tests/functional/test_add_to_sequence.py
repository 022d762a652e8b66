"""Adding to a sequence: who is refused and why, once whatever happens, and what it costs."""

from dataclasses import replace

import pytest

from drumbeat import bootstrap
from drumbeat.adapters import aws
from drumbeat.application.enrollment_actions import remove_enrollment
from drumbeat.application.unsubscribe import stop_contact
from drumbeat.domain.adding import (
    ACTIVE_ELSEWHERE,
    ALREADY_ENROLLED,
    NO_EMAIL,
    OPTED_OUT,
    TOUCHED_RECENTLY,
)
from drumbeat.domain.batch import DONE, NOT_FOUND
from drumbeat.domain.enrollment import EnrollmentState
from drumbeat.domain.errors import NotFound
from drumbeat.domain.ids import EnrollmentKey
from drumbeat.domain.program import Program
from drumbeat.domain.ruleset import Duplicates, Exclusivity
from drumbeat.domain.sequence import SequenceStatus
from drumbeat.domain.suppression import SuppressionReason
from drumbeat.domain.times import DAY, HOUR, SECOND
from tests.enrolling import LATER, NOW, Office
from tests.faults import Crash, fault

pytestmark = pytest.mark.usefixtures("stack")

OVER = [EnrollmentState.FINISHED, EnrollmentState.REPLIED, EnrollmentState.REMOVED]
ENGAGED = [EnrollmentState.ACTIVE, EnrollmentState.PAUSED, EnrollmentState.PARKED, EnrollmentState.BOUNCED]


@pytest.fixture
def office():
    return Office()


def codes(outcomes):
    return [outcome.code for outcome in outcomes]


def test_who_is_added_is_bound_to_the_sender_and_due_by_the_first_step(office):
    sequence, sender = office.sequence(), office.sender()
    (contact,) = office.people(1, zone="Europe/Berlin")

    outcomes = office.add(sequence, [contact], tag="b7.1", sender=sender)

    added = office.there(sequence, contact)
    assert outcomes == [DONE]
    assert (added.state, added.step, added.due, added.zone) == (EnrollmentState.ACTIVE, 0, NOW, "Europe/Berlin")
    assert (added.sender, added.bound, added.batch_tag) == (sender.number, True, "b7.1")
    assert bootstrap.lanes().awake(NOW) != []


def test_outcomes_come_in_the_order_of_the_contacts(office):
    sequence = office.sequence()
    mailable, (stopped,), (nowhere,) = office.people(2), office.people(1), office.people(1, email=None)
    stop_contact(
        bootstrap.signals(),
        bootstrap.enrollments(),
        tenant=office.tenant,
        contact=stopped,
        reason=SuppressionReason.UNSUBSCRIBE,
        now=NOW,
    )

    told = office.add(sequence, [nowhere, mailable[1], 999_999, stopped, mailable[0]])

    assert codes(told) == [NO_EMAIL, None, NOT_FOUND, OPTED_OUT, None]
    assert all(outcome.text for outcome in told if outcome.code)


def test_who_is_named_twice_is_added_once(office):
    sequence, (contact,) = office.sequence(), office.people(1)

    assert office.add(sequence, [contact, contact]) == [DONE, DONE]
    assert office.enrollment(sequence, contact, 1) is None


@pytest.mark.parametrize("state", [*ENGAGED, *OVER])
def test_without_a_ruleset_nobody_is_in_a_sequence_twice(office, state):
    sequence, (contact,) = office.sequence(), office.people(1)
    office.add(sequence, [contact])
    office.put(office.there(sequence, contact), state=state, parked_at=NOW)

    assert codes(office.add(sequence, [contact], tag="b2")) == [ALREADY_ENROLLED]


@pytest.mark.parametrize(
    ("state", "code"), [(state, ALREADY_ENROLLED) for state in ENGAGED] + [(s, None) for s in OVER]
)
def test_only_who_is_inactive_may_come_again_if_the_ruleset_says_so(office, state, code):
    sequence = office.sequence(office.ruleset(duplicates=Duplicates.ONLY_IF_INACTIVE))
    (contact,) = office.people(1)
    office.add(sequence, [contact])
    office.put(office.there(sequence, contact), state=state, parked_at=NOW)

    assert codes(office.add(sequence, [contact], tag="b2", now=LATER)) == [code]

    again = office.enrollment(sequence, contact, 1)
    assert (again is None) == (code is not None)
    assert office.there(sequence, contact).state is state


def test_duplicates_are_the_next_runs_where_the_ruleset_allows_them(office):
    sequence, (contact,) = office.sequence(office.ruleset(duplicates=Duplicates.ALLOW)), office.people(1)

    for call in range(3):
        assert office.add(sequence, [contact], tag=f"b{call}") == [DONE]

    assert [office.there(sequence, contact, run).batch_tag for run in range(3)] == ["b0", "b1", "b2"]
    assert len(bootstrap.enrollments().of_contact(office.tenant, contact)) == 3


def test_there_are_sixty_four_runs_at_most(office):
    sequence, (contact,) = office.sequence(office.ruleset(duplicates=Duplicates.ALLOW)), office.people(1)
    office.add(sequence, [contact])
    first = office.there(sequence, contact)
    for run in range(1, 64):
        office.put(first, key=replace(first.key, run=run), batch_tag=f"r{run}")

    assert codes(office.add(sequence, [contact], tag="last")) == [ALREADY_ENROLLED]


def test_a_deleted_enrollment_is_no_duplicate_and_keeps_its_run(office):
    sequence, (contact,) = office.sequence(), office.people(1)
    office.add(sequence, [contact])
    remove_enrollment(
        bootstrap.enrollment_action_ports(), tenant=office.tenant, key=EnrollmentKey(sequence.number, contact)
    )

    assert office.add(sequence, [contact], tag="b2") == [DONE]
    assert office.enrollment(sequence, contact) is None
    assert office.there(sequence, contact, 1).batch_tag == "b2"


# --- Exclusivity ---


@pytest.mark.parametrize(
    ("first", "second", "code"),
    [
        (Exclusivity.ALL, Exclusivity.NONE, ACTIVE_ELSEWHERE),
        (Exclusivity.NONE, Exclusivity.ALL, ACTIVE_ELSEWHERE),
        (Exclusivity.ALL, Exclusivity.EXCLUSIVE, ACTIVE_ELSEWHERE),
        (Exclusivity.EXCLUSIVE, Exclusivity.ALL, ACTIVE_ELSEWHERE),
        (Exclusivity.EXCLUSIVE, Exclusivity.EXCLUSIVE, ACTIVE_ELSEWHERE),
        (Exclusivity.EXCLUSIVE, Exclusivity.NONE, None),
        (Exclusivity.NONE, Exclusivity.EXCLUSIVE, None),
        (Exclusivity.NONE, Exclusivity.NONE, None),
    ],
)
def test_exclusivity_keeps_a_contact_out_of_a_second_sequence(office, first, second, code):
    one, two = (office.sequence(office.ruleset(exclusivity)) for exclusivity in (first, second))
    (contact,) = office.people(1)
    assert office.add(one, [contact]) == [DONE]

    assert codes(office.add(two, [contact], tag="b2")) == [code]
    assert (office.enrollment(two, contact) is None) == (code is not None)


@pytest.mark.parametrize("state", ENGAGED)
def test_whoever_is_not_finished_is_active_elsewhere(office, state):
    ruleset = office.ruleset(Exclusivity.EXCLUSIVE)
    one, two, (contact,) = office.sequence(ruleset), office.sequence(ruleset), office.people(1)
    office.add(one, [contact])
    office.put(office.there(one, contact), state=state, parked_at=NOW)

    assert codes(office.add(two, [contact], tag="b2")) == [ACTIVE_ELSEWHERE]


@pytest.mark.parametrize("state", [*OVER, EnrollmentState.DELETED])
def test_whoever_is_over_with_is_free_for_the_next_exclusive_sequence(office, state):
    ruleset = office.ruleset(Exclusivity.ALL)
    one, two, (contact,) = office.sequence(ruleset), office.sequence(ruleset), office.people(1)
    office.add(one, [contact])
    office.put(office.there(one, contact), state=state)

    assert office.add(two, [contact], tag="b2") == [DONE]


def test_a_sequence_that_wants_everybody_to_itself_keeps_others_out_that_have_no_ruleset(office):
    greedy, plain = office.sequence(office.ruleset(Exclusivity.ALL)), office.sequence()
    one, two = office.people(2)
    office.add(greedy, [one])
    office.add(plain, [two])

    assert codes(office.add(plain, [one], tag="b2")) == [ACTIVE_ELSEWHERE]
    assert codes(office.add(greedy, [two], tag="b2")) == [ACTIVE_ELSEWHERE]


def test_a_sequence_does_not_keep_its_own_runs_out(office):
    sequence = office.sequence(office.ruleset(Exclusivity.ALL, Duplicates.ALLOW))
    (contact,) = office.people(1)

    assert office.add(sequence, [contact]) == [DONE]
    assert office.add(sequence, [contact], tag="b2") == [DONE]


def test_a_program_with_unique_contacts_keeps_holding(office):
    bootstrap.programs().create(Program(office.tenant, 1, "Spring", True, NOW), intent=None, now=NOW)
    one, two = office.sequence(program=1), office.sequence(office.ruleset(Exclusivity.EXCLUSIVE), program=1)
    first, second = office.people(2)
    office.add(one, [first])

    assert codes(office.add(two, [first, second], tag="b2")) == [ACTIVE_ELSEWHERE, None]
    assert codes(office.add(one, [second], tag="b3")) == [ACTIVE_ELSEWHERE]


# --- Touched recently ---


def test_who_was_mailed_within_the_interval_is_not_added(office):
    sequence, other = office.sequence(office.ruleset(touched_interval=3600)), office.sequence()
    mailed, long_ago, never = office.people(3)
    office.add(other, [mailed, long_ago])
    office.put(office.there(other, mailed), step=1, last_sent_at=NOW - HOUR + SECOND)
    office.put(office.there(other, long_ago), step=1, last_sent_at=NOW - HOUR)

    assert codes(office.add(sequence, [mailed, long_ago, never], tag="b2")) == [TOUCHED_RECENTLY, None, None]


def test_a_touch_that_is_noted_with_the_contact_counts_too(office):
    sequence = office.sequence(office.ruleset(touched_interval=3600))

    assert codes(office.add(sequence, office.people(1, touched_at=NOW - SECOND))) == [TOUCHED_RECENTLY]


# --- Again and again ---


def test_the_same_call_again_says_the_same_and_writes_nothing(office):
    sequence, sender = office.sequence(), office.sender()
    contacts = [*office.people(99), *office.people(1, email=None)]
    first = office.add(sequence, contacts, tag="b1", sender=sender)
    aws.ledger.clear()

    assert office.add(sequence, contacts, tag="b1", sender=sender, now=LATER) == first
    assert sum(aws.ledger.write_units.values()) == 0
    assert office.enrollment(sequence, contacts[0], 1) is None


@pytest.mark.parametrize("many", [40, 100])
def test_an_added_contact_costs_a_tenth_of_a_request_and_two_write_units(office, many):
    sequence, sender, contacts = office.sequence(), office.sender(), office.people(100)
    office.add(sequence, [], sender=sender)
    office.add(sequence, contacts[:1], tag="b0", sender=sender)  # the sequence knows the sender from now on
    fresh = office.people(many)
    current = bootstrap.sequences().get(office.tenant, sequence.number)
    aws.ledger.clear()

    office.add(current, fresh, tag="b1", sender=sender)

    units, requests = sum(aws.ledger.write_units.values()), aws.ledger.datastore_requests() - 1  # its own look
    assert requests <= (0.1 * many if many == 100 else 10)
    assert 2 <= units / many <= 2.1


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("exclusivity", [Exclusivity.NONE, Exclusivity.ALL])
def test_a_call_that_dies_at_any_request_is_finished_by_the_same_call(office, exclusivity, after):
    sequence, sender = office.sequence(office.ruleset(exclusivity)), office.sender()
    for place in range(1, 40):
        contacts = [*office.people(98), *office.people(1, email=None), 999_999]
        try:
            with fault(place, after=after) as injected:
                told = office.add(sequence, contacts, tag=f"b{place}", sender=sender)
        except Crash:
            told = office.add(sequence, contacts, tag=f"b{place}", sender=sender, now=LATER)
        assert codes(told) == [None] * 98 + [NO_EMAIL, NOT_FOUND]
        assert len(bootstrap.enrollments().of_contacts(office.tenant, contacts)) == 98
        if not injected.dead:
            return
    pytest.fail("it never came to its end")


def test_nobody_is_added_for_a_sender_that_is_gone(office):
    sequence, (contact,) = office.sequence(), office.people(1)
    sender = replace(office.sender(), number=12_345)

    with pytest.raises(NotFound):
        office.add(sequence, [contact], sender=sender)

    assert office.enrollment(sequence, contact) is None


def test_a_sequence_that_is_paused_meanwhile_takes_them_in_and_they_wait(office):
    sequence = office.sequence()
    office.change(sequence, status=SequenceStatus.PAUSED)
    (contact,) = office.people(1)

    assert office.add(sequence, [contact]) == [DONE]
    assert office.there(sequence, contact).state is EnrollmentState.ACTIVE


def test_a_deleted_contact_leaves_nothing_of_any_run(office):
    sequence = office.sequence(office.ruleset(Exclusivity.ALL, Duplicates.ALLOW))
    (contact,) = office.people(1)
    for call in range(3):
        office.add(sequence, [contact], tag=f"b{call}")
    runs = bootstrap.enrollments().of_contacts(office.tenant, [contact], deleted=True)

    bootstrap.enrollments().remove(runs, programs={})

    assert bootstrap.enrollments().of_contacts(office.tenant, [contact], deleted=True) == []
    assert bootstrap.enrollments().fences(office.tenant, [contact]) == {}


def test_first_steps_of_what_is_added_outside_the_hours_wait_for_them(office):
    sequence = office.sequence()
    office.change(sequence, steps=(replace(sequence.steps[0], delay_minutes=24 * 60),))
    (contact,) = office.people(1)

    office.add(sequence, [contact])

    added = office.there(sequence, contact)
    assert (added.due, added.timed) == (NOW + DAY, True)
