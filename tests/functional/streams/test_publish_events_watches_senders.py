"""A sender of whose mails too many come back is switched off, once; a sequence that nobody can send is paused."""

from dataclasses import replace
from itertools import count

import pytest

from drumbeat import bootstrap
from drumbeat.adapters.dynamodb.sequence_items import sender_item, sequence_item
from drumbeat.application.senders import reenable_sender
from drumbeat.application.sequences import resume_sequence
from drumbeat.domain.errors import NobodyToSend
from drumbeat.domain.event import EventKind
from drumbeat.domain.mail_signal import MailSignal, SignalKind
from drumbeat.domain.sender_health import SWITCHED_OFF, after_trouble
from drumbeat.domain.sequence import Sender, Sequence, SequenceStatus
from drumbeat.domain.times import DAY, HOUR
from drumbeat.domain.verdict import SenderTrouble
from tests.faults import dies
from tests.listening import Wire
from tests.logged_events import event, log
from tests.stage import SEQUENCE, START, TENANT, Stage

OTHER = 2
_people = count(1_000)


@pytest.fixture
def stage(aws, monkeypatch, server):
    """A sequence with two senders, and two contacts who wait for its mails."""
    stage = Stage(monkeypatch)
    stage.open([server, server], contacts=2)
    stage.wire = Wire(aws)  # type: ignore[attr-defined]
    stage.wire.written()
    return stage


def counted(sent: int, *, bounced: int = 0, rejected: int = 0, complained: int = 0, at: int = START, sender: int = 1):
    """So many mails of a sender were sent on a day, of which so many fared so."""
    kinds = {
        EventKind.STEP_FIRED: sent,
        EventKind.RETURNED: bounced,
        EventKind.BOUNCED: rejected,
        EventKind.COMPLAINED: complained,
    }
    log(
        *(
            event(TENANT, kind, at, contact=next(_people), sender=sender)
            for kind, many in kinds.items()
            for _ in range(many)
        )
    )


def one_more_bounces(stage: Stage, *, sender: int = 1, step: int = 0) -> None:
    """Another mail of the sender comes back, and the stream tells of it."""
    signal = MailSignal(SignalKind.BOUNCED, step, sender)
    assert bootstrap.signals().note(TENANT, stage.enrollment(1).key, signal, stage.now)
    publish(stage)


def publish(stage: Stage) -> None:
    """The stream tells of all there is, also of what that leads to."""
    while records := stage.wire.written():  # type: ignore[attr-defined]
        assert stage.wire.publish(records) == []  # type: ignore[attr-defined]


def sender(number: int = 1) -> Sender:
    found = bootstrap.sequences().sender(TENANT, number)
    assert found is not None
    return found


def sequence(number: int = SEQUENCE) -> Sequence:
    found = bootstrap.sequences().get(TENANT, number)
    assert found is not None
    return found


def kinds(stage: Stage) -> list[EventKind]:
    """What the log tells of senders and sequences."""
    about = {EventKind.SENDER_DISABLED, EventKind.SEQUENCE_PAUSED}
    logged = bootstrap.event_log().between(TENANT, START - DAY, stage.now + 9 * DAY)
    return sorted(found.kind for found in logged if found.kind in about)


def reenable(stage: Stage, number: int = 1) -> None:
    options = {"tenant": TENANT, "sequence_number": SEQUENCE, "number": number, "now": stage.now}
    reenable_sender(bootstrap.sequences(), bootstrap.lanes(), **options)


def test_a_sender_above_the_threshold_is_switched_off_and_the_other_one_goes_on(stage):
    counted(100, bounced=8)

    one_more_bounces(stage)

    assert sender().disabled_at == stage.now
    assert sender().disabled_reason == "9 of 100 mails of 7 days bounced, more than 8 %"
    assert sender(2).disabled_at is None
    assert (sequence().status, sequence().paused_reason) == (SequenceStatus.ACTIVE, None)
    assert kinds(stage) == [EventKind.SENDER_DISABLED]


@pytest.mark.parametrize(
    "fared",
    [
        {"sent": 100, "bounced": 7},  # the eighth reaches the threshold, and no more
        {"sent": 49, "bounced": 30},  # too few mails
        {"sent": 40, "rejected": 9},
        {"sent": 300, "complained": 2},
    ],
    ids=str,
)
def test_a_sender_up_to_the_threshold_or_of_few_mails_goes_on(stage, fared):
    counted(**fared)

    one_more_bounces(stage)

    assert sender().disabled_at is None


@pytest.mark.parametrize("fared", [{"sent": 46, "rejected": 4}, {"sent": 300, "complained": 3}], ids=str)
def test_what_a_server_refused_counts_too_and_so_do_complaints(stage, fared):
    counted(**fared)

    one_more_bounces(stage)

    assert sender().disabled_at is not None


@pytest.mark.parametrize(("days", "stops"), [(6, True), (7, False)])
def test_the_last_seven_days_count(stage, days, stops):
    counted(100, bounced=50, at=START - days * DAY)
    counted(50)

    one_more_bounces(stage)

    assert (sender().disabled_at is not None) is stops


def test_each_sender_is_watched_by_itself(stage):
    counted(100, bounced=20, sender=2)
    counted(100)

    one_more_bounces(stage)

    assert (sender(1).disabled_at, sender(2).disabled_at) == (None, None)


def test_when_the_last_sender_goes_the_sequence_is_paused_and_says_how_to_go_on(stage):
    counted(100, bounced=20)
    counted(100, bounced=20, sender=2)
    one_more_bounces(stage)
    one_more_bounces(stage, sender=2)

    assert sequence().status is SequenceStatus.PAUSED
    assert "switch one on" in (sequence().paused_reason or "")
    assert kinds(stage) == [EventKind.SENDER_DISABLED, EventKind.SENDER_DISABLED, EventKind.SEQUENCE_PAUSED]


def test_a_sequence_that_nobody_can_send_is_not_resumed_until_somebody_can(stage):
    counted(100, bounced=20)
    counted(100, bounced=20, sender=2)
    one_more_bounces(stage)
    one_more_bounces(stage, sender=2)
    with pytest.raises(NobodyToSend):
        resume_sequence(bootstrap.sequences(), bootstrap.lanes(), tenant=TENANT, number=SEQUENCE, now=stage.now)

    reenable(stage)
    resume_sequence(bootstrap.sequences(), bootstrap.lanes(), tenant=TENANT, number=SEQUENCE, now=stage.now)

    assert (sequence().status, sequence().paused_reason) == (SequenceStatus.ACTIVE, None)


def test_a_sender_that_was_switched_on_again_is_not_switched_off_for_what_came_back_before(stage):
    counted(100, bounced=20)
    one_more_bounces(stage)
    stage.now += HOUR
    reenable(stage)
    stage.now += DAY

    one_more_bounces(stage, step=1)
    assert sender().disabled_at is None

    counted(100, bounced=20, at=stage.now)
    stage.now += HOUR
    bootstrap.signals().note(TENANT, stage.enrollment(2).key, MailSignal(SignalKind.BOUNCED, 0, 1), stage.now)
    publish(stage)
    assert sender().disabled_at == stage.now


def test_a_shared_sender_stops_every_sequence_that_it_alone_is_left_for(stage):
    shared = replace(sender(), number=9, sequence=None)
    bootstrap.table().put(sender_item(shared))
    alone = replace(sequence(), number=OTHER, senders=(), mailboxes=(9,))
    bootstrap.table().put(sequence_item(alone))
    bootstrap.table().put(sequence_item(replace(sequence(), mailboxes=(9,))))
    counted(100, bounced=20, sender=9)
    one_more_bounces(stage, sender=9)

    assert sender(9).disabled_at is not None
    assert sequence(OTHER).status is SequenceStatus.PAUSED
    assert sequence().status is SequenceStatus.ACTIVE


def test_a_sender_whose_login_is_refused_pauses_what_it_alone_is_left_for(stage):
    bootstrap.table().put(sender_item(replace(sender(2), disabled_at=START, disabled_reason=SWITCHED_OFF)))
    publish(stage)
    tired = replace(sender(), refused_logins=2, troubles=2)
    bootstrap.table().put(sender_item(tired))
    off = after_trouble(tired, SenderTrouble("535 no", login_refused=True), stage.now)
    assert off.disabled_at is not None
    bootstrap.table().put(sender_item(off))

    publish(stage)

    assert sequence().status is SequenceStatus.PAUSED


def test_what_a_user_switches_off_pauses_nothing(stage):
    for number in (1, 2):
        off = replace(sender(number), disabled_at=START, disabled_reason=SWITCHED_OFF)
        bootstrap.table().put(sender_item(off))

    publish(stage)

    assert sequence().status is SequenceStatus.ACTIVE
    assert kinds(stage) == []


def test_what_is_told_again_does_nothing_again(stage):
    counted(100, bounced=20)
    counted(100, bounced=20, sender=2)
    signal = MailSignal(SignalKind.BOUNCED, 0, 1)
    bootstrap.signals().note(TENANT, stage.enrollment(1).key, signal, stage.now)
    records = stage.wire.written()
    for _ in range(3):
        stage.wire.publish(records)
    publish(stage)
    first = sender().disabled_at
    reenable(stage)
    stage.now += HOUR

    stage.wire.publish(records)
    publish(stage)

    assert first is not None
    assert sender().disabled_at is None
    assert kinds(stage) == [EventKind.SENDER_DISABLED]


def test_a_worker_that_noted_its_health_meanwhile_does_not_switch_it_on(stage):
    seen = replace(sender(), troubles=1)
    bootstrap.table().put(sender_item(seen))
    bootstrap.sequences().disable_sender(seen, "too many bounces", stage.now)
    from drumbeat.adapters.dynamodb.sends import AttemptStore  # noqa: PLC0415

    AttemptStore(bootstrap.table()).note_health(seen, replace(seen, troubles=0))

    assert sender().disabled_reason == "too many bounces"


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_whoever_dies_leaves_it_to_the_next_attempt(stage, after):
    """One attempt after another dies at the next call, until one gets through."""
    counted(100, bounced=20)
    counted(100, bounced=20, sender=2)
    signals = [MailSignal(SignalKind.BOUNCED, 0, number) for number in (1, 2)]
    for signal in signals:
        bootstrap.signals().note(TENANT, stage.enrollment(1).key, signal, stage.now)
    while records := stage.wire.written():
        at = 1
        while dies(lambda told=records: stage.wire.publish(told), at, after=after):
            at += 1

    assert (sender(1).disabled_at, sender(2).disabled_at) == (stage.now, stage.now)
    assert sequence().status is SequenceStatus.PAUSED
    assert kinds(stage) == [EventKind.SENDER_DISABLED, EventKind.SENDER_DISABLED, EventKind.SEQUENCE_PAUSED]
