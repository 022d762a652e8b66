"""SMTP, phase by phase: only the answer to the final dot says whether a mail has left (reliability §2.6)."""

from __future__ import annotations

import contextlib
import re
import smtplib
import socket
import ssl
import time
from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Self

from drumbeat.adapters.egress import connect_mail
from drumbeat.domain.email import domain_of
from drumbeat.domain.remark import fit_to_keep
from drumbeat.domain.verdict import Accepted, Attempted, Rejected, Retry, SenderTrouble, Unknown, Withheld

if TYPE_CHECKING:
    from drumbeat.application.ports import Vault
    from drumbeat.application.send_ports import StopCheck
    from drumbeat.domain.mail import Mail
    from drumbeat.domain.sequence import Sender

type Connect = Callable[[str, int, float], socket.socket]

IMPLICIT_TLS_PORT = 465
_LOGIN_REFUSED = {530, 534, 535, 538}
_CLOSING = 421
_TROUBLE = (OSError, smtplib.SMTPException, ValueError)


@dataclass(frozen=True, slots=True)
class Patience:
    """How many seconds a server gets: to connect, for one command, for everything up to the dot, and after it."""

    connect: float = 10
    command: float = 15
    until_dot: float = 30
    after_dot: float = 75
    goodbye: float = 2


class _Dialogue(smtplib.SMTP):
    """smtplib's commands on a socket of ours, each with its share of the time left."""

    def __init__(self, sender: Sender, dial: Callable[[], socket.socket], patience: Patience) -> None:
        self._dial = dial
        self._patience = patience
        self.begin()
        super().__init__(sender.host, sender.port, local_hostname=domain_of(sender.from_email))

    def begin(self) -> None:
        """Starts the clock for another mail."""
        self._dot_by = time.monotonic() + self._patience.until_dot

    def time_left(self) -> float:
        """Seconds that the next step may take. Raises TimeoutError when there are none."""
        left = self._dot_by - time.monotonic()
        if left <= 0:
            raise TimeoutError("the server is too slow")
        return min(left, self._patience.command)

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:  # noqa: ARG002 - smtplib's hook
        connection = self._dial()
        connection.settimeout(self.time_left())
        return connection

    def putcmd(self, cmd: str, args: str = "") -> None:
        """Sends a command, with the time for its answer set."""
        if self.sock:
            self.sock.settimeout(self.time_left())
        super().putcmd(cmd, args)


class SmtpMailer:
    """Sends mails; a sender's connection serves all its mails until `close`.

    A sender whose server can't be reached is not tried again before `close`. Mails of different senders may be sent
    from different threads, those of one sender from one thread at a time.
    """

    def __init__(
        self,
        vault: Vault,
        *,
        plaintext_allowed: bool,
        patience: Patience | None = None,
        tls: Callable[[], ssl.SSLContext] = ssl.create_default_context,
        connect: Connect | None = None,
    ) -> None:
        self._vault = vault
        self._plaintext_allowed = plaintext_allowed
        self._patience = patience or Patience()
        self._tls = tls
        self._connect_to = connect or partial(connect_mail, private_allowed=plaintext_allowed)
        self._open: dict[Sender, _Dialogue] = {}
        self._down: dict[Sender, SenderTrouble] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Says goodbye to all servers; whether they answer changes nothing."""
        for dialogue in self._open.values():
            with contextlib.suppress(*_TROUBLE):
                dialogue.begin()
                if dialogue.sock:
                    dialogue.putcmd("QUIT")
                    dialogue.sock.settimeout(self._patience.goodbye)
                    dialogue.getreply()
            dialogue.close()
        self._open.clear()
        self._down.clear()

    def send(self, sender: Sender, mail: Mail, stop: StopCheck) -> Attempted:
        """Sends one mail; `stop` is asked right before its content goes out.

        What this raises comes from the vault or from `stop`, and then nothing was sent.
        """
        if sender in self._down:
            return self._down[sender]
        dialogue = self._open.pop(sender, None)
        refusal = None if dialogue is None else _begin(dialogue, mail)
        if dialogue is None or dialogue.sock is None:  # a server may close an idle connection: a fresh one is owed
            try:
                dialogue = self._connect(sender)
            except _TROUBLE as trouble:
                self._down[sender] = _no_connection(trouble)
                return self._down[sender]
            refusal = _begin(dialogue, mail)
        verdict = refusal or _deliver(dialogue, mail, stop, self._patience.after_dot)
        if isinstance(verdict, Accepted) or _is_clean(dialogue, verdict):
            self._open[sender] = dialogue
        else:
            dialogue.close()
        return verdict

    def _connect(self, sender: Sender) -> _Dialogue:
        """A connection that is ready for mail: encrypted unless plaintext is allowed, and logged in."""
        password = self._vault.open(sender.sealed_password, tenant=sender.tenant, sender=sender.number)
        dialogue = _Dialogue(sender, lambda: self._dial(sender), self._patience)
        try:
            dialogue.ehlo_or_helo_if_needed()
            if sender.port != IMPLICIT_TLS_PORT and not self._plaintext_allowed:
                dialogue.starttls(context=self._tls())
                dialogue.ehlo_or_helo_if_needed()
            _log_in(dialogue, sender.username, password)
        except BaseException:
            dialogue.close()
            raise
        return dialogue

    def _dial(self, sender: Sender) -> socket.socket:
        connection = self._connect_to(sender.host, sender.port, self._patience.connect)
        if sender.port != IMPLICIT_TLS_PORT:
            return connection
        try:
            return self._tls().wrap_socket(connection, server_hostname=sender.host)
        except BaseException:
            connection.close()
            raise


def _no_connection(trouble: Exception) -> SenderTrouble:
    """A 4xx to a login is the server's trouble, not the password's."""
    refused = isinstance(trouble, smtplib.SMTPAuthenticationError) and 500 <= trouble.smtp_code < 600
    return SenderTrouble(f"no connection: {_described(trouble)}", login_refused=refused)


def _log_in(dialogue: _Dialogue, username: str, password: str) -> None:
    """Logs in if the server offers it; a server that wants it and does not offer it refuses the mail later."""
    offered = dialogue.esmtp_features.get("auth", "").upper().split()
    if not offered or not username:
        return
    if "PLAIN" in offered:
        code, text = dialogue.docmd("AUTH", f"PLAIN {_base64(f'\0{username}\0{password}')}")
    elif "LOGIN" in offered:
        code, text = dialogue.docmd("AUTH", "LOGIN")
        for answer in (username, password):
            if code == 334:
                code, text = dialogue.docmd(_base64(answer))
    else:
        raise smtplib.SMTPNotSupportedError("no way to log in that we know")
    if code != 235:
        raise smtplib.SMTPAuthenticationError(code, text)


def _begin(dialogue: _Dialogue, mail: Mail) -> Attempted | None:
    """Announces the mail; None if the server wants it. No recipient was named yet, so a refusal is the sender's."""
    dialogue.begin()
    try:
        code, text = dialogue.mail(mail.envelope_from)
    except _TROUBLE as trouble:
        dialogue.close()
        return SenderTrouble(f"lost at MAIL: {_described(trouble)}")
    if code == _CLOSING:
        dialogue.close()
    return None if code == 250 else SenderTrouble(f"MAIL refused: {code} {_readable(text)}", code in _LOGIN_REFUSED)


def _deliver(dialogue: _Dialogue, mail: Mail, stop: StopCheck, patience: float) -> Attempted:
    """From the recipient to the final dot."""
    refusal = _name_recipient(dialogue, mail)
    if refusal is not None:
        return refusal
    try:
        state = stop()
    except BaseException:
        dialogue.close()
        raise
    if state is not None:
        return Withheld(state)
    return _hand_content_over(dialogue, mail) or _final_dot(dialogue, patience)


def _name_recipient(dialogue: _Dialogue, mail: Mail) -> Attempted | None:
    try:
        code, text = dialogue.rcpt(mail.recipient)
    except _TROUBLE as trouble:
        return Retry(f"lost at RCPT: {_described(trouble)}")
    return None if code in {250, 251} else _refusal(code, text)


def _hand_content_over(dialogue: _Dialogue, mail: Mail) -> Attempted | None:
    """Everything but the dot: as long as that is held back, no server can have taken the mail."""
    try:
        code, text = dialogue.docmd("DATA")
        if code != 354:
            return _refusal(code, text)
        dialogue.send(re.sub(rb"(?m)^\.", b"..", mail.content))
    except _TROUBLE as trouble:
        return Retry(f"lost at DATA: {_described(trouble)}")
    return None


def _final_dot(dialogue: _Dialogue, patience: float) -> Attempted:
    """From here on only an answer tells; without one the mail may have left."""
    try:
        if dialogue.sock is not None:
            dialogue.sock.settimeout(patience)
        dialogue.send(b".\r\n")
        code, text = dialogue.getreply()
    except Exception as trouble:  # whatever it is, the dot may have arrived
        dialogue.close()
        return Unknown(f"lost after the final dot: {_described(trouble)}")
    if 200 <= code < 300:
        return Accepted()
    return _refusal(code, text) if 400 <= code < 600 else Unknown(f"the final dot was answered {code}")


def _refusal(code: int, text: bytes) -> Attempted:
    if code in _LOGIN_REFUSED:
        return SenderTrouble(f"login wanted: {code} {_readable(text)}", login_refused=True)
    if 500 <= code < 600:
        return Rejected(code, _readable(text))
    return Retry(f"{code} {_readable(text)}")


def _is_clean(dialogue: _Dialogue, verdict: Attempted) -> bool:
    """Whether the connection is good for another mail after this one was not taken."""
    if isinstance(verdict, Unknown) or dialogue.sock is None:
        return False
    try:
        code, _ = dialogue.docmd("RSET")
    except _TROUBLE:
        return False
    return code == 250


def _described(trouble: Exception) -> str:
    if isinstance(trouble, smtplib.SMTPResponseException):
        error = trouble.smtp_error
        return f"{trouble.smtp_code} {_readable(error if isinstance(error, bytes) else error.encode())}"
    return f"{type(trouble).__name__} {_readable(str(trouble).encode(errors='replace'))}"


def _readable(text: bytes) -> str:
    return fit_to_keep(text.decode("ascii", "replace"))


def _base64(text: str) -> str:
    return b64encode(text.encode()).decode()
