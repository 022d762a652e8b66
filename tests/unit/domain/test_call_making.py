"""What an accepted row becomes: whose enrollment, when it is due, and in which state from the beginning."""

from dataclasses import replace

import pytest

from drumbeat.domain.adding import MOST_RUNS
from drumbeat.domain.agent import Agent
from drumbeat.domain.call_group import CallGroup, GroupName, closed
from drumbeat.domain.call_making import CallRow, CallTerms, Facts, new_call
from drumbeat.domain.callee import Callee
from drumbeat.domain.cancellation import Cancellation
from drumbeat.domain.contact import Contact
from drumbeat.domain.enrollment import EnrollmentState
from drumbeat.domain.ids import EnrollmentKey
from drumbeat.domain.schedule import BUSINESS_HOURS, Hours
from drumbeat.domain.sequence import Sequence, SequenceStatus, Step, StepKind
from drumbeat.domain.times import DAY, HOUR

NOW = 1_795_251_600_000  # a Saturday, 09:00 UTC
MONDAY = NOW + 2 * DAY
CALL = Step(1, "", "", 0, StepKind.CALL)
AGENT = Sequence(
    1, 7, "a", SequenceStatus.ACTIVE, None, 0, 0, False, 100.0, (CALL,), (), 0, connector=3, agent=Agent(("UTC",))
)
TERMS = CallTerms(tenant=1, number=7, agent=AGENT, sender=3, accepted_at=NOW - 5, price=2)
CALLEE = Callee("Jane Doe", "+15551234567", {"account": "a"}, "UTC")
ROW = CallRow(index=4, tag="b1.4", number=104, callee=CALLEE)
MAILED = replace(ROW, email="Jane@x.example")
JANE = Contact(1, 9, 0, "jane@x.example", "Jane", None, None, NOW - DAY)
IN_GROUP = replace(ROW, callee=replace(CALLEE, group_by="account"))
OFFICE = replace(AGENT, hours=Hours(BUSINESS_HOURS, "UTC"))


def facts(**known):
    return Facts(**{"groups": {IN_GROUP.group: CallGroup(GroupName(1, 7, IN_GROUP.group))}} | known)


def made(row=ROW, terms=TERMS, **known):
    return new_call(terms, row, facts(**known), NOW)


def test_who_has_no_address_is_a_new_contact_with_the_row_s_number():
    call = made()

    assert call.enrollment.key == EnrollmentKey(7, 104, 0)
    assert (call.contact.number, call.contact.first_name, call.contact.last_name) == (104, "Jane", "Doe")
    assert (call.contact.email, call.contact.zone) == (None, "UTC")
    assert (call.enrollment.hold, call.enrollment.batch_tag, call.enrollment.created_at) == (2, "b1.4", NOW - 5)
    assert (call.enrollment.sender, call.enrollment.bound, call.enrollment.has_callee) == (3, True, True)


def test_whose_address_is_known_is_that_contact_once_more():
    call = made(MAILED, people={"jane@x.example": JANE}, runs={9: 2})

    assert (call.enrollment.key, call.contact) == (EnrollmentKey(7, 9, 2), None)


def test_who_has_been_here_too_often_is_somebody_new_without_the_address():
    call = made(MAILED, people={"jane@x.example": JANE}, runs={9: MOST_RUNS})

    assert (call.enrollment.key, call.contact.email) == (EnrollmentKey(7, 104, 0), None)


def test_a_row_changes_what_is_known_to_the_next():
    known = facts()
    for row in (MAILED, replace(MAILED, index=5, number=105)):
        call = new_call(TERMS, row, known, NOW)
        known.note(call)

    assert (call.enrollment.key, call.contact) == (EnrollmentKey(7, 104, 1), None)


@pytest.mark.parametrize(
    ("row", "agent", "due"),
    [
        (ROW, AGENT, NOW),
        (ROW, OFFICE, MONDAY),
        (replace(ROW, anytime=True), OFFICE, NOW),
        (replace(ROW, callee=replace(CALLEE, scheduled_at=MONDAY + HOUR)), OFFICE, MONDAY + HOUR),
        (replace(ROW, callee=replace(CALLEE, scheduled_at=NOW + HOUR), anytime=True), OFFICE, NOW + HOUR),
        (replace(ROW, callee=replace(CALLEE, scheduled_at=NOW - HOUR)), AGENT, NOW),
        (ROW, replace(AGENT, steps=(replace(CALL, delay_minutes=60),)), NOW + HOUR),
    ],
)
def test_it_is_due_when_it_was_asked_for_and_the_windows_let_it(row, agent, due):
    enrollment = made(row, replace(TERMS, agent=agent)).enrollment

    assert (enrollment.due, enrollment.timed) == (due, due > NOW)


def test_the_first_of_a_group_is_called_and_the_next_waits():
    known = facts()
    first = new_call(TERMS, IN_GROUP, known, NOW)
    known.note(first)
    second = new_call(TERMS, replace(IN_GROUP, index=5, number=105), known, NOW)

    states = [call.enrollment.state for call in (first, second)]
    assert states == [EnrollmentState.ACTIVE, EnrollmentState.WAITING]
    assert {call.enrollment.group for call in (first, second)} == {IN_GROUP.group}
    assert [call.joined.ordinal for call in (first, second)] == [1, 2]


def over(call):
    return call.enrollment.state, call.enrollment.exit_reason, call.enrollment.group, call.joined


def test_what_may_not_call_any_more_is_over_from_the_beginning_and_in_no_group():
    group = facts().groups[IN_GROUP.group]
    ended = closed(group, "a call of its group was successful", NOW)
    finished = EnrollmentState.FINISHED

    assert over(made(IN_GROUP, groups={IN_GROUP.group: ended})) == (finished, ended.closed_because, None, None)
    assert over(made(IN_GROUP, canceled={4: Cancellation(NOW, "sold")})) == (finished, "cancelled: sold", None, None)
    assert over(made(IN_GROUP, replace(TERMS, agent=None))) == (finished, "its agent is gone", None, None)


@pytest.mark.parametrize(
    "known",
    [
        {"people": {"jane@x.example": replace(JANE, unsubscribed_at=NOW - 1)}},
        {"people": {"jane@x.example": JANE}, "barred": {"jane@x.example": NOW - 1}},
        {"barred": {"jane@x.example": NOW - 1}},
    ],
)
def test_who_has_opted_out_is_not_called(known):
    call = made(MAILED, **known)

    assert (call.enrollment.state, call.enrollment.unsubscribed_at) == (EnrollmentState.UNSUBSCRIBED, NOW - 1)
    assert call.contact is None or call.contact.unsubscribed_at == NOW - 1
