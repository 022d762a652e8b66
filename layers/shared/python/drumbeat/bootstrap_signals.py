"""Builds what takes signals in: from recipients, mail servers and mailboxes."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from drumbeat import bootstrap
from drumbeat.adapters import aws
from drumbeat.config import settings

if TYPE_CHECKING:
    from drumbeat.adapters.dynamodb.inboxes import InboxStore
    from drumbeat.adapters.dynamodb.replies import ReplyStore
    from drumbeat.adapters.dynamodb.unmatched_replies import UnmatchedReplyStore
    from drumbeat.application.poll_mailboxes import PollPorts
    from drumbeat.application.read_inbox import ReadPorts
    from drumbeat.application.tracking import TrackingPorts


@cache
def tracking_ports() -> TrackingPorts:
    """For the process: it remembers what it has noted."""
    from drumbeat.application.tracking import TrackingPorts

    return TrackingPorts(bootstrap.enrollments(), bootstrap.signals(), bootstrap.token_keys())


def inboxes() -> InboxStore:
    from drumbeat.adapters.dynamodb.inboxes import InboxStore

    return InboxStore(bootstrap.table())


def unmatched_replies() -> UnmatchedReplyStore:
    from drumbeat.adapters.dynamodb.unmatched_replies import UnmatchedReplyStore

    return UnmatchedReplyStore(bootstrap.table())


def replies() -> ReplyStore:
    from drumbeat.adapters.dynamodb.replies import ReplyStore

    return ReplyStore(bootstrap.table())


def poll_ports() -> PollPorts:
    from drumbeat.adapters.sqs import SqsInboxes
    from drumbeat.application.poll_mailboxes import PollPorts

    queue = SqsInboxes(aws.client("sqs"), settings().inbox_queue_url)
    return PollPorts(inboxes(), queue, bootstrap.sequences(), bootstrap.numbers())


def read_ports() -> ReadPorts:
    from drumbeat.adapters.imap import ImapMailboxes
    from drumbeat.application.read_inbox import ReadPorts
    from drumbeat.application.take_inbound import InboundPorts

    mailboxes = ImapMailboxes(bootstrap.vault(), plaintext_allowed=settings().private_servers_allowed)
    inbound = InboundPorts(bootstrap.provider_event_ports(), unmatched_replies())
    return ReadPorts(inboxes(), mailboxes, bootstrap.sequences(), inbound)
