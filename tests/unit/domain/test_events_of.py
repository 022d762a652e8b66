"""Events: every fact is told by exactly one write, under one id, and what is no fact is not told."""

from dataclasses import fields, replace
from itertools import pairwise, permutations
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drumbeat.domain.delivery import after, bounced, parked, sent, stopped
from drumbeat.domain.enrollment import Awaits, Enrollment, EnrollmentState, new_enrollment
from drumbeat.domain.event import EnrollmentChange, Event, EventKind, SenderChange, SequenceChange, instant_of
from drumbeat.domain.events_of import events_of
from drumbeat.domain.ids import EnrollmentKey
from drumbeat.domain.lifecycle import deleted, finished, paused, resumed
from drumbeat.domain.mail_signal import MailSignal, SignalKind, mark_of, with_implied
from drumbeat.domain.resolution import Decision, resolved
from drumbeat.domain.sender_health import SWITCHED_OFF
from drumbeat.domain.sequence import Sender, SenderKind, Sequence, SequenceStatus, Step
from drumbeat.domain.verdict import Accepted, Rejected, Retry, Unknown, Withheld

NOW = 1_795_251_600_000
STEPS = tuple(Step(place, "Hello", "<p>Hi</p>", 0) for place in range(1, 4))
SEQUENCE = Sequence(1, 1, "Spring", SequenceStatus.ACTIVE, None, 0, 0, False, 8.0, STEPS, (1,), NOW)
FRESH = new_enrollment(1, EnrollmentKey(1, 1), batch_number=1, batch_tag="t", now=NOW)
HELD = replace(FRESH, owner="me", lease=NOW + 1)
SENT = sent(FRESH, SEQUENCE, NOW)
LAST = sent(sent(SENT, SEQUENCE, NOW + 1), SEQUENCE, NOW + 2)
# What is a fact of its own, or decides whether something else is one; every other field may become anything.
_FACTS = {
    "state", "step", "last_sent_at", "replied_at", "last_reply_at", "bounced_at", "unsubscribed_at", "finished_at",
    "tenant", "key", "batch_tag", "last_call", "marks",
}  # fmt: skip
_NO_FACTS = sorted({field.name for field in fields(Enrollment)} - _FACTS)


def told(old: Enrollment, new: Enrollment, at: int = NOW) -> list[Event]:
    return events_of(EnrollmentChange(old, new, at))


def kinds(old: Enrollment, new: Enrollment) -> list[EventKind]:
    return [event.kind for event in told(old, new)]


def test_an_accepted_mail_fires_its_step():
    (event,) = told(HELD, after(HELD, Accepted(), SEQUENCE, 1, NOW + 5))

    assert (event.kind, event.step, event.at) == (EventKind.STEP_FIRED, 0, NOW + 5)


def test_the_last_step_fires_and_completes():
    held = replace(SENT, step=2, owner="me")

    assert kinds(held, after(held, Accepted(), SEQUENCE, 1, NOW + 5)) == [EventKind.STEP_FIRED, EventKind.COMPLETED]


def test_what_completes_with_its_last_step_does_not_do_so_before_it():
    """The stream's own instants are whole seconds."""
    held = replace(SENT, step=2, owner="me")
    _, completed = told(held, after(held, Accepted(), SEQUENCE, 1, NOW + 520), at=NOW)

    assert completed.at == NOW + 520


def test_a_step_that_is_passed_over_does_not_fire():
    assert kinds(SENT, replace(SENT, step=2, due=NOW + 9, remark="step 2 was passed over")) == []


def test_running_out_of_steps_otherwise_completes_and_says_why():
    over = replace(SENT, state=EnrollmentState.FINISHED, exit_reason="its step was removed")
    (event,) = told(SENT, over, at=NOW + 7)

    assert (event.kind, event.at, event.reason) == (EventKind.COMPLETED, NOW + 7, "its step was removed")


def test_what_somebody_has_finished_is_not_completed():
    assert kinds(SENT, finished(SENT, NOW)) == []


def test_a_mail_that_leaves_beside_a_stop_fires_all_the_same():
    stopped_meanwhile = replace(HELD, state=EnrollmentState.UNSUBSCRIBED, unsubscribed_at=NOW)
    settled = replace(stopped_meanwhile, step=1, sent_at=NOW + 5, last_sent_at=NOW + 5, owner=None, lease=None)

    assert kinds(stopped_meanwhile, settled) == [EventKind.STEP_FIRED]


@pytest.mark.parametrize("verdict", [Retry("busy"), Unknown("no answer"), Withheld(EnrollmentState.REMOVED)], ids=str)
def test_what_has_not_left_for_sure_fires_nothing(verdict):
    assert kinds(HELD, after(HELD, verdict, SEQUENCE, 1, NOW)) == []


def test_a_bounce_is_told_with_its_reason_once_even_if_a_better_one_comes():
    gone = after(HELD, Rejected(550, "no such user"), SEQUENCE, 1, NOW)
    (event,) = told(HELD, gone)

    assert (event.kind, event.reason, event.at) == (EventKind.BOUNCED, "550 no such user", NOW)
    assert kinds(gone, replace(gone, bounce_reason="5.1.1")) == []


def test_every_later_reply_of_who_stays_is_an_event_of_its_own():
    first = replace(SENT, last_reply_at=NOW + 10)
    second = replace(first, last_reply_at=NOW + 20)

    (one,), (two,) = told(SENT, first), told(first, second)
    assert (one.kind, one.at, two.at) == (EventKind.REPLIED, NOW + 10, NOW + 20)
    assert one.id != two.id


def test_a_reply_that_ends_it_is_told_once():
    over = replace(SENT, state=EnrollmentState.REPLIED, replied_at=NOW + 10, last_reply_at=NOW + 10)

    assert kinds(SENT, over) == [EventKind.REPLIED]


def test_an_unsubscribe_and_a_failure_are_told():
    assert kinds(SENT, stopped(SENT, EnrollmentState.UNSUBSCRIBED, NOW)) == [EventKind.UNSUBSCRIBED]
    failed = replace(SENT, state=EnrollmentState.FAILED, exit_reason="the app said no")
    (event,) = told(SENT, failed, at=NOW + 3)
    assert (event.kind, event.reason, event.at) == (EventKind.FAILED, "the app said no", NOW + 3)


def test_a_mail_that_somebody_sends_again_fires_again():
    doubted = parked(SENT, "no answer", NOW + 1)
    again = resolved(doubted, Decision.RESEND, SEQUENCE, NOW + 2)

    (once,), (twice,) = told(doubted, sent(doubted, SEQUENCE, NOW + 3)), told(again, sent(again, SEQUENCE, NOW + 3))
    assert once.id != twice.id


def test_what_was_parked_fires_once_it_is_known_to_have_left():
    doubted = parked(SENT, "no answer", NOW + 60)
    (event,) = told(doubted, resolved(doubted, Decision.ACCEPTED, SEQUENCE, NOW + 999))

    assert (event.kind, event.at, event.step) == (EventKind.STEP_FIRED, NOW + 60, 1)


@given(st.sampled_from([FRESH, HELD, SENT, LAST, bounced(SENT, "no", NOW)]), st.data())
def test_fields_that_are_no_facts_tell_nothing(enrollment, data):
    name = data.draw(st.sampled_from(_NO_FACTS))
    value = data.draw(st.sampled_from([None, 0, 7, NOW + 1, "text", True]))

    assert told(enrollment, replace(enrollment, **{name: value})) == []


def _moves(enrollment: Enrollment, now: int) -> list[Enrollment]:
    """What may become of an enrollment next."""
    moves = [replace(enrollment, opened_at=enrollment.opened_at or now), deleted(enrollment)]
    if enrollment.unsubscribed_at is None:
        moves.append(stopped(enrollment, EnrollmentState.UNSUBSCRIBED, now))
    if enrollment.bounced_at is None:
        moves.append(bounced(enrollment, "no", now))
    if enrollment.state is EnrollmentState.ACTIVE:
        moves += [paused(enrollment, "by a user", now), parked(enrollment, "no answer", now), finished(enrollment, now)]
        moves += [replace(enrollment, last_reply_at=now), sent(enrollment, SEQUENCE, now)]
    if enrollment.state is EnrollmentState.PAUSED:
        moves.append(resumed(enrollment, SEQUENCE))
    if enrollment.state is EnrollmentState.PARKED:
        moves += [resolved(enrollment, decision, SEQUENCE, now) for decision in Decision]
    return moves


def _history(seed: int) -> list[EnrollmentChange]:
    chance, now = Random(seed), NOW  # noqa: S311 - cases, not secrets
    states = [FRESH]
    for _ in range(25):
        now += chance.randrange(1, 1000)
        states.append(chance.choice(_moves(states[-1], now)))
    return [EnrollmentChange(old, new, NOW) for old, new in pairwise(states)]


@given(st.integers(0, 10_000))
def test_in_a_whole_life_no_fact_is_told_twice_and_none_is_left_out(seed):
    history = _history(seed)
    events = [event for change in history for event in events_of(change)]

    assert len({event.id for event in events}) == len(events)
    counted = {kind: sum(event.kind is kind for event in events) for kind in EventKind}
    last = history[-1].new
    assert counted[EventKind.BOUNCED] == (last.bounced_at is not None)
    assert counted[EventKind.UNSUBSCRIBED] == (last.unsubscribed_at is not None)
    assert counted[EventKind.STEP_FIRED] == last.step
    assert counted[EventKind.COMPLETED] <= 1


@given(st.integers(0, 10_000), st.randoms())
def test_order_and_repeats_of_what_the_stream_says_do_not_matter(seed, chance):
    history = _history(seed)
    disturbed = [*history, *chance.sample(history, 5)]
    chance.shuffle(disturbed)

    def ids(changes: list[EnrollmentChange]) -> set[str]:
        return {event.id for change in changes for event in events_of(change)}

    assert ids(disturbed) == ids(history)


def test_ids_differ_between_tenants_enrollments_runs_kinds_and_instants():
    over = replace(LAST, state=EnrollmentState.FINISHED)
    others = [
        Event(EventKind.COMPLETED, over, NOW),
        Event(EventKind.FAILED, over, NOW),
        Event(EventKind.COMPLETED, replace(over, tenant=2), NOW),
        Event(EventKind.COMPLETED, replace(over, key=EnrollmentKey(1, 2)), NOW),
        Event(EventKind.COMPLETED, replace(over, key=EnrollmentKey(2, 1)), NOW),
        Event(EventKind.COMPLETED, replace(over, key=EnrollmentKey(1, 1, 1)), NOW),
        Event(EventKind.COMPLETED, replace(over, batch_tag="again"), NOW),
        Event(EventKind.COMPLETED, over, NOW + 1),
    ]

    assert len({event.id for event in others}) == len(others)


INSTANTS = {
    SignalKind.OPENED: ("opened_at",),
    SignalKind.CLICKED: ("opened_at",),
    SignalKind.REPLIED: ("replied_at", "last_reply_at"),
    SignalKind.BOUNCED: ("bounced_at",),
    SignalKind.UNSUBSCRIBED: ("unsubscribed_at",),
}


def marked(enrollment: Enrollment, signal: MailSignal, at: int) -> Enrollment:
    """The enrollment once the signal is noted: the first of its kind leaves its instants."""
    marks = {mark_of(each): at for each in with_implied(signal)}
    instants = {name: at for name in INSTANTS.get(signal.kind, ()) if getattr(enrollment, name) is None}
    return replace(enrollment, marks={**marks, **enrollment.marks}, **instants)


def signal(kind: SignalKind, step: int = 0, sender: int = 17) -> MailSignal:
    return MailSignal(kind, step, sender)


def test_every_order_of_six_signals_amounts_to_the_same_events():
    kinds_of_six = (
        SignalKind.OPENED, SignalKind.CLICKED, SignalKind.REPLIED, SignalKind.BOUNCED, SignalKind.UNSUBSCRIBED,
        SignalKind.OUT_OF_OFFICE,
    )  # fmt: skip
    ends = set()
    for order in permutations(kinds_of_six):
        states = [SENT]
        for kind in order:
            states.append(marked(states[-1], signal(kind), NOW + 9))
        events = [event for old, new in pairwise(states) for event in told(old, new)]
        ends.add(frozenset((event.id, event.kind, event.step, event.sender, event.first) for event in events))
    (end,) = ends
    assert len(end) == 7  # a mail that came back is an event, and so is the bounce of its enrollment


@pytest.mark.parametrize("kind", [kind for kind in SignalKind if kind not in INSTANTS])
def test_a_signal_is_one_event_about_its_mail_and_none_when_it_comes_again(kind):
    once = marked(SENT, signal(kind, 1, 18), NOW + 5)
    (event,) = told(SENT, once)

    assert (event.step, event.sender, event.at, event.first) == (1, 18, NOW + 5, True)
    assert told(once, marked(once, signal(kind, 1, 18), NOW + 9)) == []
    (another,) = told(once, marked(once, signal(kind, 2, 18), NOW + 9))
    assert (another.first, another.id == event.id) == (False, False)


def test_a_click_tells_of_the_open_that_nobody_saw():
    clicked = marked(SENT, signal(SignalKind.CLICKED), NOW + 5)

    assert {event.kind for event in told(SENT, clicked)} == {EventKind.CLICKED, EventKind.OPENED}
    assert told(clicked, marked(clicked, signal(SignalKind.OPENED), NOW + 9)) == []


def test_the_first_open_is_the_first_by_a_human_whatever_was_opened_before_marks_were_kept():
    machine = marked(SENT, signal(SignalKind.MACHINE_OPENED), NOW + 1)
    (opened,) = told(machine, marked(machine, signal(SignalKind.OPENED), NOW + 2))
    assert opened.first
    before = replace(SENT, opened_at=NOW)
    (opened,) = told(before, marked(before, signal(SignalKind.OPENED), NOW + 2))
    assert not opened.first


def test_a_mail_that_came_back_bounces_its_enrollment_and_a_refused_one_has_not_come_back():
    back = told(SENT, marked(SENT, signal(SignalKind.BOUNCED), NOW + 1))
    assert [(event.kind, event.is_sync, event.sender) for event in back] == [
        (EventKind.RETURNED, False, 17),
        (EventKind.BOUNCED, False, 17),
    ]
    (refused,) = told(HELD, after(HELD, Rejected(550, "no"), SEQUENCE, 1, NOW))
    assert (refused.kind, refused.is_sync, refused.step) == (EventKind.BOUNCED, True, 0)


def test_what_the_app_does_is_no_mail_and_what_is_sent_is():
    waiting = replace(SENT, awaits=Awaits.STEP)
    (done,), (mailed,) = told(waiting, sent(waiting, SEQUENCE, NOW + 1)), told(SENT, sent(SENT, SEQUENCE, NOW + 1))
    assert (done.is_mail, mailed.is_mail) == (False, True)


def test_one_reply_that_both_the_app_and_the_mailbox_tell_of_counts_once():
    def reply(enrollment: Enrollment, place: int, step: int | None) -> Enrollment:
        if step is not None:
            return marked(enrollment, signal(SignalKind.REPLIED, step), NOW + place)
        return replace(enrollment, last_reply_at=NOW + place, replied_at=enrollment.replied_at or NOW + place)

    for order in permutations((None, 0, 1)):
        states = [SENT]
        for place, step in enumerate(order, start=1):
            states.append(reply(states[-1], place, step))
        events = [event for old, new in pairwise(states) for event in told(old, new)]
        assert sum(event.counted for event in events) == 2
        assert [event.first for event in events] == [True, False, False]


def test_who_unsubscribes_does_so_for_the_mail_that_is_named_or_the_last_one():
    (named,) = told(LAST, marked(LAST, signal(SignalKind.UNSUBSCRIBED, 1, 18), NOW + 9))
    by_itself = replace(LAST, sender=19)
    (last,) = told(by_itself, replace(by_itself, unsubscribed_at=NOW + 9))
    assert (named.step, named.sender, last.step, last.sender) == (1, 18, 2, 19)


def test_an_event_s_id_says_when_it_happened_and_sorts_by_that():
    early, late = (Event(EventKind.COMPLETED, LAST, at) for at in (NOW, NOW + 1))

    assert (instant_of(early.id), instant_of(late.id)) == (NOW, NOW + 1)
    assert early.id < late.id
    assert instant_of(Event(EventKind.COMPLETED, LAST, -1).id) == 0  # a server that counts from before 1970
    assert [instant_of(text) for text in ("", "evt_", early.id + "0", early.id.upper(), early.id[4:])] == 5 * [None]


SENDER = Sender(1, 17, 1, None, "smtp.example", 587, "u", "", "Ada", "ada@example.com", 50, NOW)


def test_a_sender_that_we_have_switched_off_is_told_and_one_that_a_user_has_is_not():
    off = replace(SENDER, disabled_at=NOW + 1, disabled_reason="the login was refused 3 times in a row")
    (event,) = events_of(SenderChange(SENDER, off, NOW))

    assert (event.kind, event.sender, event.sequence, event.at) == (EventKind.SENDER_DISABLED, 17, 1, NOW + 1)
    assert events_of(SenderChange(off, replace(off, revision=9), NOW)) == []
    assert events_of(SenderChange(off, SENDER, NOW)) == []
    assert events_of(SenderChange(SENDER, replace(off, disabled_reason=SWITCHED_OFF), NOW)) == []
    app = replace(SENDER, kind=SenderKind.CONNECTOR)
    assert events_of(SenderChange(app, replace(off, kind=SenderKind.CONNECTOR), NOW)) == []


def test_a_sequence_that_we_have_paused_is_told_and_one_that_a_user_has_is_not():
    paused_by_us = replace(SEQUENCE, status=SequenceStatus.PAUSED, paused_reason="nobody is left to send it")
    (event,) = events_of(SequenceChange(SEQUENCE, paused_by_us, NOW))

    assert (event.kind, event.sequence, event.reason) == (EventKind.SEQUENCE_PAUSED, 1, "nobody is left to send it")
    assert events_of(SequenceChange(paused_by_us, replace(paused_by_us, name="x"), NOW)) == []
    assert events_of(SequenceChange(SEQUENCE, replace(paused_by_us, paused_reason=None), NOW)) == []
    with pytest.raises(TypeError):
        _ = event.enrollment
