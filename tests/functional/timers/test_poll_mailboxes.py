"""Every minute workers are told of the mailboxes that are due, and of nothing else."""

import json

import boto3
import pytest

from drumbeat import bootstrap, bootstrap_signals
from drumbeat.adapters import aws
from drumbeat.adapters.dynamodb import keys
from drumbeat.application.poll_mailboxes import MOST_AT_ONCE
from drumbeat.config import settings
from drumbeat.domain.ids import Kind
from drumbeat.domain.inbox import InboxName
from drumbeat.domain.sequence import ImapAccess, Sender
from drumbeat.domain.tenant import OPERATORS
from drumbeat.domain.times import MINUTE
from drumbeat.entrypoints import clock
from functions.timers import poll_mailboxes
from tests.faults import MODES, dies
from tests.stage import START
from tests.world import Context

pytestmark = pytest.mark.usefixtures("aws")


@pytest.fixture(autouse=True)
def _time(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: START)


def make(tenant, number, *, mailbox=True):
    access = ImapAccess("imap.acme.example", 993, "ann", "sealed") if mailbox else None
    sender = Sender(tenant, number, None, None, "h", 25, "u", "s", "Ann", "a@acme.example", 9, START - MINUTE, access)
    bootstrap.sequences().create_sender(sender, intent=None, now=START)
    return sender


def before_inboxes(*senders):
    """As these senders were written before there were inboxes."""
    for sender in senders:
        bootstrap.table().delete(keys.inbox(sender.tenant, sender.number))


def tick():
    return poll_mailboxes.handler({}, Context(remaining=55_000))


def told():
    client, found = boto3.client("sqs"), []
    while messages := client.receive_message(QueueUrl=settings().inbox_queue_url, MaxNumberOfMessages=10).get(
        "Messages"
    ):
        for message in messages:
            found.append(json.loads(message["Body"]))
            client.delete_message(QueueUrl=settings().inbox_queue_url, ReceiptHandle=message["ReceiptHandle"])
    return sorted((each["tenant"], each["sender"]) for each in found)


def test_a_new_sender_with_a_mailbox_is_read_at_once_and_no_other():
    make(1, 1)
    make(1, 2, mailbox=False)
    make(2, 1)

    tick()

    assert told() == [(1, 1), (2, 1)]


def test_who_is_being_read_or_was_read_just_now_is_left_alone():
    make(1, 1)
    assert bootstrap_signals.inboxes().claim(InboxName(1, 1), "w", START) is not None

    tick()

    assert told() == []


def test_with_nothing_due_a_tick_is_two_reads():
    tick()
    aws.ledger.clear()

    assert tick()["inboxes"] == 0
    assert aws.ledger.datastore_requests() == 2


def test_a_tick_hands_out_no_more_than_workers_read_in_a_minute():
    for number in range(MOST_AT_ONCE + 3):
        bootstrap_signals.inboxes().begin(make(1, number + 1, mailbox=False), START)

    assert tick()["inboxes"] == MOST_AT_ONCE


@MODES
@pytest.mark.parametrize("at", range(1, 9))
def test_senders_from_before_there_were_inboxes_are_read_too_whoever_dies_meanwhile(at, after):
    bootstrap.numbers().take(OPERATORS, Kind.TENANT, 3)
    before_inboxes(make(1, 1), make(3, 1), make(3, 2, mailbox=False), make(3, 3))
    assert dies(tick, at, after=after)

    tick()
    tick()

    assert [sorted(bootstrap_signals.inboxes().all(tenant)) for tenant in (1, 2, 3)] == [[1], [], [1, 3]]
    assert set(told()) >= {(1, 1), (3, 1), (3, 3)}
