"""What comes into a sender's mailbox: replies end a sequence, absences hold it, bounces end it, the rest is kept."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from drumbeat import bootstrap, bootstrap_signals
from drumbeat.adapters.dynamodb.enrollment_items import enrollment_item
from drumbeat.domain.enrollment import EnrollmentState
from drumbeat.domain.reply import hours_to_reply
from drumbeat.domain.times import DAY, HOUR, MINUTE
from tests.imap_server import ImapServer
from tests.inbox_stage import BOX, InboxStage, absence, bounce, reply
from tests.stage import START, TENANT


@pytest.fixture(scope="module")
def server_of_mailboxes():
    with ImapServer(*(f"box{number}@acme.example" for number in range(60))) as box:
        yield box


@pytest.fixture
def box(server_of_mailboxes):
    """A mailbox that no other test has."""
    server_of_mailboxes.users = server_of_mailboxes.users[1:]
    return server_of_mailboxes


@pytest.fixture
def stage(aws, monkeypatch, server, box):
    stage = InboxStage(monkeypatch, box)
    stage.open_with_mailbox(server, contacts=2)
    return stage


def test_a_reply_ends_the_enrollment_at_the_instant_it_arrived(stage):
    stage.box.deliver(reply(stage.mail()), at=stage.now - MINUTE)

    stage.poll()

    told = stage.enrollment()
    assert told.state is EnrollmentState.REPLIED
    assert told.replied_at == told.last_reply_at == stage.now - MINUTE
    assert told.marks == {"r0.1": stage.now - MINUTE}
    assert stage.enrollment(2).state is EnrollmentState.ACTIVE
    assert stage.unmatched() == []


def test_a_reply_is_not_older_than_the_first_mail_whatever_the_server_says(stage):
    stage.poll()
    stage.box.deliver(reply(stage.mail()), at=-DAY)
    stage.later(3)

    stage.poll()

    told = stage.enrollment()
    assert told.sent_at is not None
    assert told.replied_at == told.sent_at


def test_reading_leaves_no_trace_in_the_mailbox(stage):
    stage.box.deliver(reply(stage.mail()))

    stage.poll()

    assert stage.box.seen() == [False]


def test_a_reply_is_noted_once_however_often_the_mailbox_is_read(stage):
    stage.box.deliver(reply(stage.mail()), at=stage.now)
    stage.poll()
    first = stage.enrollment()

    stage.box.renumber()
    stage.later(3)
    stage.poll()

    assert stage.enrollment() == first
    assert stage.inbox().uid == 1


def test_a_colleague_who_answers_in_the_thread_has_replied_too(stage):
    stage.box.deliver(reply(stage.mail(), sender="Cleo <cleo@corp.example>"))

    stage.poll()

    assert stage.enrollment().state is EnrollmentState.REPLIED


def test_an_answer_to_a_thread_is_found_by_its_references(stage):
    sent = stage.mail()
    raw = reply("<somebody-else@corp.example>").replace(
        b"References: <somebody-else@corp.example>", f"References: {sent} <other@corp.example>".encode()
    )
    stage.box.deliver(raw)

    stage.poll()

    assert stage.enrollment().state is EnrollmentState.REPLIED


def test_the_same_subject_and_address_are_no_match(stage):
    stage.mail()
    stage.box.deliver(reply(""), at=stage.now)

    stage.poll()

    assert stage.enrollment().state is EnrollmentState.ACTIVE
    (kept,) = stage.unmatched()
    assert (kept.why.value, kept.from_address, kept.subject) == ("no_reference", "p1@corp.example", "Re: Hello")


def test_a_forged_id_is_no_match(stage):
    sent = stage.mail()
    stage.box.deliver(reply(sent.replace(sent[20], "A" if sent[20] != "A" else "B")))

    stage.poll()

    assert stage.enrollment().state is EnrollmentState.ACTIVE
    assert len(stage.unmatched()) == 1


def test_an_answer_to_another_tenants_mail_changes_nothing_there(stage, server):
    stage.open([server], tenant=2)
    stage.box.deliver(reply(stage.id_of(1, tenant=2)))

    stage.poll()

    assert stage.enrollment(1, tenant=2).state is EnrollmentState.ACTIVE
    assert stage.enrollment().state is EnrollmentState.ACTIVE
    assert [kept.why.value for kept in stage.unmatched()] == ["foreign"]
    assert stage.unmatched(2) == []


def test_a_copy_of_our_own_follow_up_is_no_reply(stage):
    sent = stage.mail()
    stage.box.deliver(reply(sent, Message_ID=stage.id_of(step=1)))

    stage.poll()

    assert stage.enrollment().state is EnrollmentState.ACTIVE
    assert stage.unmatched() == []


def test_what_the_sender_itself_writes_in_the_thread_is_no_reply(stage):
    stage.box.deliver(reply(stage.mail(), sender=f"Bob <{BOX}>"))

    stage.poll()

    assert stage.enrollment().state is EnrollmentState.ACTIVE


def test_a_sequence_that_goes_on_after_replies_notes_them_only(stage):
    stage.change(exit_on_reply=False)
    stage.box.deliver(reply(stage.mail()), at=stage.now)

    stage.poll()

    told = stage.enrollment()
    assert (told.state, told.replied_at, told.last_reply_at) == (EnrollmentState.ACTIVE, None, stage.now)


@pytest.mark.parametrize(
    ("state", "after"),
    [
        (EnrollmentState.FINISHED, EnrollmentState.REPLIED),
        (EnrollmentState.PAUSED, EnrollmentState.REPLIED),
        (EnrollmentState.UNSUBSCRIBED, EnrollmentState.REPLIED),
        (EnrollmentState.BOUNCED, EnrollmentState.BOUNCED),
        (EnrollmentState.REMOVED, EnrollmentState.REMOVED),
    ],
)
def test_a_reply_outranks_every_end_but_a_bounce(stage, state, after):
    stage.box.deliver(reply(stage.mail(state=state)), at=stage.now)

    stage.poll()

    assert (stage.enrollment().state, stage.enrollment().replied_at) == (after, stage.now)


def test_a_reply_to_a_mail_in_doubt_says_that_it_left(stage):
    doubt = {"state": EnrollmentState.PARKED, "parked_at": START - HOUR, "parked_reason": "no answer"}
    stage.box.deliver(reply(stage.mail(step=0, sent_at=None, last_sent_at=None, **doubt)))

    stage.poll()

    told = stage.enrollment()
    assert (told.state, told.step, told.sent_at) == (EnrollmentState.REPLIED, 1, START - HOUR)
    assert list(bootstrap.parked().all(TENANT)) == []


def test_an_absence_holds_the_next_mail_until_a_business_day_after_the_return(stage):
    # Saturday, 2026-11-21; back on Wednesday the 25th: Thursday, at nine.
    sent = stage.mail()
    stage.box.deliver(absence(sent, "I am out of the office until 2026-11-25."), at=stage.now)

    stage.poll()

    told = stage.enrollment()
    assert told.state is EnrollmentState.ACTIVE
    assert told.replied_at is None
    assert "a0.1" in told.marks
    assert datetime.fromtimestamp(told.due / 1000, UTC).date().isoformat() in {"2026-11-26", "2026-11-27"}
    (waiting,) = [each for each in bootstrap.lanes().follow_ups(TENANT, [1]) if each.enrollment == told.key]
    assert waiting.due == told.due


def test_absences_only_ever_push_a_mail_further(stage):
    sent = stage.mail()
    stage.box.deliver(absence(sent, "I am out of the office until 2026-12-09."), at=stage.now)
    stage.poll()
    held = stage.enrollment().due
    stage.box.deliver(absence(sent, "I am out of the office until 2026-11-25."), at=stage.now)
    stage.later(3)

    stage.poll()

    assert stage.enrollment().due == held > stage.now + 15 * DAY


def test_an_absence_for_ever_holds_sixty_days_and_no_more(stage):
    stage.box.deliver(absence(stage.mail(), "I am out of the office until 2027-03-01."), at=stage.now)

    stage.poll()

    assert stage.now + 58 * DAY < stage.enrollment().due <= stage.now + 63 * DAY


def test_an_absence_while_a_mail_is_under_way_is_looked_at_again(stage):
    stage.box.deliver(absence(stage.mail(), "I am out of the office until 2026-11-25."))
    busy = replace(stage.enrollment(), owner="w", lease=stage.now + MINUTE)
    bootstrap.table().put(enrollment_item(busy))
    stage.poll()
    assert stage.enrollment() == busy
    bootstrap.table().put(enrollment_item(replace(busy, owner=None, lease=None)))
    stage.later(1)

    stage.poll()

    assert "a0.1" in stage.enrollment().marks


def test_a_worker_that_died_with_a_mail_keeps_no_later_message_waiting(stage):
    stage.box.deliver(absence(stage.mail(), "I am out of the office until 2026-11-25."))
    stage.box.deliver(reply(stage.mail(2)))
    left = replace(stage.enrollment(), owner="w", lease=stage.now - 1)
    bootstrap.table().put(enrollment_item(left))

    stage.poll()

    held = stage.enrollment()
    assert (held.owner, held.lease, held.due > left.due) == ("w", left.lease, True)
    assert stage.enrollment(2).state is EnrollmentState.REPLIED


def test_other_automatic_answers_are_ignored(stage):
    sent = stage.mail()
    stage.box.deliver(reply(sent, text="Your ticket 4711 has been opened.", Auto_Submitted="auto-replied"))

    stage.poll()

    assert stage.enrollment().marks == {}
    assert stage.unmatched() == []


def test_a_bounce_ends_the_enrollment_and_suppresses_the_address(stage):
    stage.box.deliver(bounce(stage.mail()))

    stage.poll()

    told = stage.enrollment()
    assert told.state is EnrollmentState.BOUNCED
    assert "b0.1" in told.marks
    assert bootstrap.contacts().suppressed_since(TENANT, ["p1@corp.example"]) is not None


def test_a_bounce_that_may_pass_is_counted_only(stage):
    stage.box.deliver(bounce(stage.mail(), status="4.2.2"))

    stage.poll()

    assert stage.enrollment().state is EnrollmentState.ACTIVE
    assert "t0.1" in stage.enrollment().marks


def test_a_bounce_without_a_mail_of_ours_is_kept_as_unmatched(stage):
    stage.mail()
    stage.box.deliver(bounce("<who-knows@acme.example>"))

    stage.poll()

    assert stage.enrollment().state is EnrollmentState.ACTIVE
    assert [kept.kind.value for kept in stage.unmatched()] == ["bounce"]


def test_a_reply_during_the_dialogue_of_the_next_mail_is_not_lost(stage, server):
    stage.mail()
    bootstrap.table().put(enrollment_item(replace(stage.enrollment(), due=stage.now)))
    bootstrap.table().put(enrollment_item(replace(stage.enrollment(2), state=EnrollmentState.REMOVED)))
    messages = stage.hinted()

    def replying() -> None:
        stage.box.deliver(reply(stage.id_of()), at=stage.now)
        stage.poll()

    server.meanwhile("dot", replying)

    stage.work(messages)

    told = stage.enrollment()
    assert told.state is EnrollmentState.REPLIED
    assert (told.owner, told.step, told.last_sent_at) == (None, 2, stage.now)


def test_one_mailbox_of_two_senders_tells_of_a_reply_once(stage, server):
    stage.change(senders=(1, 2))
    other = replace(bootstrap.sequences().sender(TENANT, 1), number=2, imap=None)
    bootstrap.sequences().create_sender(other, intent=None, now=stage.now)
    stage.give_mailbox(2)
    stage.box.deliver(reply(stage.mail()), at=stage.now)

    stage.poll()

    assert stage.enrollment().marks == {"r0.1": stage.now}
    assert stage.unmatched() == []


@pytest.mark.parametrize("place", ["senders", "mailboxes"])
def test_what_another_sequences_sender_finds_is_left_to_that_sequences_own(stage, place):
    stage.change(**({"senders": (), "mailboxes": ()} | {place: (1,)}))
    stage.mail()
    elsewhere = replace(bootstrap.sequences().sender(TENANT, 1), number=7, sequence=None, imap=None)
    bootstrap.sequences().create_sender(elsewhere, intent=None, now=stage.now)
    stage.give_mailbox(7)
    stage.box.deliver(reply(stage.id_of()), at=stage.now)

    stage.look({"tenant": TENANT, "sender": 7})

    assert stage.enrollment().state is EnrollmentState.ACTIVE
    assert stage.unmatched() == []


def test_what_comes_to_a_mailbox_that_nobody_of_the_sequence_reads_is_kept_as_unmatched(stage):
    stage.mail()
    elsewhere = replace(bootstrap.sequences().sender(TENANT, 1), number=7, sequence=None, imap=None)
    bootstrap.sequences().create_sender(elsewhere, intent=None, now=stage.now)
    stage.give_mailbox(7)
    stage.give_mailbox(1, user="own@acme.example")
    stage.box.deliver(reply(stage.id_of()), at=stage.now)

    stage.look({"tenant": TENANT, "sender": 7})

    assert [kept.why.value for kept in stage.unmatched()] == ["foreign"]


def test_what_belongs_to_a_sender_without_a_mailbox_is_kept_as_unmatched(stage):
    stage.mail()
    elsewhere = bootstrap.sequences().sender(TENANT, 1)
    bootstrap.sequences().create_sender(
        replace(elsewhere, number=7, sequence=None, imap=None), intent=None, now=stage.now
    )
    stage.give_mailbox(7)
    bootstrap.sequences().update_sender(replace(elsewhere, imap=None))
    stage.box.deliver(reply(stage.id_of()), at=stage.now)

    stage.look({"tenant": TENANT, "sender": 7})

    assert [kept.why.value for kept in stage.unmatched()] == ["foreign"]


def test_a_mailbox_is_read_again_after_three_minutes(stage):
    stage.poll()
    stage.box.deliver(reply(stage.mail()))

    stage.later(2)
    stage.poll()
    assert stage.enrollment().state is EnrollmentState.ACTIVE

    stage.later(1)
    stage.poll()
    assert stage.enrollment().state is EnrollmentState.REPLIED


def test_a_mailbox_is_read_from_a_day_before_its_sender_began(stage):
    old = reply("", text="Long ago.")
    stage.box.deliver(old, at=START - 40 * DAY)
    stage.box.deliver(reply("", text="Since."), at=START - HOUR)

    stage.poll()

    assert len(stage.unmatched()) == 1


def test_a_sender_that_is_gone_is_read_no_more(stage):
    stage.remove_sender(1)

    assert bootstrap_signals.inboxes().all(TENANT) == {}


def test_a_sender_without_its_mailbox_is_read_no_more(stage):
    sender = bootstrap.sequences().sender(TENANT, 1)
    bootstrap.sequences().update_sender(replace(sender, imap=None))

    stage.poll()

    assert (stage.inbox().due, stage.inbox().owner) == (None, None)


def test_nothing_is_begun_without_time_for_it(stage):
    stage.box.deliver(reply(stage.mail()))

    comes_again = stage.look(remaining=30_000)

    assert comes_again
    assert stage.enrollment().state is EnrollmentState.ACTIVE


def test_hours_to_reply_count_from_the_mail_that_was_answered(stage):
    stage.mail(step=2, sent_at=START - 3 * DAY, last_sent_at=START - 2 * HOUR)
    stage.box.deliver(reply(stage.id_of(step=1)), at=START - 30 * MINUTE)

    stage.poll()

    assert hours_to_reply(stage.enrollment()) == 1.5


def test_a_bounce_to_the_tagged_return_path_is_about_the_mail_that_it_names(stage, server):
    sender = bootstrap.sequences().sender(TENANT, 1)
    bootstrap.sequences().update_sender(replace(sender, tagged_return_path=True, from_email="b@acme.example"))
    stage.work(stage.hinted())
    envelope = next(each for each in server.commands if each.upper().startswith("MAIL FROM"))
    came_from = envelope.split("<")[1].split(">")[0]
    assert came_from.startswith("b+b-")
    stage.box.deliver(bounce("<gone@x>").replace(BOX.encode(), came_from.encode()))

    stage.poll()

    assert stage.enrollment(1).state is EnrollmentState.BOUNCED
    assert stage.unmatched() == []
