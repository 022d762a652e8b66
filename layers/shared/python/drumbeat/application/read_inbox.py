"""Reading a sender's mailbox: each new message is dealt with, and then never looked at again (reliability F-90)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from drumbeat.application.inbox_ports import Inboxes, Mailbox, Mailboxes, MailboxTrouble, Message
from drumbeat.application.take_inbound import Arrival, Dealt, InboundPorts, take_inbound, unreadable
from drumbeat.application.take_provider_event import StillUnderWay
from drumbeat.domain.inbound_mail import read_mail
from drumbeat.domain.inbox import (
    LOOKS_AGAIN_AFTER,
    TROUBLES_WITH_A_MESSAGE,
    Inbox,
    InboxName,
    in_trouble,
    left_alone,
    looked_for_since,
    opened_at,
    read_through,
)
from drumbeat.domain.unmatched_reply import id_of

if TYPE_CHECKING:
    from drumbeat.application.ports import OutOfTime, Sequences
    from drumbeat.domain.sequence import Sender

MOST_MESSAGES = 200
"""How many messages one look deals with; the next look goes on."""


@dataclass(frozen=True, slots=True)
class ReadPorts:
    """What reading a mailbox touches."""

    inboxes: Inboxes
    mailboxes: Mailboxes
    sequences: Sequences
    inbound: InboundPorts


@dataclass(frozen=True, slots=True)
class InboxRead:
    """What a look came to: how many messages of which kind, and what was wrong. None where there was none."""

    replies: int | None = None
    out_of_office: int | None = None
    bounces: int | None = None
    complaints: int | None = None
    ignored: int | None = None
    unmatched: int | None = None
    trouble: str | None = None


class _LeaseLost(Exception):
    """Somebody else has the inbox now."""


def read_inbox(
    ports: ReadPorts, name: InboxName, *, owner: str, clock: Callable[[], int], out_of_time: OutOfTime
) -> InboxRead:
    """Deals with what is new in the sender's mailbox, if it is due and nobody else does.

    How far it has come is kept after every message. Raises what fails in the store: the next look goes on from there.
    """
    claimed = ports.inboxes.claim(name, owner, clock())
    if claimed is None:
        return InboxRead()
    sender = ports.sequences.sender(*name)
    if sender is None or sender.imap is None:
        ports.inboxes.release(claimed, left_alone(claimed))
        return InboxRead()
    look = _Look(ports, claimed, sender, clock, out_of_time)
    try:
        told = look.through()
    except MailboxTrouble as trouble:
        told = in_trouble(look.inbox, trouble.words, clock(), login_refused=trouble.login_refused)
    except StillUnderWay:
        told = read_through(look.inbox, clock(), soon=LOOKS_AGAIN_AFTER)
    except _LeaseLost:
        return look.report()
    ports.inboxes.release(claimed, told)
    return look.report(told.trouble)


class _Look:
    """One look into a mailbox: how far it has come, and what it has found."""

    def __init__(
        self, ports: ReadPorts, claimed: Inbox, sender: Sender, clock: Callable[[], int], out_of_time: OutOfTime
    ) -> None:
        self.inbox = claimed
        self._ports = ports
        self._sender = sender
        self._clock = clock
        self._out_of_time = out_of_time
        self._found: Counter[Dealt] = Counter()

    def through(self) -> Inbox:
        """The inbox after everything new is dealt with, or as much as there is time for."""
        with self._ports.mailboxes.opened(self._sender) as mailbox:
            waiting = self._new(mailbox)
            for place, uid in enumerate(waiting):
                if place >= MOST_MESSAGES or self._out_of_time():
                    return read_through(self.inbox, self._clock(), soon=0)
                message = self._message(mailbox, uid)
                if message is not None:
                    self._found[self._dealt_with(message)] += 1
                self._keep(uid)
        return read_through(self.inbox, self._clock())

    def _new(self, mailbox: Mailbox) -> list[int]:
        """The messages that nobody has dealt with; a mailbox that is begun anew is looked through from some day on."""
        access = self._sender.imap
        if access is None:
            return []
        self.inbox = opened_at(self.inbox, access, mailbox.uid_validity)
        if self.inbox.uid:
            is_known = mailbox.next_uid is not None and mailbox.next_uid <= self.inbox.uid + 1
            return [] if is_known else mailbox.after(self.inbox.uid)
        found = mailbox.since(looked_for_since(self.inbox))
        if not found and mailbox.next_uid is not None:
            self.inbox = replace(self.inbox, uid=mailbox.next_uid - 1)
        return found

    def _message(self, mailbox: Mailbox, uid: int) -> Message | None:
        """The message; one that the server does not hand over, whatever is tried, must not keep the others waiting."""
        try:
            return mailbox.message(uid)
        except MailboxTrouble:
            if self.inbox.refusals >= TROUBLES_WITH_A_MESSAGE:
                name = id_of(f"{self.inbox.uid_validity}.{uid}", b"")
                unreadable(self._ports.inbound, self._sender, name, now=self._clock())
                self._keep(uid)
            else:
                self.inbox = replace(self.inbox, refusals=self.inbox.refusals + 1)
            raise

    def _dealt_with(self, message: Message) -> Dealt:
        mail = read_mail(message.raw, received_at=message.received_at)
        known_by = id_of(mail.message_id, message.raw)
        arrival = Arrival(mail, self._sender, message.received_at, known_by)
        return take_inbound(self._ports.inbound, arrival, now=self._clock())

    def _keep(self, uid: int) -> None:
        self.inbox = replace(self.inbox, uid=uid, refusals=0)
        if not self._ports.inboxes.keep(self.inbox):
            raise _LeaseLost

    def report(self, trouble: str | None = None) -> InboxRead:
        """What there is to tell."""
        return InboxRead(
            replies=self._found[Dealt.REPLY] or None,
            out_of_office=self._found[Dealt.OUT_OF_OFFICE] or None,
            bounces=self._found[Dealt.BOUNCE] or None,
            complaints=self._found[Dealt.COMPLAINT] or None,
            ignored=self._found[Dealt.IGNORED] or None,
            unmatched=self._found[Dealt.UNMATCHED] or None,
            trouble=trouble,
        )
