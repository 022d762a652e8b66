"""A real IMAP server on loopback: pymap with its mailboxes in memory, in a thread of its own."""

import asyncio
import ssl
from collections.abc import Coroutine
from datetime import UTC, datetime
from threading import Event, Thread
from typing import Any, Self

from proxyprotocol.sock import SocketInfoLocal
from pymap.backend.dict import Login
from pymap.backend.dict.mailbox import MailboxData
from pymap.imap import IMAPServer
from pymap.parsing.message import AppendMessage
from pymap.parsing.specials.flag import Seen
from pymap.user import UserMetadata

from tools.local.imap_server import settings
from tools.local.ports import LOOPBACK

PASSWORD = "imap-secret"
_WAIT = 20


class ImapServer:
    """Mailboxes of any number of users, all with the password `PASSWORD`, an INBOX each.

    With `tls` the server offers STARTTLS, and nobody logs in without it.
    """

    def __init__(self, *users: str, tls: ssl.SSLContext | None = None, port: int = 0) -> None:
        self.users = users or ("ann@acme.test",)
        self.port = port
        self.connections = 0
        self._tls = tls
        self._loop = asyncio.new_event_loop()
        self._is_up = Event()
        self._thread = Thread(target=self._loop.run_until_complete, args=(self._serve(),), daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        assert self._is_up.wait(_WAIT)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._over.set)
        self._thread.join(_WAIT)
        self._loop.close()

    def deliver(self, raw: bytes, *, user: str | None = None, at: int | None = None) -> int:
        """Puts a message into the user's INBOX as if it had arrived at `at` (UTC ms), or now; returns its number."""
        return self._run(self._delivered(raw, self._named(user), at))

    def seen(self, user: str | None = None) -> list[bool]:
        """Of each message in the user's INBOX, whether it is marked as read."""
        return self._run(self._flags(self._named(user)))

    def renumber(self, user: str | None = None) -> None:
        """Gives the user's INBOX another UIDVALIDITY and its messages other numbers, as a restored server does."""
        self._run(self._renumbered(self._named(user)))

    def set_password(self, password: str, user: str | None = None) -> None:
        """Changes what the user logs in with."""
        self._run(self._known(self._named(user), password))

    def _named(self, user: str | None) -> str:
        return self.users[0] if user is None else user

    def _run[T](self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(_WAIT)

    async def _serve(self) -> None:
        self._over = asyncio.Event()
        self._config = settings(self.port, self._tls)
        self._login = Login(self._config)
        for user in self.users:
            await self._known(user, PASSWORD)
        serve = IMAPServer(self._login, self._config)

        async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            self.connections += 1
            await serve(reader, writer, SocketInfoLocal(writer))

        server = await asyncio.start_server(connected, host=LOOPBACK, port=self.port)
        self.port = server.sockets[0].getsockname()[1]
        self._is_up.set()
        await self._over.wait()
        server.close()
        server.close_clients()

    async def _known(self, user: str, password: str) -> None:
        self._login.users_dict[user] = UserMetadata(self._config, user, password=password)

    async def _inbox(self, user: str) -> MailboxData:
        identity = await self._login.authorize(self._login.demo_user_identity, self._config.demo_user)
        identity._name = user
        async with identity.new_session() as session:
            return await session.mailbox_set.get_mailbox("INBOX")

    async def _delivered(self, raw: bytes, user: str, at: int | None) -> int:
        when = datetime.now(UTC) if at is None else datetime.fromtimestamp(at / 1000, UTC)
        return (await (await self._inbox(user)).append(AppendMessage(raw, when))).uid

    async def _flags(self, user: str) -> list[bool]:
        return [Seen in message.permanent_flags async for message in (await self._inbox(user)).messages()]

    async def _renumbered(self, user: str) -> None:
        inbox = await self._inbox(user)
        messages = [message async for message in inbox.messages()]
        inbox._uid_validity += 1
        inbox._messages.clear()
        inbox._max_uid = 0
        for message in messages:
            inbox._max_uid += 1
            inbox._messages[inbox._max_uid] = type(message).copy(message, uid=inbox._max_uid)
