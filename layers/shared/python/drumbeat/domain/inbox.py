"""Inboxes: how far the mailbox of a sender has been read, and when it is looked at next (reliability F-90)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple

from drumbeat.domain.digest import digest
from drumbeat.domain.remark import fit_to_keep
from drumbeat.domain.times import DAY, HOUR, MINUTE, SECOND

if TYPE_CHECKING:
    from drumbeat.domain.sequence import ImapAccess

VERSION = 1
LOOKS_EVERY = 3 * MINUTE
LOOKS_AGAIN_AFTER = 30 * SECOND
"""How soon what a worker still has in hand is asked about again."""
LEASE = 150 * SECOND
"""How long a worker has the inbox to itself: longer than its function may run."""
LONGEST_PAUSE = HOUR
MOST_REFUSED_LOGINS = 3
"""After so many in a row nobody tries before the sender is changed: more could lock its account."""
TROUBLES_WITH_A_MESSAGE = 5
"""After so many looks that failed at a message, it is passed over the next time."""
_MARGIN = DAY
_DIGITS = 32


class InboxName(NamedTuple):
    """Which inbox: a sender has one at most."""

    tenant: int
    sender: int


def message_of(name: InboxName) -> dict[str, int]:
    """What tells a worker to look into the inbox."""
    return {"v": VERSION, "tenant": name.tenant, "sender": name.sender}


def name_in(message: Mapping[str, Any]) -> InboxName:
    """The inbox of such a message. Raises ValueError for one that this code does not understand."""
    if message.get("v") != VERSION:
        raise ValueError("a message of another version")
    return InboxName(int(message["tenant"]), int(message["sender"]))


@dataclass(frozen=True, slots=True)
class Inbox:
    """How far the mailbox of a sender has been read.

    `uid` is the last message that was dealt with, under the `uid_validity` of the `mailbox`; an access to another
    mailbox, or another validity, begins anew with what arrived after `since` or the last look. `due` is when it is
    looked at next, None while nobody does. `troubles` and `refused_logins` count those in a row, `refusals` the looks
    in which the server did not hand over the message behind `uid`. `owner` and `lease` are set while a worker reads.
    """

    tenant: int
    sender: int
    since: int
    due: int | None
    mailbox: str | None = None
    uid_validity: int | None = None
    uid: int = 0
    refusals: int = 0
    polled_at: int | None = None
    troubles: int = 0
    refused_logins: int = 0
    trouble: str | None = None
    owner: str | None = None
    lease: int | None = None

    @property
    def name(self) -> InboxName:
        """Which inbox it is."""
        return InboxName(self.tenant, self.sender)


def mailbox_of(access: ImapAccess) -> str:
    """Which mailbox an access leads to; a new password leads to the same one."""
    return digest(f"{access.host}\n{access.port}\n{access.username}")[:_DIGITS]


def opened_at(inbox: Inbox, access: ImapAccess, uid_validity: int) -> Inbox:
    """The inbox as the mailbox was found: as it was left, or begun anew because what was counted means nothing here."""
    mailbox = mailbox_of(access)
    if (inbox.mailbox, inbox.uid_validity) == (mailbox, uid_validity):
        return inbox
    same_mailbox = inbox.mailbox in (mailbox, None)
    polled_at = inbox.polled_at if same_mailbox else None
    return replace(inbox, mailbox=mailbox, uid_validity=uid_validity, uid=0, refusals=0, polled_at=polled_at)


def looked_for_since(inbox: Inbox) -> int:
    """From when messages of a mailbox are looked at that is begun anew: a day of margin, as servers reckon in days."""
    return (inbox.since if inbox.polled_at is None else inbox.polled_at) - _MARGIN


def read_through(inbox: Inbox, now: int, *, soon: int | None = None) -> Inbox:
    """The inbox after a look that went well; `soon` is in how many milliseconds the next one is, where some is left."""
    due = now + (LOOKS_EVERY if soon is None else soon)
    whole = inbox.polled_at if soon is not None else now
    return replace(_free(inbox), due=due, polled_at=whole, troubles=0, refused_logins=0, trouble=None)


def in_trouble(inbox: Inbox, words: str, now: int, *, login_refused: bool) -> Inbox:
    """The inbox that could not be read: tried again ever later, or not at all once the login was refused too often."""
    refused = inbox.refused_logins + 1 if login_refused else 0
    pause = min(LOOKS_EVERY << min(inbox.troubles, 16), LONGEST_PAUSE)
    due = None if refused >= MOST_REFUSED_LOGINS else now + pause
    told = fit_to_keep(words)
    return replace(_free(inbox), due=due, troubles=inbox.troubles + 1, refused_logins=refused, trouble=told)


def left_alone(inbox: Inbox) -> Inbox:
    """The inbox of a sender that has no mailbox any more: nobody looks at it until it has one again."""
    return replace(_free(inbox), due=None)


def _free(inbox: Inbox) -> Inbox:
    return replace(inbox, owner=None, lease=None)
