"""A mail server that stands for the outside world: it keeps what it gets as a Maildir.

Recipients whose local part starts with "bounce" do not exist (550), those that start with "defer" are
put off (451); everybody else gets their mail. A mail with a bare CR or LF is refused, as large
providers do. Any user name and password will do. A server that is slow to answer the final dot has the
mail already: whoever hangs up before the answer does not know.
"""

import argparse
import asyncio
import mailbox
import re
import signal
from pathlib import Path

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from tools.local.ports import LOOPBACK

_BARE_LINE_END = re.compile(rb"(?<!\r)\n|\r(?!\n)")
_REFUSALS = {
    "bounce": "550 5.1.1 No such mailbox here",
    "defer": "451 4.7.1 Please try again later",
}


class Sink:
    """The answers of the server; a mail is in the Maildir, whole, `answer_after` seconds before it is accepted."""

    def __init__(self, maildir: Path, answer_after: float) -> None:
        self._maildir = mailbox.Maildir(maildir, create=True)
        self._answer_after = answer_after

    async def handle_RCPT(  # noqa: N802 (the name that aiosmtpd looks for)
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Take a recipient, or say why not."""
        del server, session
        for prefix, refusal in _REFUSALS.items():
            if address.lower().startswith(prefix):
                return refusal
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 2.1.5 Recipient accepted"

    async def handle_DATA(  # noqa: N802 (the name that aiosmtpd looks for)
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        """Keep the mail, with the envelope in the headers that a delivery agent would add."""
        del server, session
        content = envelope.original_content or b""
        if _BARE_LINE_END.search(content):
            return "550 5.6.11 A line must end with CRLF"
        trace = [f"Return-Path: <{envelope.mail_from}>"]
        trace += [f"Delivered-To: {recipient}" for recipient in envelope.rcpt_tos]
        name = self._maildir.add("\r\n".join([*trace, ""]).encode() + content)
        await asyncio.sleep(self._answer_after)
        return f"250 2.0.0 Kept as {name}"


def _let_in(server: SMTP, session: Session, envelope: Envelope, mechanism: str, credentials: object) -> AuthResult:
    del server, session, envelope, mechanism
    return AuthResult(success=isinstance(credentials, LoginPassword))


async def serve(port: int, maildir: Path, answer_after: float, host: str = LOOPBACK) -> None:
    """Take mail until SIGTERM or SIGINT."""
    loop = asyncio.get_running_loop()
    sink = Sink(maildir, answer_after)
    stopped = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopped.set)
    server = await loop.create_server(
        lambda: SMTP(
            sink,
            hostname="sink.localhost",
            enable_SMTPUTF8=True,
            auth_require_tls=False,
            authenticator=_let_in,
            loop=loop,
        ),
        host,
        port,
    )
    print(f"SMTP sink on {host}:{port}, Maildir {maildir}", flush=True)
    await stopped.wait()
    server.close()


def main() -> None:
    """Run the sink from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--host", default=LOOPBACK)
    parser.add_argument("--maildir", type=Path, required=True)
    parser.add_argument("--answer-after", type=float, default=0, help="seconds from the final dot to its answer")
    options = parser.parse_args()
    asyncio.run(serve(options.port, options.maildir, options.answer_after, options.host))


if __name__ == "__main__":
    main()
