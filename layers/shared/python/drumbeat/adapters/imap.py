"""Mailboxes by IMAP: read-only, in bounded time and memory whatever the server does, over our own way out."""

from __future__ import annotations

import contextlib
import imaplib
import io
import socket
import ssl
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from imapclient import IMAPClient
from imapclient.exceptions import LoginError, ProtocolError

from drumbeat.adapters.egress import connect_mailbox
from drumbeat.application.inbox_ports import MailboxTrouble, Message
from drumbeat.domain.remark import fit_to_keep
from drumbeat.domain.times import SECOND

if TYPE_CHECKING:
    from drumbeat.application.ports import Vault
    from drumbeat.domain.sequence import ImapAccess, Sender

type Connect = Callable[[str, int, float], socket.socket]

IMPLICIT_TLS_PORT = 993
MOST_OF_A_MESSAGE = 512 * 1024
"""How many bytes of a message are asked for: whatever says what it is stands at its beginning."""
_MOST_OF_AN_ANSWER = 4 * 1024 * 1024
"""How much a server may say to one command: the numbers of half a million messages."""
_NOT_THE_PASSWORD = ("[UNAVAILABLE]", "[INUSE]", "[LIMIT]", "[SERVERBUG]")
"""Refusals of a login that say nothing about it (RFC 5530)."""
# The last ones are what parsing makes of answers that no server should give.
_TROUBLE = (OSError, imaplib.IMAP4.error, ProtocolError, ValueError, LookupError, TypeError, ArithmeticError)


@dataclass(frozen=True, slots=True)
class Patience:
    """How many seconds a server gets: to connect, until the mailbox is open, for a command after that, to part."""

    connect: float = 10
    opening: float = 40
    command: float = 20
    goodbye: float = 2


class _Limits:
    """What is left of the time and of the bytes that a server has for what it was asked."""

    def __init__(self) -> None:
        self._until = 0.0
        self._bytes = 0

    def begin(self, seconds: float) -> None:
        """Starts the clock for something new."""
        self._until = time.monotonic() + seconds
        self._bytes = _MOST_OF_AN_ANSWER

    def time_left(self) -> float:
        """Seconds that are left. Raises TimeoutError when none are."""
        left = self._until - time.monotonic()
        if left <= 0:
            raise TimeoutError("the server is too slow")
        return left

    def check_room(self, size: int) -> None:
        """Raises OSError for more bytes than are left."""
        if size > self._bytes:
            raise OSError("the server says too much")

    def count(self, size: int) -> None:
        """Notes that so many bytes have come. Raises OSError for more than were left."""
        self.check_room(size)
        self._bytes -= size


class _Stream(io.RawIOBase):
    """What a connection says, as long as its limits allow: one byte a minute is no way to outlast them."""

    def __init__(self, connection: socket.socket, limits: _Limits) -> None:
        self._connection = connection
        self._limits = limits

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self._connection.settimeout(self._limits.time_left())
        size = self._connection.recv_into(buffer)
        self._limits.count(size)
        return size


class _Connection(imaplib.IMAP4):
    """imaplib's dialogue on a socket of ours."""

    def __init__(self, access: ImapAccess, dial: Callable[[], socket.socket], limits: _Limits) -> None:
        self._dial = dial
        self._limits = limits
        super().__init__(access.host, access.port)

    def open(self, host: str = "", port: int = 0, timeout: float | None = None) -> None:  # noqa: ARG002 - imaplib's hook
        """Connects."""
        self.host, self.port = host, port
        self.sock = self._dial()
        self._listen()

    def starttls(self, ssl_context: ssl.SSLContext | None = None) -> Any:
        """Goes on encrypted; what the server said before counts for nothing."""
        typ, data = self._simple_command("STARTTLS")
        if typ != "OK" or ssl_context is None:
            raise self.error("no TLS")
        self.sock = ssl_context.wrap_socket(self.sock, server_hostname=self.host)
        self._listen()
        self._tls_established = True
        self._get_capabilities()
        return typ, data

    def _listen(self) -> None:
        self.file = self._stream = io.BufferedReader(_Stream(self.sock, self._limits))

    def read(self, size: int) -> bytes:
        """Reads so many bytes, and asks for the room before."""
        self._limits.check_room(size)
        return self._stream.read(size)

    def readline(self) -> bytes:
        """Reads a line; its end is in it."""
        return self._stream.readline(_MOST_OF_AN_ANSWER)

    def send(self, data: Any) -> None:
        """Sends a command, or a part of one."""
        self.sock.settimeout(self._limits.time_left())
        self.sock.sendall(data)


class _Client(IMAPClient):
    """IMAPClient on such a dialogue."""

    def __init__(self, access: ImapAccess, dial: Callable[[], socket.socket], limits: _Limits) -> None:
        self._make = partial(_Connection, access, dial, limits)
        super().__init__(access.host, access.port, ssl=access.port == IMPLICIT_TLS_PORT)
        self._imap.debug = 0  # it would spell every line, passwords too, for a log that nobody keeps
        self.normalise_times = False

    def _create_IMAP4(self) -> imaplib.IMAP4:  # noqa: N802 - IMAPClient's hook
        return self._make()

    def _set_read_timeout(self) -> None:
        """Every read has the time that is left."""


class _OpenMailbox:
    """The INBOX, opened by EXAMINE: nothing in it is marked as seen, and nothing ever deleted."""

    def __init__(self, client: _Client, limits: _Limits, patience: Patience) -> None:
        self._client = client
        self._limits = limits
        self._patience = patience
        opened = client.select_folder("INBOX", readonly=True)
        self.uid_validity: int = opened[b"UIDVALIDITY"]
        self.next_uid: int | None = opened.get(b"UIDNEXT")

    def after(self, uid: int) -> list[int]:
        """The numbers of the messages behind `uid`, in order. "n:*" names the last one even if it is before n."""
        return [found for found in self._search(["UID", f"{uid + 1}:*"]) if found > uid]

    def since(self, instant: int) -> list[int]:
        """The numbers of the messages that arrived on the UTC day of `instant` or later, in order."""
        return self._search(["SINCE", datetime.fromtimestamp(instant // SECOND, UTC).date()])

    def message(self, uid: int) -> Message | None:
        """The beginning of a message, None if it is gone."""
        with _named("fetching"):
            self._limits.begin(self._patience.command)
            wanted = ["INTERNALDATE", f"BODY.PEEK[]<0.{MOST_OF_A_MESSAGE}>"]
            found = self._client.fetch([uid], wanted).get(uid)
            if found is None:
                return None
            bodies = [value for name, value in found.items() if name.startswith(b"BODY[]")]
            arrived = found.get(b"INTERNALDATE") or datetime.now(UTC)
            return Message((bodies[0] or b"")[:MOST_OF_A_MESSAGE], int(arrived.timestamp()) * SECOND)

    def _search(self, criteria: list[Any]) -> list[int]:
        with _named("searching"):
            self._limits.begin(self._patience.command)
            return sorted(self._client.search(criteria))


@dataclass(frozen=True, slots=True)
class ImapMailboxes:
    """Opens the mailboxes that senders name, encrypted unless private servers are allowed."""

    vault: Vault
    plaintext_allowed: bool
    patience: Patience = Patience()
    tls: Callable[[], ssl.SSLContext] = ssl.create_default_context
    connect: Connect | None = None

    @contextlib.contextmanager
    def opened(self, sender: Sender) -> Iterator[_OpenMailbox]:
        """The mailbox that replies to the sender arrive in, while the context lasts. Raises MailboxTrouble."""
        if sender.imap is None:
            raise MailboxTrouble("there is no mailbox")
        password = self.vault.open(sender.imap.sealed_password, tenant=sender.tenant, sender=sender.number)
        limits = _Limits()
        limits.begin(self.patience.opening)
        with _named("connecting"):
            client = _Client(sender.imap, partial(self._dial, sender.imap), limits)
        try:
            self._log_in(client, sender.imap, password)
            with _named("opening"):
                mailbox = _OpenMailbox(client, limits, self.patience)
            yield mailbox
        finally:
            limits.begin(self.patience.goodbye)
            with contextlib.suppress(*_TROUBLE):
                client.logout()
            with contextlib.suppress(*_TROUBLE):
                client.shutdown()

    def _dial(self, access: ImapAccess) -> socket.socket:
        connect = self.connect or partial(connect_mailbox, private_allowed=self.plaintext_allowed)
        connection = connect(access.host, access.port, self.patience.connect)
        if access.port != IMPLICIT_TLS_PORT:
            return connection
        try:
            return self.tls().wrap_socket(connection, server_hostname=access.host)
        except BaseException:
            connection.close()
            raise

    def _log_in(self, client: _Client, access: ImapAccess, password: str) -> None:
        """A password is only told to a server that proved who it is, unless plaintext is allowed."""
        with _named("encrypting"):
            if access.port != IMPLICIT_TLS_PORT and not self.plaintext_allowed:
                client.starttls(self.tls())
        with _named("logging in"):
            if client.has_capability("AUTH=PLAIN"):
                client.plain_login(access.username, password)
            else:
                client.login(_quoted(access.username), password)


@contextlib.contextmanager
def _named(doing: str) -> Iterator[None]:
    """Whatever goes wrong is told as a mailbox's trouble, without anybody's address."""
    try:
        yield
    except _TROUBLE as trouble:
        words = fit_to_keep(f"{doing}: {trouble}" if str(trouble) else f"{doing}: {type(trouble).__name__}")
        raise MailboxTrouble(words, login_refused=_is_refusal(trouble)) from trouble


def _is_refusal(trouble: Exception) -> bool:
    """Whether it was the password: IMAPClient says LoginError also where the connection broke or the server is busy."""
    if not isinstance(trouble, LoginError) or isinstance(trouble.__context__, imaplib.IMAP4.abort):
        return False
    return not any(code in str(trouble).upper() for code in _NOT_THE_PASSWORD)


def _quoted(text: str) -> str:
    """As a quoted string of the protocol: imaplib quotes the password only."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
