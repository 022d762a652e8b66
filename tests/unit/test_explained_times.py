"""What an explanation promises is what the lanes do: nothing leaves before the time told, and then it does."""

from collections.abc import Sequence as Rows
from dataclasses import replace
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from drumbeat.domain.allowance import Cap
from drumbeat.domain.contact import Contact
from drumbeat.domain.enrollment import Enrollment, new_enrollment
from drumbeat.domain.explained_state import Code
from drumbeat.domain.explanation import Facts, explain
from drumbeat.domain.ids import EnrollmentKey
from drumbeat.domain.lane import MAY_LEAVE_FOR, RESERVED_FOR, Lane, Reservation
from drumbeat.domain.plan import HORIZON, Queues, Work, plan
from drumbeat.domain.schedule import Hours, Span
from drumbeat.domain.sequence import Sender, Sequence, SequenceStatus, Step
from drumbeat.domain.times import DAY, HOUR, MINUTE, utc_day
from drumbeat.domain.waiting import CLOCK_SKEW, Waiting

MIDNIGHT = 20_001 * DAY
KEY = EnrollmentKey(1, 1)
STEPS = (Step(1, "a", "a", 0), Step(2, "b", "b", 60))
CONTACT = Contact(1, 1, 1, "p@corp.example", None, None, None, 0)
OFFICE = Hours(((Span(9 * 60, 17 * 60),),) * 7, "UTC")


@st.composite
def facts(draw) -> Facts:
    now = MIDNIGHT + draw(st.sampled_from([-MINUTE, 0, 8 * HOUR, 9 * HOUR - MINUTE, 12 * HOUR, 17 * HOUR - MINUTE]))
    soon = st.integers(-10, 3).map(lambda minutes: now + minutes * MINUTE)
    enrollment = new_enrollment(1, KEY, batch_number=1, batch_tag="t", now=draw(soon))
    if draw(st.booleans()):
        enrollment = replace(enrollment, step=1, sender=5)
    zone = draw(st.sampled_from([None, "Asia/Tokyo", "America/Lima"]))
    lanes, senders = {}, []
    for number in (5, 6) if enrollment.step == 0 else (5,):
        entries = [
            Reservation(EnrollmentKey(1, 9 + place), 0, 0, at, at + RESERVED_FOR)
            for place, at in enumerate(draw(st.lists(st.integers(now - RESERVED_FOR + 1, now + HORIZON), max_size=2)))
        ]
        used = draw(st.integers(0, 3))
        sent = used + draw(st.integers(0, 2))
        day = utc_day(now)
        lanes[number] = Lane(1, number, 1, now, 0, draw(soon), day, used, sent, tuple(entries), day_steps={1: sent})
        rests = draw(st.none() | soon)
        senders.append(Sender(1, number, 1, None, "h", 25, "u", "s", "n", "f@a.example", 3, 0, resting_until=rests))
    sequence = Sequence(1, 1, "n", SequenceStatus.ACTIVE, None, 1, 1, False, 8.0, STEPS, (5, 6), 0)
    sequence = replace(
        sequence, hours=draw(st.sampled_from([None, OFFICE])), daily_cap=draw(st.sampled_from([None, 6]))
    )
    enrollment = replace(enrollment, zone=zone, anytime=draw(st.booleans()))
    return Facts(enrollment, sequence, CONTACT, False, now, tuple(senders), lanes)


def slots(given_facts: Facts) -> list[int]:
    """When the lanes hand the step out if they are looked at now, with nothing else in the queues."""
    enrollment = given_facts.enrollment
    row = Waiting(
        enrollment.key,
        enrollment.step,
        enrollment.due,
        enrollment.epoch,
        enrollment.zone,
        anytime=enrollment.anytime,
    )
    works = [work(given_facts, sender, enrollment, [row]) for sender in given_facts.senders]
    queues = Queues(new=[row] if enrollment.step == 0 else [])
    rng = Random(7)  # noqa: S311
    lanes = given_facts.lanes.values()
    cap = Cap(given_facts.sequence.daily_cap, lambda day: sum(lane.steps_of(1, day) for lane in lanes))
    plans = plan(works, queues, sequence=given_facts.sequence, others=[], caps={1: cap}, now=given_facts.now, rng=rng)
    return [slot.at for planned in plans for slot in planned.slots]


def work(given_facts: Facts, sender: Sender, enrollment: Enrollment, rows: Rows[Waiting]) -> Work:
    lane = given_facts.lanes[sender.number]
    return Work(lane, sender.daily_limit, rows if enrollment.step else [], sender.resting_until or 0)


@given(facts())
def test_nothing_leaves_before_the_time_told_and_what_is_ready_leaves_then(told):
    explanation = explain(told)
    assert explanation.not_before is not None

    at = slots(told)

    assert all(slot >= explanation.not_before for slot in at)
    is_ready = [reason.code for reason in explanation.reasons] == [Code.READY]
    if is_ready and not near_midnight(told) and not any(lane.reserved for lane in told.lanes.values()):
        then = max(explanation.not_before, told.enrollment.due + CLOCK_SKEW)
        assert at == ([then] if then <= told.now + HORIZON else [])


def near_midnight(told: Facts) -> bool:
    """Then slots have to fit into the next day's caps as well."""
    return told.now + HORIZON + MAY_LEAVE_FOR >= MIDNIGHT > told.now
