"""Whoever dies, hangs or comes twice while mailboxes are read: every mail is dealt with exactly once in effect."""

from dataclasses import replace

import boto3
import pytest

from drumbeat import bootstrap, bootstrap_signals
from drumbeat.adapters.imap import MOST_OF_A_MESSAGE, _OpenMailbox
from drumbeat.application.inbox_ports import MailboxTrouble
from drumbeat.application.read_inbox import MOST_MESSAGES
from drumbeat.domain.enrollment import EnrollmentState
from drumbeat.domain.inbox import LEASE, MOST_REFUSED_LOGINS, TROUBLES_WITH_A_MESSAGE, InboxName
from drumbeat.domain.times import DAY, MINUTE
from tests.faults import dies, fault
from tests.imap_server import ImapServer
from tests.inbox_stage import InboxStage, absence, bounce, reply
from tests.stage import START, TENANT

ACTIVE, BOUNCED, REPLIED = EnrollmentState.ACTIVE, EnrollmentState.BOUNCED, EnrollmentState.REPLIED
NAME = InboxName(TENANT, 1)


@pytest.fixture(scope="module")
def mailboxes():
    with ImapServer(*(f"box{number}@acme.example" for number in range(80))) as box:
        yield box


@pytest.fixture
def stage(aws, monkeypatch, server, mailboxes):
    mailboxes.users = mailboxes.users[1:]  # a mailbox that no other test has
    stage = InboxStage(monkeypatch, mailboxes)
    stage.open_with_mailbox(server, contacts=4)
    bootstrap.token_keys()
    return stage


def fill(stage):
    """A reply, an absence, a bounce and a mail that is nobody's."""
    sent = [stage.mail(contact) for contact in (1, 2, 3)]
    stage.box.deliver(reply(sent[0]), at=START)
    stage.box.deliver(absence(sent[1], "I am out of the office until 2026-12-01."), at=START)
    stage.box.deliver(bounce(sent[2], recipient="p3@corp.example"), at=START)
    stage.box.deliver(reply("", text="Hello?"), at=START)


def came_to(stage):
    """What is left of it all."""
    told = [stage.enrollment(contact) for contact in (1, 2, 3, 4)]
    return (
        [(each.state, each.replied_at, each.due, sorted(each.marks), each.bounce_reason) for each in told],
        [kept.subject for kept in stage.unmatched()],
        bootstrap.contacts().suppressed_since(TENANT, ["p3@corp.example"]) is not None,
        stage.inbox().uid,
    )


class Snapshot:
    """Everything that is stored, to begin from again and again."""

    def __init__(self) -> None:
        self.client = boto3.client("dynamodb")
        self.items = self._all()

    def _all(self):
        return {(item["PK"]["S"], item["SK"]["S"]): item for item in self.client.scan(TableName="Table")["Items"]}

    def restore(self) -> None:
        for name, item in self._all().items():
            if name not in self.items:
                self.client.delete_item(TableName="Table", Key={"PK": item["PK"], "SK": item["SK"]})
            elif item != self.items[name]:
                self.client.put_item(TableName="Table", Item=self.items[name])


def test_whoever_dies_at_whatever_call_every_mail_is_dealt_with_once(stage):
    stage.mail(4)
    fill(stage)
    before = Snapshot()
    with fault(0, after=False) as counted:
        stage.look()
    whole = came_to(stage)
    assert [state for state, *_ in whole[0]] == [REPLIED, ACTIVE, BOUNCED, ACTIVE]
    assert whole[1:3] == (["Re: Hello"], True)

    for after in (False, True):
        for at in range(1, len(counted.calls) + 1):
            before.restore()
            assert dies(stage.look, at, after=after)
            stage.now += LEASE
            stage.look()
            stage.now = START

            assert came_to(stage) == whole, (at, after)


def test_two_workers_at_once_deal_with_every_mail_once(stage):
    fill(stage)
    claimed = bootstrap_signals.inboxes().claim(NAME, "another", stage.now)

    stage.look()

    assert claimed is not None
    assert stage.enrollment(1).state is ACTIVE
    assert stage.inbox().owner == "another"


def test_a_new_password_ends_the_look_that_may_know_an_old_one(stage):
    fill(stage)
    claimed = bootstrap_signals.inboxes().claim(NAME, "another", stage.now)
    stage.give_mailbox(1)

    assert not bootstrap_signals.inboxes().keep(replace(claimed, uid=7))
    assert not bootstrap_signals.inboxes().release(claimed, replace(claimed, owner=None, due=None))
    stage.look()

    assert stage.enrollment(1).state is REPLIED


def test_a_mailbox_that_was_renumbered_is_looked_through_again_and_nothing_happens_twice(stage):
    fill(stage)
    stage.look()
    told = came_to(stage)[:3]
    stage.box.renumber()
    late = stage.mail(4)
    stage.box.deliver(reply(late, sender="P4 <p4@corp.example>"), at=START)
    stage.later(3)

    stage.look()

    again = came_to(stage)[:3]
    assert [state for state, *_ in again[0]] == [REPLIED, ACTIVE, BOUNCED, REPLIED]
    assert (again[0][:3], again[1:]) == (told[0][:3], told[1:])


def test_a_login_that_is_refused_three_times_is_tried_no_more_until_the_sender_is_changed(stage):
    fill(stage)
    stage.box.set_password("another")
    for _ in range(MOST_REFUSED_LOGINS):
        stage.poll()
        stage.later(60)
    tried = stage.box.connections

    stage.poll()

    told = stage.inbox()
    assert (stage.box.connections, told.due, told.refused_logins) == (tried, None, MOST_REFUSED_LOGINS)
    assert "AUTHENTICATIONFAILED" in told.trouble
    stage.give_mailbox(1, password="another")
    stage.poll()
    assert (stage.inbox().trouble, stage.enrollment(1).state) == (None, REPLIED)


def test_a_server_that_is_not_there_is_tried_ever_later_and_the_sender_says_so(stage):
    sender = bootstrap.sequences().sender(TENANT, 1)
    bootstrap.sequences().update_sender(replace(sender, imap=replace(sender.imap, port=1), updated_at=stage.now))
    pauses = []
    for _ in range(6):
        stage.look()
        pauses.append((stage.inbox().due - stage.now) // MINUTE)
        stage.now = stage.inbox().due

    assert pauses == [3, 6, 12, 24, 48, 60]
    assert stage.inbox().trouble.startswith("connecting: ")
    assert stage.inbox().refused_logins == 0


def test_a_full_mailbox_is_dealt_with_a_part_at_a_time_and_each_mail_once(stage):
    sent = stage.mail()
    for place in range(MOST_MESSAGES):
        stage.box.deliver(reply("", text=f"Newsletter {place}", Precedence="bulk", List_Id="<n.example>"), at=START)
    stage.box.deliver(reply(sent), at=START)

    stage.poll()
    assert stage.enrollment().state is ACTIVE
    assert stage.inbox().due == stage.now
    stage.poll()

    assert stage.enrollment().state is REPLIED
    assert stage.unmatched() == []


def test_a_thousand_mails_from_before_cost_nothing(stage):
    for _ in range(1000):
        stage.box.deliver(b"Subject: long ago\r\n\r\nHi\r\n", at=START - 40 * DAY)
    stage.box.deliver(reply(stage.mail()), at=START)

    with fault(0, after=False) as counted:
        stage.look()

    assert stage.enrollment().state is REPLIED
    assert len(counted.calls) < 12


def test_of_a_large_mail_only_the_beginning_is_loaded(stage):
    stage.box.deliver(reply(stage.mail()) + b"x" * 50_000_000, at=START)
    sender = bootstrap.sequences().sender(TENANT, 1)
    with bootstrap_signals.read_ports().mailboxes.opened(sender) as mailbox:
        (uid,) = mailbox.after(0)
        assert len(mailbox.message(uid).raw) == MOST_OF_A_MESSAGE

    stage.poll()

    assert stage.enrollment().state is REPLIED


def test_a_message_that_the_server_does_not_hand_over_keeps_nobody_waiting_for_ever(stage, monkeypatch):
    stuck = stage.box.deliver(reply("", text="stuck"), at=START)
    stage.box.deliver(reply(stage.mail()), at=START)
    real = _OpenMailbox.message

    def message(self, uid):
        if uid == stuck:
            raise MailboxTrouble("fetching: no")
        return real(self, uid)

    monkeypatch.setattr(_OpenMailbox, "message", message)
    for _ in range(TROUBLES_WITH_A_MESSAGE + 2):
        stage.look()
        stage.later(60)

    assert stage.enrollment().state is REPLIED
    assert [kept.why.value for kept in stage.unmatched()] == ["unreadable"]


def test_a_server_that_was_down_for_long_gets_as_many_looks_for_a_message_as_any(stage, monkeypatch):
    stage.look()
    stage.box.deliver(reply(stage.mail()), at=START)
    failing = {"_search": TROUBLES_WITH_A_MESSAGE + 2, "message": 1}

    def failing_first(name):
        real = getattr(_OpenMailbox, name)

        def act(self, *asked):
            if failing[name]:
                failing[name] -= 1
                raise MailboxTrouble("no")
            return real(self, *asked)

        return act

    for name in failing:
        monkeypatch.setattr(_OpenMailbox, name, failing_first(name))
    for _ in range(TROUBLES_WITH_A_MESSAGE + 4):
        stage.later(60)
        stage.look()

    assert stage.enrollment().state is REPLIED
    assert stage.unmatched() == []
