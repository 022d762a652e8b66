"""A mail server on the loopback that misbehaves to order, and remembers what it really took."""

import contextlib
import socket
import ssl
from collections.abc import Callable, Mapping

from tests.scripted_server import LoopbackServer

DROP, STALL = "drop", "stall"
_GOOD = {
    "connect": "220 ready",
    "auth": "235 welcome",
    "starttls": "220 go ahead",
    "mail": "250 ok",
    "rcpt": "250 ok",
    "data": "354 go ahead",
    "dot": "250 taken",
    "rset": "250 ok",
    "quit": "221 bye",
}


class ScriptedServer(LoopbackServer):
    """Answers each phase (connect, ehlo, starttls, auth, mail, rcpt, data, dot, rset, quit) as its script says.

    An answer is a reply, DROP (hang up) or STALL (say nothing more); a list gives one for each time, the last for ever.
    `taken` holds the mails that it has, whatever it told the client.
    """

    def __init__(
        self,
        script: Mapping[str, str | list[str]] | None = None,
        *,
        features: tuple[str, ...] = ("AUTH PLAIN LOGIN",),
        tls: ssl.SSLContext | None = None,
        implicit_tls: bool = False,
    ) -> None:
        super().__init__()
        wanted = {"ehlo": _hello(features)} | _GOOD | dict(script or {})
        self._script = {
            phase: [answer] if isinstance(answer, str) else list(answer) for phase, answer in wanted.items()
        }
        self._tls, self._implicit_tls = tls, implicit_tls
        self.taken: list[bytes] = []
        self.commands: list[str] = []

    def _talk(self, connection: socket.socket) -> None:
        with contextlib.suppress(OSError), contextlib.closing(_Visit(self, connection)) as visit:
            if self._implicit_tls:
                visit.secure()
            visit.run()

    def meanwhile(self, phase: str, act: Callable[[], None]) -> None:
        """From now on `act` happens whenever the server has come to this phase, before it answers."""
        answer = self.answer

        def acting(reached: str) -> str:
            if reached == phase:
                act()
            return answer(reached)

        self.answer = acting  # type: ignore[method-assign]

    def answer(self, phase: str) -> str:
        """What the script says to this phase, this time."""
        answers = self._script[phase]
        return answers.pop(0) if len(answers) > 1 else answers[0]

    def wait(self) -> None:
        """Says nothing until the test is over."""
        self._over.wait(30)

    def secured(self, connection: socket.socket) -> socket.socket:
        """The connection under TLS."""
        assert self._tls is not None
        return self._tls.wrap_socket(connection, server_side=True)


class _HungUp(OSError):
    pass


class _Visit:
    """One connection."""

    def __init__(self, server: ScriptedServer, connection: socket.socket) -> None:
        self._server = server
        self._connection = connection
        self._input = connection.makefile("rb")

    def secure(self) -> None:
        self._input.close()
        self._connection = self._server.secured(self._connection)
        self._input = self._connection.makefile("rb")

    def close(self) -> None:
        self._input.close()
        self._connection.close()

    def run(self) -> None:
        self._say("connect")
        while line := self._input.readline():
            command = line.decode("utf-8").rstrip("\r\n")
            self._server.commands.append(command)
            self._obey(command, command.split(" ")[0].split(":")[0].lower())

    def _obey(self, command: str, verb: str) -> None:
        phase = {"helo": "ehlo"}.get(verb, verb)
        if phase == "auth" and command.upper() == "AUTH LOGIN":
            self._log_in()
        reply = self._say(phase)
        if phase == "starttls" and reply.startswith("220"):
            self.secure()
        if phase == "data" and reply.startswith("354"):
            self._take()
        if phase == "quit":
            raise _HungUp

    def _log_in(self) -> None:
        for question in ("334 VXNlcm5hbWU6", "334 UGFzc3dvcmQ6"):
            self._send(question)
            self._server.commands.append(self._input.readline().decode().strip())

    def _take(self) -> None:
        content = b""
        while (line := self._input.readline()) != b".\r\n":
            if not line:
                raise _HungUp
            content += line[1:] if line.startswith(b".") else line
        answer = self._server.answer("dot")
        if answer[0] not in "45":
            self._server.taken.append(content)
        self._give(answer)

    def _say(self, phase: str) -> str:
        answer = self._server.answer(phase)
        self._give(answer)
        return answer

    def _give(self, answer: str) -> None:
        if answer == DROP:
            raise _HungUp
        if answer == STALL:
            self._server.wait()
            raise _HungUp
        self._send(answer)

    def _send(self, answer: str) -> None:
        self._connection.sendall(answer.encode() + b"\r\n")


def _hello(features: tuple[str, ...]) -> str:
    lines = ["scripted", *features]
    return "\r\n".join(f"250{' ' if line is lines[-1] else '-'}{line}" for line in lines)
