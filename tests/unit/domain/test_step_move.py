"""What becomes of a claimed step: by table, and for whatever enrollment, step and contact there may be."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drumbeat.domain.callee import Callee
from drumbeat.domain.contact import Contact
from drumbeat.domain.delivery import after
from drumbeat.domain.enrollment import Awaits, Enrollment, EnrollmentState, Lead, new_enrollment
from drumbeat.domain.ids import EnrollmentKey
from drumbeat.domain.sequence import (
    DraftStrategy,
    Sender,
    SenderKind,
    Sequence,
    SequenceStatus,
    Step,
    StepCondition,
    StepKind,
    next_turn,
)
from drumbeat.domain.step_move import (
    LOOK_AGAIN,
    MOST_DRAFT_REQUESTS,
    NO_ANSWER,
    NO_APP,
    NO_DRAFT,
    NO_INBOX,
    NO_PHONE,
    NO_PROFILE,
    STEP_GONE,
    Ask,
    Send,
    Situation,
    next_move,
)
from drumbeat.domain.times import DAY, MINUTE
from drumbeat.domain.verdict import Asked, Passed, Unknown, Waits, Withheld

NOW = 1_795_251_600_000
MAIL = Step(1, "Hi", "<p>Hi</p>", 0)
DRAFTED = replace(MAIL, draft=DraftStrategy.AI)
CONNECT = replace(MAIL, kind=StepKind.LINKEDIN_CONNECT)
CALL = replace(MAIL, kind=StepKind.CALL)
PAUSE = replace(MAIL, kind=StepKind.WAIT, delay_minutes=60)
INBOX = Sender(1, 5, None, None, "h", 25, "u", "s", "n", "f@acme.example", 10, 0)
APP = replace(INBOX, number=9, kind=SenderKind.CONNECTOR, host="https://app.example")
CONTACT = Contact(1, 1, 1, "p@corp.example", None, None, None, 0)
ADA = Callee("Ada", "+15551234567", {}, "UTC")
JANE = Lead(linkedin_url="https://www.linkedin.com/in/jane")
HERE = replace(
    new_enrollment(1, EnrollmentKey(1, 1), batch_number=1, batch_tag="t", now=NOW - DAY, bound_to=5), lead=JANE
)


def sequence(*steps: Step, **fields) -> Sequence:
    made = Sequence(1, 1, "n", SequenceStatus.ACTIVE, None, 1, 1, False, 8.0, steps, (), 0, connector=9)
    return replace(made, **fields)


def at(step: Step, **fields) -> Situation:
    enrollment = replace(HERE, **fields.pop("enrollment", {}))
    situation = Situation(enrollment, sequence(step, MAIL), CONTACT, INBOX, APP, has_draft=False, now=NOW)
    return replace(situation, **fields)


UNSUBSCRIBED = replace(CONTACT, unsubscribed_at=1)
GOES_ON = sequence(MAIL, exit_on_unsubscribe=False)
MOVES = {
    "a mail leaves": (at(MAIL), Send(MAIL, CONTACT)),
    "a mail without text is asked for": (at(DRAFTED), Ask(DRAFTED, Awaits.DRAFT, APP)),
    "a drafted mail leaves": (at(DRAFTED, enrollment={"drafted": 0}, has_draft=True), Send(DRAFTED, CONTACT)),
    "a lost draft is asked for": (at(DRAFTED, enrollment={"drafted": 0}), Ask(DRAFTED, Awaits.DRAFT, APP)),
    "another step's draft is none": (
        at(DRAFTED, enrollment={"drafted": 1}, has_draft=True),
        Ask(DRAFTED, Awaits.DRAFT, APP),
    ),
    "a step on linkedin is asked for": (at(CONNECT), Ask(CONNECT, Awaits.STEP, APP)),
    "a wait is passed over": (at(PAUSE), Passed()),
    "the contact is gone": (at(MAIL, contact=None), Withheld(EnrollmentState.REMOVED)),
    "the contact unsubscribed": (at(CONNECT, contact=UNSUBSCRIBED), Withheld(EnrollmentState.UNSUBSCRIBED)),
    "the step is gone": (at(MAIL, enrollment={"step": 2}), Withheld(EnrollmentState.FINISHED, STEP_GONE)),
    "nobody to mail, and none needed": (
        at(CONNECT, contact=None, enrollment={"relinked_to": 0}),
        Ask(CONNECT, Awaits.STEP, APP),
    ),
    "no address, where nobody relinks": (
        at(MAIL, contact=replace(CONTACT, email=None), sequence=sequence(MAIL, connector=None)),
        Withheld(EnrollmentState.REMOVED),
    ),
    "no inbox": (at(MAIL, sender=APP), Waits(None, NOW + LOOK_AGAIN, NO_INBOX)),
    "no profile": (at(CONNECT, enrollment={"lead": Lead("x")}), Waits(None, NOW + LOOK_AGAIN, NO_PROFILE)),
    "a urn is a profile": (
        at(CONNECT, enrollment={"lead": Lead(profile_urn="urn:li:1")}),
        Ask(CONNECT, Awaits.STEP, APP),
    ),
    "a call is asked for, whoever has no profile": (
        at(CALL, callee=ADA, enrollment={"lead": Lead()}),
        Ask(CALL, Awaits.STEP, APP),
    ),
    "a call needs no address": (
        at(CALL, callee=ADA, contact=replace(CONTACT, email=None)),
        Ask(CALL, Awaits.STEP, APP),
    ),
    "nobody to call": (at(CALL), Waits(None, NOW + LOOK_AGAIN, NO_PHONE)),
    "whom to call has been deleted": (at(CALL, enrollment={"has_callee": True}), Withheld(EnrollmentState.REMOVED)),
    "whom it calls has been deleted, before a mail": (
        at(MAIL, enrollment={"has_callee": True}),
        Withheld(EnrollmentState.REMOVED),
    ),
    "no dialler": (at(CALL, callee=ADA, app=None), Waits(None, NOW + LOOK_AGAIN, NO_APP)),
    "whom to call has unsubscribed": (
        at(CALL, callee=ADA, contact=UNSUBSCRIBED),
        Withheld(EnrollmentState.UNSUBSCRIBED),
    ),
    "a silent dialler": (at(CALL, callee=ADA, enrollment={"awaits": Awaits.STEP}), Unknown(NO_ANSWER)),
    "a silent app": (at(CONNECT, enrollment={"awaits": Awaits.STEP}), Unknown(NO_ANSWER)),
    "a silent app about a step that changed": (at(MAIL, enrollment={"awaits": Awaits.STEP}), Unknown(NO_ANSWER)),
    "no draft in time": (at(DRAFTED, enrollment={"awaits": Awaits.DRAFT}), Ask(DRAFTED, Awaits.DRAFT, APP)),
    "no draft in time, for the last time": (
        at(DRAFTED, enrollment={"awaits": Awaits.DRAFT, "attempts": MOST_DRAFT_REQUESTS - 1}),
        Withheld(EnrollmentState.FAILED, NO_DRAFT),
    ),
    "a draft that nobody wants any more": (at(MAIL, enrollment={"awaits": Awaits.DRAFT}), Waits(None, NOW, None)),
    "an acceptance that nobody waits for any more": (
        at(MAIL, enrollment={"awaits": Awaits.ACCEPT}),
        Waits(None, NOW, None),
    ),
}


@pytest.mark.parametrize("case", MOVES)
def test_this_is_what_becomes_of_it(case):
    situation, move = MOVES[case]

    assert next_move(situation) == move


@pytest.mark.parametrize(
    ("condition", "reply", "sent", "goes"),
    [
        (None, NOW, NOW - DAY, True),
        (StepCondition.NEVER_REPLIED, None, NOW - DAY, True),
        (StepCondition.NEVER_REPLIED, NOW - 2 * DAY, NOW - DAY, False),
        (StepCondition.NO_REPLY_TO_PREV, None, NOW - DAY, True),
        (StepCondition.NO_REPLY_TO_PREV, NOW - 2 * DAY, NOW - DAY, True),
        (StepCondition.NO_REPLY_TO_PREV, NOW - DAY, NOW - DAY, False),
        (StepCondition.NO_REPLY_TO_PREV, NOW, None, False),
    ],
)
def test_replies_forbid_what_the_condition_says(condition, reply, sent, goes):
    step = replace(MAIL, condition=condition)
    move = next_move(at(step, enrollment={"last_reply_at": reply, "last_sent_at": sent}))

    assert isinstance(move, Send) is goes
    assert isinstance(move, Passed) is not goes


def test_without_mails_a_step_of_an_unsubscribed_contact_is_passed_over_and_others_go_on():
    assert isinstance(next_move(at(MAIL, contact=UNSUBSCRIBED, sequence=GOES_ON)), Passed)
    assert isinstance(next_move(at(CONNECT, contact=UNSUBSCRIBED, sequence=replace(GOES_ON, steps=(CONNECT,)))), Ask)


def some(values) -> st.SearchStrategy:
    return st.none() | st.sampled_from(values)


INSTANTS = some([NOW - 2 * DAY, NOW - DAY, NOW])
STEPS = st.builds(
    Step,
    position=st.just(1),
    subject=st.just("s"),
    body_html=st.just("b"),
    delay_minutes=st.sampled_from([0, 5]),
    kind=st.sampled_from(StepKind),
    condition=some(list(StepCondition)),
    draft=st.sampled_from(DraftStrategy),
)
ENROLLMENTS = st.builds(
    lambda lead, **fields: replace(HERE, lead=lead, owner="me", lease=NOW, **fields),
    lead=st.sampled_from([Lead(), JANE]),
    step=st.integers(0, 4),
    relinked_to=some([0, 7]),
    awaits=some(list(Awaits)),
    asked=st.integers(0, 3),
    drafted=some([0, 1]),
    attempts=st.integers(0, MOST_DRAFT_REQUESTS),
    accepted_at=INSTANTS,
    last_reply_at=INSTANTS,
    last_sent_at=INSTANTS,
    put_off_since=INSTANTS,
)
SITUATIONS = st.builds(
    Situation,
    enrollment=ENROLLMENTS,
    sequence=st.builds(
        lambda steps, leaves, connector: sequence(*steps, exit_on_unsubscribe=leaves, connector=connector),
        st.lists(STEPS, min_size=1, max_size=4),
        st.booleans(),
        some([9]),
    ),
    contact=some([CONTACT, UNSUBSCRIBED, replace(CONTACT, email=None)]),
    sender=st.sampled_from([INBOX, APP]),
    app=some([APP]),
    has_draft=st.booleans(),
    now=st.just(NOW),
    callee=some([ADA]),
)


@given(SITUATIONS)
def test_nobody_unsubscribed_is_mailed_and_nothing_that_is_awaited_is_done(situation):
    move = next_move(situation)

    if isinstance(move, Send):
        assert situation.enrollment.awaits is None
        assert move.contact.unsubscribed_at is None
        assert move.contact.email is not None
        assert situation.sender.is_mailbox
    if isinstance(move, Ask) and move.step.kind is StepKind.CALL:
        assert situation.callee is not None
    if isinstance(move, Ask) and situation.enrollment.awaits is not None:
        assert (situation.enrollment.awaits, move.awaits) == (Awaits.DRAFT, Awaits.DRAFT)


@given(SITUATIONS)
def test_whatever_it_is_it_goes_on_later_or_says_why_it_ends(situation):
    move = next_move(situation)
    verdict = Asked(move.awaits, NOW + DAY) if isinstance(move, Ask) else move
    if isinstance(verdict, Send):
        return

    before = situation.enrollment
    ended = after(before, verdict, situation.sequence, situation.sender.number, NOW)

    assert (ended.owner, ended.lease) == (None, None)
    assert ended.step >= before.step
    if ended.state is EnrollmentState.ACTIVE:
        assert ended.due >= NOW
        assert ended.due > NOW or ended != replace(before, owner=None, lease=None)
        assert ended.timed or ended.step > 0
        assert ended.awaits is not Awaits.STEP or isinstance(move, Ask)
    else:
        assert _says_why(ended)


def _says_why(ended: Enrollment) -> bool:
    match ended.state:
        case EnrollmentState.FINISHED:
            return True
        case EnrollmentState.FAILED:
            return ended.exit_reason is not None
        case EnrollmentState.PARKED:
            return ended.parked_reason is not None and ended.awaits is Awaits.STEP
    return ended.state in {EnrollmentState.REMOVED, EnrollmentState.UNSUBSCRIBED}


def test_waits_are_folded_into_the_delay_of_what_follows_them():
    steps = (MAIL, PAUSE, PAUSE, replace(CONNECT, delay_minutes=5), PAUSE)

    assert next_turn(steps, 1) == (3, 125)
    assert next_turn(steps, 3) == (3, 5)
    assert next_turn(steps, 4) == (4, 60)


def test_the_last_wait_ends_the_sequence_when_it_is_over():
    plan = sequence(MAIL, PAUSE)
    waiting = after(replace(HERE, step=0), Passed("why"), plan, 5, NOW)

    assert (waiting.step, waiting.due, waiting.remark) == (1, NOW + 60 * MINUTE, "why")
    assert after(waiting, Passed(), plan, 5, NOW).state is EnrollmentState.FINISHED
