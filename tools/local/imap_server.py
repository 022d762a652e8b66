"""An IMAP server (pymap) that stands for the senders' mailboxes.

Any user name and password will do: whoever logs in first with a name has an empty mailbox. What is appended to an INBOX
has arrived there. Mailboxes are in memory only: after a restart they are empty, and have another UIDVALIDITY.
"""

import argparse
import asyncio
import imaplib
import signal
import ssl
from argparse import Namespace

from proxyprotocol.sock import SocketInfoLocal
from pymap.backend.dict import Config, Identity, Login
from pymap.imap import IMAPServer
from pymap.user import UserMetadata
from pysasl.creds.server import ServerCredentials
from pysasl.hashing import Cleartext

from tools.local.ports import LOOPBACK


class _AnybodyMayLogIn(Login):
    """Knows nobody, and lets everybody in."""

    async def authenticate(self, credentials: ServerCredentials) -> Identity:
        """The mailbox of whatever name is given."""
        name = credentials.authcid
        self.users_dict.setdefault(name, UserMetadata(self.config, name))
        return Identity(name, self, None, frozenset())


def settings(port: int, tls: ssl.SSLContext | None = None, host: str = LOOPBACK) -> Config:
    """A server with nobody in it; with `tls` it offers STARTTLS, and nobody logs in without it."""
    config = Config(
        Namespace(passlib_cfg=None, proxy_protocol=None),
        host=host,
        port=port,
        demo_data=False,
        demo_user="nobody",
        demo_password="",
        hash_context=Cleartext(),
        invalid_user_sleep=0,
        tls_enabled=tls is not None,
        ssl_context=tls or ssl.create_default_context(ssl.Purpose.CLIENT_AUTH),
        reject_dnsbl=False,
    )
    config.apply_context()
    return config


def deliver(port: int, user: str, message: bytes, host: str = LOOPBACK) -> None:
    """Put a message into a user's INBOX, as the mail server of that user would."""
    with imaplib.IMAP4(host, port) as client:
        client.login(user, "any will do")
        client.append("INBOX", None, None, message)


async def serve(port: int, host: str = LOOPBACK) -> None:
    """Answer until SIGTERM or SIGINT."""
    loop = asyncio.get_running_loop()
    stopped = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopped.set)
    config = settings(port, host=host)
    answer = IMAPServer(_AnybodyMayLogIn(config), config)

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await answer(reader, writer, SocketInfoLocal(writer))

    server = await asyncio.start_server(connected, host, port)
    print(f"IMAP server on {host}:{port}", flush=True)
    await stopped.wait()
    server.close()
    server.close_clients()


def main() -> None:
    """Run the server from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--host", default=LOOPBACK)
    options = parser.parse_args()
    asyncio.run(serve(options.port, options.host))


if __name__ == "__main__":
    main()
