"""What reading mailboxes needs from the outside world."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from drumbeat.domain.inbox import Inbox, InboxName
    from drumbeat.domain.sequence import Sender
    from drumbeat.domain.unmatched_reply import Place, UnmatchedReply


class MailboxTrouble(Exception):
    """A mailbox could not be read, for a reason fit to be shown; `login_refused` says that its password is at fault."""

    def __init__(self, words: str, *, login_refused: bool = False) -> None:
        super().__init__(words)
        self.words = words
        self.login_refused = login_refused


class Message(NamedTuple):
    """A message as the mailbox has it, cut where it is long, and when it arrived there (UTC ms)."""

    raw: bytes
    received_at: int


class Mailbox(Protocol):
    """An open mailbox. Reading leaves no trace in it. Every method raises MailboxTrouble."""

    @property
    def uid_validity(self) -> int:
        """What its message numbers mean something under."""
        ...

    @property
    def next_uid(self) -> int | None:
        """The number of the next message to arrive; None where the server does not say."""
        ...

    def after(self, uid: int) -> list[int]:
        """The numbers of the messages behind `uid`, in order."""
        ...

    def since(self, instant: int) -> list[int]:
        """The numbers of the messages that arrived on the UTC day of `instant` or later, in order."""
        ...

    def message(self, uid: int) -> Message | None:
        """A message, None if it is gone."""
        ...


class Mailboxes(Protocol):
    """Opens the mailboxes of senders."""

    def opened(self, sender: Sender) -> AbstractContextManager[Mailbox]:
        """The mailbox that replies to the sender arrive in, while the context lasts. Raises MailboxTrouble."""
        ...


class Inboxes(Protocol):
    """Keeps how far mailboxes have been read. A sender's begins and ends with its access, by whoever keeps senders."""

    def due(self, until: int, most: int) -> list[InboxName]:
        """The inboxes to be looked at by `until`, longest due first: one query, however many there are."""
        ...

    def get(self, name: InboxName) -> Inbox | None: ...
    def all(self, tenant: int) -> dict[int, Inbox]: ...

    def claim(self, name: InboxName, owner: str, now: int) -> Inbox | None:
        """The inbox, if it is due and nobody reads it: nobody else does before the lease is over. None else."""
        ...

    def keep(self, inbox: Inbox) -> bool:
        """Notes how far its owner has come; False if the inbox is no longer that owner's."""
        ...

    def release(self, claimed: Inbox, told: Inbox) -> bool:
        """Ends the claim with what the look came to; False if the inbox is no longer that owner's."""
        ...

    def begin(self, sender: Sender, now: int) -> None:
        """Begins an inbox that a sender with a mailbox should have and has not."""
        ...

    def census(self) -> int | None:
        """Up to which tenant old senders have the inboxes that they should have; None once all do."""
        ...

    def note_census(self, through: int | None) -> None: ...


class UnmatchedReplies(Protocol):
    """Keeps, for some time, the mails in senders' mailboxes that belong to no enrollment."""

    def put(self, reply: UnmatchedReply, now: int) -> bool:
        """Keeps the mail; False if it is kept already."""
        ...

    def newest(self, tenant: int, *, before: Place | None = None) -> Iterator[UnmatchedReply]: ...


class InboxQueue(Protocol):
    """Tells workers which inboxes to look at, at least once; the inbox itself decides."""

    def put(self, names: Sequence[InboxName]) -> None: ...
