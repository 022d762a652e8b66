"""Reports about mails may come late, twice and in any order: the end is the same (I10)."""

from dataclasses import replace
from functools import reduce
from itertools import combinations, permutations
from random import Random

import pytest

from drumbeat.domain.enrollment import Enrollment, EnrollmentState
from drumbeat.domain.ids import EnrollmentKey
from drumbeat.domain.provider_event import Fate, ProviderEvent, SentMail, is_known, is_under_way, reported
from drumbeat.domain.sequence import Sequence, SequenceStatus, Step
from drumbeat.domain.times import DAY, MINUTE

NOW = 1_795_251_600_000
KEY = EnrollmentKey(1, 1)
STEPS = tuple(Step(place, "x", "y", 10) for place in (1, 2, 3))
SEQUENCE = Sequence(1, 1, "s", SequenceStatus.ACTIVE, None, 0, 0, False, 8.0, STEPS, (1,), 0)
SHORT = replace(SEQUENCE, steps=STEPS[:2])
MAIL = SentMail(1, KEY, 1, 2, KEY.contact)
THREAD = "<0102@email.amazonses.com>"


def enrollment(state=EnrollmentState.ACTIVE, **fields):
    base = Enrollment(1, KEY, state, 1, NOW - DAY, 2, 1, "t", 0, sender=1, sent_at=NOW - DAY, last_sent_at=NOW - DAY)
    return replace(base, **fields)


def event(fate, reason="", **fields):
    return ProviderEvent("token", fate, reason, message_id=THREAD, **fields)


PARKED = enrollment(EnrollmentState.PARKED, parked_at=NOW - MINUTE, parked_reason="no answer")
STARTS = {
    "parked": PARKED,
    "waiting for its next step": enrollment(step=2, due=NOW + DAY),
    "finished": enrollment(EnrollmentState.FINISHED, step=3),
    "sending a later step": enrollment(step=2, owner="me", lease=NOW + MINUTE),
    "put off, though the mail left": enrollment(attempts=3, put_off_since=NOW - DAY),
    "unsubscribed while in doubt": enrollment(
        EnrollmentState.UNSUBSCRIBED, unsubscribed_at=NOW - DAY, parked_at=NOW - MINUTE, parked_reason="died"
    ),
    "removed": enrollment(EnrollmentState.REMOVED),
    "bounced": enrollment(EnrollmentState.BOUNCED, bounced_at=NOW - DAY, bounce_reason="550 no"),
    "replied": enrollment(EnrollmentState.REPLIED, step=2, replied_at=NOW - DAY),
}
OLD_STEP = replace(MAIL, step=0)
OLD_EPOCH = replace(MAIL, epoch=1)
TAKEN = MAIL, event(Fate.TAKEN)
BOUNCED = MAIL, event(Fate.BOUNCED, "permanent")
COMPLAINED = MAIL, event(Fate.COMPLAINED)
REFUSED = MAIL, event(Fate.REFUSED, "content")
LATE = MAIL, event(Fate.WAITING, "late")
SOFT = MAIL, event(Fate.SOFT_BOUNCED, "full")
DOUBTFUL = MAIL, event(Fate.DOUBTFUL, "policy")
EVENTS = {
    "taken": TAKEN,
    "bounced": BOUNCED,
    "bounced in other words": (MAIL, event(Fate.BOUNCED, "again")),
    "complained": COMPLAINED,
    "refused": REFUSED,
    "late": LATE,
    "soft": SOFT,
    "doubtful": DOUBTFUL,
    "older step bounced": (OLD_STEP, event(Fate.BOUNCED, "older")),
    "older step complained": (OLD_STEP, event(Fate.COMPLAINED)),
    "older step taken": (OLD_STEP, event(Fate.TAKEN)),
    "older epoch taken": (OLD_EPOCH, event(Fate.TAKEN)),
    "older epoch refused": (OLD_EPOCH, event(Fate.REFUSED, "old content")),
}


def after(start, *reports, sequence=SEQUENCE):
    return reduce(lambda known, report: reported(known, *report, sequence, NOW), reports, start)


@pytest.mark.parametrize("sequence", [SEQUENCE, SHORT], ids=["a step is left", "that was the last one"])
@pytest.mark.parametrize("start", STARTS.values(), ids=STARTS)
def test_every_order_of_reports_ends_the_same_with_repeats_and_without(start, sequence):
    """All orders of some three and some five, each by itself and followed by all again in another order."""
    rng = Random(7)  # noqa: S311
    names = sorted(EVENTS)
    three = rng.sample(list(combinations(names, 3)), 90)
    for some in (*three, *(rng.sample(names, 5) for _ in range(3))):
        ends = set()
        for order in permutations(some):
            again = rng.sample(order, len(order))
            for told in (order, (*order, *again)):
                ends.add(after(start, *(EVENTS[name] for name in told), sequence=sequence))
        assert len(ends) == 1, some


@pytest.mark.parametrize("start", STARTS.values(), ids=STARTS)
@pytest.mark.parametrize("report", EVENTS.values(), ids=EVENTS)
def test_a_report_that_comes_forty_six_times_counts_once(start, report):
    assert after(start, *[report] * 46) == after(start, report)


@pytest.mark.parametrize("start", STARTS.values(), ids=STARTS)
@pytest.mark.parametrize("report", EVENTS.values(), ids=EVENTS)
def test_nothing_that_was_stopped_ever_sends_again(start, report):
    if start.state not in {EnrollmentState.ACTIVE, EnrollmentState.PARKED}:
        assert after(start, report).state is not EnrollmentState.ACTIVE


def test_a_mail_in_doubt_that_the_provider_has_counts_as_sent_when_it_was_parked():
    told = after(PARKED, TAKEN)

    assert (told.state, told.step, told.epoch) == (EnrollmentState.ACTIVE, 2, 2)
    assert told.last_sent_at == NOW - MINUTE
    assert told.due == NOW + 9 * MINUTE
    assert told.parked_reason is None


def test_a_follow_up_is_threaded_under_the_id_that_the_provider_gave():
    assert after(PARKED, TAKEN).thread == THREAD
    assert after(replace(PARKED, thread="<first@acme.example>"), TAKEN).thread == "<first@acme.example>"


def test_a_mail_that_the_provider_has_is_not_sent_again_though_we_thought_it_had_not_left():
    told = after(STARTS["put off, though the mail left"], TAKEN)

    assert (told.step, told.attempts, told.put_off_since) == (2, 0, None)


@pytest.mark.parametrize("report", [BOUNCED, REFUSED], ids=["bounced", "refused"])
@pytest.mark.parametrize("start", ["parked", "waiting for its next step", "finished"])
def test_a_mail_that_will_not_arrive_ends_its_enrollment(start, report):
    told = after(STARTS[start], report)

    assert (told.state, told.bounced_at, told.bounce_reason) == (EnrollmentState.BOUNCED, NOW, report[1].reason)


def test_a_complaint_ends_it_as_an_unsubscribe():
    told = after(STARTS["waiting for its next step"], COMPLAINED)

    assert (told.state, told.unsubscribed_at) == (EnrollmentState.UNSUBSCRIBED, NOW)


@pytest.mark.parametrize("start", STARTS.values(), ids=STARTS)
@pytest.mark.parametrize("name", ["late", "older step taken", "older epoch taken", "older epoch refused"])
def test_what_decides_nothing_changes_nothing(start, name):
    assert after(start, EVENTS[name]) == start


def test_a_mail_that_was_started_anew_is_not_settled_by_the_old_one_s_report():
    assert after(replace(PARKED, epoch=3), TAKEN).state is EnrollmentState.PARKED
    assert after(replace(PARKED, epoch=3), BOUNCED).state is EnrollmentState.BOUNCED


def test_a_worker_that_sends_a_later_step_keeps_its_claim():
    told = after(STARTS["sending a later step"], BOUNCED)

    assert (told.state, told.owner, told.lease) == (EnrollmentState.BOUNCED, "me", NOW + MINUTE)


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (enrollment(owner="me"), True),
        (enrollment(), False),
        (enrollment(owner="me", step=2), False),
        (enrollment(owner="me", epoch=3), False),
    ],
)
def test_only_the_mail_that_is_claimed_is_under_way(found, expected):
    assert is_under_way(found, MAIL) is expected


@pytest.mark.parametrize("start", STARTS.values(), ids=STARTS)
@pytest.mark.parametrize("report", EVENTS.values(), ids=EVENTS)
def test_what_is_known_without_a_look_at_the_sequence_changes_nothing(start, report):
    if is_known(start, *report):
        assert after(start, report) == start
    else:
        assert report[1].fate is not Fate.TAKEN or (start.step, start.epoch) == (report[0].step, report[0].epoch)
