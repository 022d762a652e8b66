"""Every reason is given when it holds, only then, and the time told is neither too early nor invented."""

from dataclasses import replace
from itertools import product

import pytest

from drumbeat.domain.contact import Contact
from drumbeat.domain.delivery import LEASE, parked
from drumbeat.domain.enrollment import Awaits, EnrollmentState, new_enrollment
from drumbeat.domain.explained_state import Code, Reason
from drumbeat.domain.explanation import MOST_COUNTED, Facts, explain, is_up
from drumbeat.domain.hint import GOOD_FOR
from drumbeat.domain.ids import EnrollmentKey
from drumbeat.domain.lane import RESERVED_FOR, Lane, Reservation
from drumbeat.domain.schedule import Hours, Span
from drumbeat.domain.sequence import Sender, Sequence, SequenceStatus, Step, StepKind
from drumbeat.domain.step_move import NO_ADDRESS, STEP_GONE
from drumbeat.domain.times import DAY, HOUR, MINUTE, iso, utc_day

NOW = 1_795_251_600_000
TODAY = utc_day(NOW)
MIDNIGHT = (TODAY + 1) * DAY
KEY = EnrollmentKey(1, 1)
STEPS = (Step(1, "a", "a", 0), Step(2, "b", "b", 60))
SEQUENCE = Sequence(1, 1, "n", SequenceStatus.ACTIVE, None, 1, 1, False, 8.0, STEPS, (5, 6), 0)
FRESH = new_enrollment(1, KEY, batch_number=1, batch_tag="t", now=NOW - HOUR)
FOLLOW_UP = replace(FRESH, step=1, sender=5, sent_at=NOW - HOUR)
CONTACT = Contact(1, 1, 1, "p@corp.example", None, None, None, 0)
FIVE, SIX = (
    Sender(1, number, 1, None, "h", 25, "u", "s", "n", "f@acme.example", 10, 0, disabled_at=None) for number in (5, 6)
)
FACTS = Facts(FRESH, SEQUENCE, CONTACT, suppressed=False, now=NOW, senders=(FIVE, SIX))


def _lane(number=5, **state):
    return Lane(1, number, 1, None, 0, **state)


def _lanes(*lanes):
    return {lane.sender: lane for lane in lanes}


def _full(number, used=10, day=TODAY):
    return _lane(number, day=day, day_used=used)


def _codes(facts):
    return [reason.code for reason in explain(facts).reasons]


def test_what_nothing_holds_back_is_ready_and_may_leave_now():
    told = explain(FACTS)

    assert [reason.code for reason in told.reasons] == [Code.READY]
    assert (told.next_step, told.due_at, told.not_before) == (1, FRESH.due, NOW)


@pytest.mark.parametrize(
    ("state", "code"),
    [
        (EnrollmentState.FINISHED, Code.FINISHED),
        (EnrollmentState.BOUNCED, Code.BOUNCED),
        (EnrollmentState.UNSUBSCRIBED, Code.UNSUBSCRIBED),
        (EnrollmentState.REPLIED, Code.REPLIED),
        (EnrollmentState.REMOVED, Code.CONTACT_GONE),
        (EnrollmentState.PARKED, Code.PARKED),
        (EnrollmentState.FAILED, Code.FAILED),
        (EnrollmentState.PAUSED, Code.PAUSED),
        (EnrollmentState.HELD, Code.HELD),
        (EnrollmentState.WAITING, Code.WAITING_FOR_ITS_GROUP),
        (EnrollmentState.DELETED, Code.DELETED),
    ],
)
def test_what_is_over_has_one_reason_and_no_time(state, code):
    """Whatever else holds."""
    stopped = replace(SEQUENCE, status=SequenceStatus.PAUSED)
    told = explain(replace(FACTS, enrollment=replace(FRESH, state=state), sequence=stopped, senders=(), contact=None))

    assert [reason.code for reason in told.reasons] == [code]
    assert (told.due_at, told.not_before) == (None, None)
    goes_on = {EnrollmentState.PARKED, EnrollmentState.PAUSED, EnrollmentState.HELD, EnrollmentState.WAITING}
    assert told.next_step == (1 if state in goes_on else None)


def test_every_state_is_explained():
    for state in EnrollmentState:
        (reason,) = explain(replace(FACTS, enrollment=replace(FRESH, state=state))).reasons
        assert reason.message


def test_what_a_person_paused_or_finished_says_so():
    by_hand = replace(FRESH, state=EnrollmentState.FINISHED, finished_at=NOW)
    on_hold = replace(FRESH, state=EnrollmentState.PAUSED, paused_at=NOW, paused_reason="paused by a user")

    assert "Somebody has finished it" in explain(replace(FACTS, enrollment=by_hand)).reasons[0].message
    assert "paused by a user" in explain(replace(FACTS, enrollment=on_hold)).reasons[0].message


def test_a_bounce_and_a_mail_in_doubt_say_why():
    bounce = replace(FRESH, state=EnrollmentState.BOUNCED, bounce_reason="550 no such user")

    assert "550 no such user" in explain(replace(FACTS, enrollment=bounce)).reasons[0].message
    assert "lost" in explain(replace(FACTS, enrollment=parked(FRESH, "lost", NOW))).reasons[0].message


def test_what_waits_for_the_tenants_app_says_for_what_and_until_when():
    until = NOW + DAY
    waiting = replace(FRESH, due=until)

    for awaits, code, words in (
        (Awaits.DRAFT, Code.AWAITS_ANSWER, "deliver the draft"),
        (Awaits.STEP, Code.AWAITS_ANSWER, "did the step"),
        (Awaits.ACCEPT, Code.AWAITS_ACCEPTANCE, "not been accepted"),
    ):
        told = explain(replace(FACTS, enrollment=replace(waiting, awaits=awaits)))
        assert [reason.code for reason in told.reasons] == [code]
        assert words in told.reasons[0].message
        assert iso(until) in told.reasons[0].message


def test_what_lacks_something_says_how_it_is_repaired():
    lacking = replace(FRESH, due=NOW + DAY, remark=NO_ADDRESS, relinked_to=0)
    told = explain(replace(FACTS, enrollment=lacking, contact=None))

    assert [reason.code for reason in told.reasons] == [Code.NOT_DUE]
    assert NO_ADDRESS in told.reasons[0].message


def test_a_step_in_doubt_is_no_mail_and_what_ended_by_itself_says_why():
    doubt = parked(replace(FRESH, awaits=Awaits.STEP), "silence", NOW)
    gone = replace(FRESH, state=EnrollmentState.FINISHED, exit_reason=STEP_GONE)
    given_up = replace(FRESH, state=EnrollmentState.FAILED, exit_reason="no such profile")

    assert "tenant's app has done the step" in explain(replace(FACTS, enrollment=doubt)).reasons[0].message
    assert STEP_GONE in explain(replace(FACTS, enrollment=gone)).reasons[0].message
    assert "no such profile" in explain(replace(FACTS, enrollment=given_up)).reasons[0].message


def test_limits_of_mails_do_not_hold_back_what_is_none():
    steps = (replace(STEPS[0], kind=StepKind.LINKEDIN_CONNECT), STEPS[1])
    capped = replace(FIVE, daily_mails=1)
    facts = replace(
        FACTS,
        sequence=replace(SEQUENCE, steps=steps),
        senders=(capped,),
        lanes=_lanes(_lane(day=TODAY, day_sent=1, day_used=10)),
    )

    assert _codes(facts) == [Code.READY]
    assert _codes(replace(facts, sequence=SEQUENCE)) == [Code.DAILY_LIMIT, Code.SENDER_CAP]


def test_an_unsubscribed_contact_holds_nothing_back_where_that_ends_no_enrollment():
    sequence = replace(SEQUENCE, exit_on_unsubscribe=False)

    assert _codes(replace(FACTS, sequence=sequence, contact=replace(CONTACT, unsubscribed_at=1))) == [Code.READY]


def test_an_active_one_without_a_step_left_is_finished():
    told = explain(replace(FACTS, enrollment=replace(FRESH, step=2)))

    assert [reason.code for reason in told.reasons] == [Code.FINISHED]
    assert (told.next_step, told.not_before) == (None, None)


@pytest.mark.parametrize(("lease", "code"), [(NOW + 1, Code.BEING_SENT), (NOW, Code.CLAIM_LAPSED)])
def test_a_claim_is_all_there_is_to_say(lease, code):
    held = replace(FRESH, owner="me", lease=lease)
    told = explain(replace(FACTS, enrollment=held, sequence=replace(SEQUENCE, status=SequenceStatus.PAUSED)))

    assert [reason.code for reason in told.reasons] == [code]
    assert (told.due_at, told.not_before) == (FRESH.due, None)


STOPS = {
    Code.CONTACT_GONE: {"contact": None},
    Code.SUPPRESSED: {"suppressed": True},
    Code.SEQUENCE_PENDING: {"sequence": replace(SEQUENCE, status=SequenceStatus.PENDING)},
    Code.SEQUENCE_PAUSED: {"sequence": replace(SEQUENCE, status=SequenceStatus.PAUSED)},
    Code.NO_SENDER: {"senders": ()},
    Code.SENDER_DISABLED: {"senders": (replace(FIVE, disabled_at=1), replace(SIX, disabled_at=1))},
}


@pytest.mark.parametrize("code", STOPS)
def test_what_does_not_pass_by_itself_is_told_and_no_time(code):
    told = explain(replace(FACTS, **STOPS[code]))

    assert [reason.code for reason in told.reasons] == [code]
    assert (told.due_at, told.not_before) == (FRESH.due, None)


def test_an_unsubscribed_contact_is_suppressed_like_its_address():
    assert _codes(replace(FACTS, contact=replace(CONTACT, unsubscribed_at=1))) == [Code.SUPPRESSED]


def test_all_that_holds_is_told_in_one_order():
    for person, status, senders, due, front in product(
        [{}, {"contact": None}, {"suppressed": True}],
        SequenceStatus,
        [(), (FIVE,), (replace(FIVE, disabled_at=1),)],
        [NOW - 1, NOW + 1],
        [0, 3],
    ):
        facts = replace(FACTS, senders=senders, in_front=front, **person)
        facts = replace(facts, sequence=replace(SEQUENCE, status=status), enrollment=replace(FRESH, due=due))
        told = explain(facts)
        expected = [Code.CONTACT_GONE] * (facts.contact is None) + [Code.SUPPRESSED] * facts.suppressed
        expected += [Code.SEQUENCE_PENDING] * (status is SequenceStatus.PENDING)
        expected += [Code.SEQUENCE_PAUSED] * (status is SequenceStatus.PAUSED)
        expected += [Code.NO_SENDER] * (not senders)
        expected += [Code.SENDER_DISABLED] * any(sender.disabled_at for sender in senders)
        stops = len(expected)
        expected += [Code.NOT_DUE] * (due > NOW) + [Code.WAITING_FOR_ITS_TURN] * (due <= NOW and front > 0)

        assert [reason.code for reason in told.reasons] == (expected or [Code.READY])
        assert told.not_before == (None if stops else max(due, NOW))


@pytest.mark.parametrize(("due", "codes"), [(NOW + 1, [Code.NOT_DUE]), (NOW, [Code.READY])])
def test_it_is_not_due_until_it_is(due, codes):
    told = explain(replace(FACTS, enrollment=replace(FRESH, due=due)))

    assert [reason.code for reason in told.reasons] == codes
    assert (told.due_at, told.not_before) == (due, due)


def test_a_mail_that_was_put_off_says_how_often():
    put_off = replace(FRESH, due=NOW + HOUR, attempts=2)

    message = explain(replace(FACTS, enrollment=put_off)).reasons[0].message
    assert iso(NOW + HOUR) in message
    assert "put off 2 times" in message


def test_the_limit_holds_back_first_steps_until_midnight_once_every_sender_has_reached_it():
    told = explain(replace(FACTS, lanes=_lanes(_full(5), _full(6))))

    assert [reason.code for reason in told.reasons] == [Code.DAILY_LIMIT]
    assert told.not_before == MIDNIGHT
    assert iso(MIDNIGHT) in told.reasons[0].message


@pytest.mark.parametrize("other", [_full(6, used=9), _full(6, day=TODAY - 1), _lane(6)], ids=["left", "old", "unused"])
def test_one_sender_with_room_is_enough(other):
    assert explain(replace(FACTS, lanes=_lanes(_full(5), other))).not_before == NOW
    assert _codes(replace(FACTS, lanes=_lanes(_full(5), other))) == [Code.READY]


def test_the_limit_does_not_count_for_a_sender_that_is_switched_off():
    senders = (FIVE, replace(SIX, disabled_at=1))

    assert _codes(replace(FACTS, senders=senders, lanes=_lanes(_full(5), _lane(6)))) == [Code.DAILY_LIMIT]


def test_follow_ups_do_not_wait_for_the_limit():
    facts = replace(FACTS, enrollment=FOLLOW_UP, senders=(FIVE,), lanes=_lanes(_full(5)))

    assert _codes(facts) == [Code.READY]
    assert explain(facts).not_before == NOW


def test_the_time_is_the_first_free_slot_of_any_sender_that_works():
    lanes = _lanes(_lane(5, next_free=NOW + HOUR), _lane(6, next_free=NOW + MINUTE))

    assert explain(replace(FACTS, lanes=lanes)).not_before == NOW + MINUTE
    assert explain(replace(FACTS, lanes=lanes, senders=(FIVE, replace(SIX, disabled_at=1)))).not_before == NOW + HOUR


@pytest.mark.parametrize(
    ("due", "free", "expected"),
    [(-HOUR, -HOUR, 0), (HOUR, MINUTE, HOUR), (MINUTE, HOUR, HOUR), (-HOUR, MINUTE, MINUTE)],
)
def test_the_time_is_the_later_of_due_and_slot_and_never_past(due, free, expected):
    facts = replace(FACTS, enrollment=replace(FRESH, due=NOW + due), senders=(FIVE,))

    assert explain(replace(facts, lanes=_lanes(_lane(5, next_free=NOW + free)))).not_before == NOW + expected


def test_what_has_a_slot_waits_for_nothing_else():
    slot = NOW + MINUTE
    lanes = _lanes(replace(_full(5), reserved=(Reservation(KEY, 0, 0, slot, slot + RESERVED_FOR),)), _full(6))

    told = explain(replace(FACTS, lanes=lanes, in_front=7))

    assert ([reason.code for reason in told.reasons], told.not_before) == ([Code.READY], slot)


OFFICE = replace(SEQUENCE, hours=Hours(((Span(9 * 60, 17 * 60),),) * 7, "UTC"))
NINE = TODAY * DAY + 9 * HOUR
assert NOW == NINE


@pytest.mark.parametrize(
    ("now", "zone", "opens"),
    [
        (NINE - 1, None, NINE),
        (NINE + 8 * HOUR, None, NINE + DAY),
        (NINE, "Asia/Tokyo", TODAY * DAY + DAY),
        (NINE, "Europe/Lisbon", None),
    ],
)
def test_closed_hours_are_a_reason_in_the_contact_s_zone(now, zone, opens):
    told = explain(replace(FACTS, sequence=OFFICE, now=now, enrollment=replace(FRESH, zone=zone)))

    assert [reason.code for reason in told.reasons] == [Code.READY if opens is None else Code.OUTSIDE_HOURS]
    assert told.not_before == (opens or now)
    assert opens is None or iso(opens) in told.reasons[0].message


def test_what_is_due_when_the_hours_open_is_not_due_and_nothing_else():
    deferred = replace(FRESH, due=NINE + DAY, timed=True)

    (reason,) = explain(replace(FACTS, sequence=OFFICE, now=NINE + 9 * HOUR, enrollment=deferred)).reasons

    assert reason == (Reason(Code.NOT_DUE, f"It is due at {iso(NINE + DAY)}, when its hours open."))


def test_hours_come_after_limit_and_pace():
    told = explain(replace(FACTS, sequence=OFFICE, lanes=_lanes(_full(5), _full(6))))

    assert [reason.code for reason in told.reasons] == [Code.DAILY_LIMIT]
    assert told.not_before == NINE + DAY


def test_a_resting_sender_is_a_reason_if_no_other_can_send_it():
    rests = replace(FIVE, resting_until=NOW + HOUR, trouble="no answer")

    assert _codes(replace(FACTS, senders=(rests, SIX))) == [Code.READY]
    told = explain(replace(FACTS, senders=(rests, replace(SIX, disabled_at=1))))
    assert [reason.code for reason in told.reasons] == [Code.SENDER_RESTING]
    assert (iso(NOW + HOUR) in told.reasons[0].message, "no answer" in told.reasons[0].message) == (True, True)
    assert told.not_before == NOW + HOUR
    assert _codes(replace(FACTS, senders=(replace(FIVE, resting_until=NOW),))) == [Code.READY]


def test_one_sender_may_rest_while_the_other_one_has_reached_its_limit():
    facts = replace(FACTS, senders=(replace(FIVE, resting_until=NOW + HOUR), SIX), lanes=_lanes(_full(6)))

    assert _codes(facts) == [Code.SENDER_RESTING, Code.DAILY_LIMIT]
    assert explain(facts).not_before == NOW + HOUR


def test_the_cap_of_the_sequence_counts_every_step_of_every_lane():
    capped = replace(FACTS, sequence=replace(SEQUENCE, daily_cap=5), enrollment=FOLLOW_UP, senders=(FIVE,))
    used = _lanes(_lane(5, day=TODAY, day_steps={1: 2}), _lane(6, day=TODAY, day_steps={1: 3}))

    told = explain(replace(capped, lanes=used))

    assert ([reason.code for reason in told.reasons], told.not_before) == ([Code.SEQUENCE_CAP], MIDNIGHT)
    assert _codes(replace(capped, lanes=_lanes(_lane(5, day=TODAY, day_steps={1: 4})))) == [Code.READY]


def test_what_is_under_way_may_give_its_place_back():
    under_way = Reservation(EnrollmentKey(1, 2), 0, 0, NOW, NOW + RESERVED_FOR)
    lanes = _lanes(replace(_full(5, used=9), reserved=(under_way,)))

    told = explain(replace(FACTS, senders=(FIVE,), lanes=lanes))

    assert ([reason.code for reason in told.reasons], told.not_before) == ([Code.DAILY_LIMIT], NOW + RESERVED_FOR)


def test_a_slot_that_passed_is_told_with_the_time_of_the_next_one():
    slot = NOW - GOOD_FOR - 1
    lanes = _lanes(_lane(5, reserved=(Reservation(KEY, 0, 0, slot, slot + RESERVED_FOR),)))

    told = explain(replace(FACTS, lanes=lanes))

    assert ([reason.code for reason in told.reasons], told.not_before) == ([Code.SLOT_MISSED], slot + RESERVED_FOR)


@pytest.mark.parametrize(
    "entry",
    [
        Reservation(KEY, 1, 0, NOW, NOW + RESERVED_FOR),
        Reservation(EnrollmentKey(1, 2), 0, 0, NOW, NOW + RESERVED_FOR),
        Reservation(KEY, 0, 0, NOW - RESERVED_FOR, NOW),
    ],
    ids=["another step", "another contact", "lapsed"],
)
def test_another_s_slot_or_one_that_lapsed_is_none(entry):
    lanes = _lanes(replace(_full(5), reserved=(entry,)), _full(6))

    assert _codes(replace(FACTS, lanes=lanes)) == [Code.DAILY_LIMIT]


@pytest.mark.parametrize(
    ("front", "words"),
    [(1, ": 1."), (MOST_COUNTED, ": 1000."), (MOST_COUNTED + 1, ": more than 1000.")],
)
def test_its_turn_is_told_by_how_many_are_in_front_of_it(front, words):
    (reason,) = explain(replace(FACTS, in_front=front)).reasons

    assert reason.code is Code.WAITING_FOR_ITS_TURN
    assert reason.message.endswith(words)


def test_its_place_matters_only_while_it_could_leave():
    assert is_up(FRESH, NOW)
    assert not is_up(replace(FRESH, due=NOW + 1), NOW)
    assert not is_up(replace(FRESH, owner="me", lease=NOW + LEASE), NOW)
    assert not is_up(replace(FRESH, state=EnrollmentState.PARKED), NOW)


def test_what_is_bound_asks_for_its_sender_only():
    bound = replace(FRESH, sender=7, bound=True)

    gone = explain(replace(FACTS, enrollment=bound, senders=()))

    assert [reason.code for reason in gone.reasons] == [Code.NO_SENDER]
    assert "bound" in gone.reasons[0].message


def test_a_sender_that_has_sent_what_it_may_names_the_next_day():
    sender = replace(FIVE, daily_mails=3)
    facts = replace(FACTS, enrollment=FOLLOW_UP, senders=(sender,), lanes=_lanes(_lane(5, day=TODAY, day_sent=3)))

    told = explain(facts)

    assert [reason.code for reason in told.reasons] == [Code.SENDER_CAP]
    assert told.not_before == MIDNIGHT


def test_mails_for_other_sequences_do_not_fill_the_cap_of_the_own_one():
    capped = replace(SEQUENCE, daily_cap=3)
    busy = _lanes(_lane(5, day=TODAY, day_sent=5, day_steps={1: 2, 2: 3}))

    assert _codes(replace(FACTS, sequence=capped, lanes=busy)) == [Code.READY]


def test_a_contact_without_an_address_is_as_good_as_gone():
    assert _codes(replace(FACTS, contact=replace(CONTACT, email=None))) == [Code.CONTACT_GONE]
