"""Whatever a mail server does, the verdict says what is known: only the answer to the final dot makes a mail sent."""

import socket
import ssl
from base64 import b64encode
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from drumbeat.adapters.smtp import Patience, SmtpMailer
from drumbeat.domain.enrollment import EnrollmentState
from drumbeat.domain.mail import Mail
from drumbeat.domain.sequence import Sender
from drumbeat.domain.verdict import Accepted, Rejected, Retry, SenderTrouble, Unknown, Verdict, Withheld
from tests.scripted_smtp import DROP, STALL, ScriptedServer

MAIL = Mail("bob@acme.example", "ann@corp.example", b"Subject: x\r\n\r\n.dot\r\n..two\r\nend\r\n")
HASTE = Patience(connect=2, command=0.3, until_dot=2, after_dot=0.3, goodbye=0.2)


class OpenVault:
    """Seals nothing."""

    def seal(self, secret: str, *, tenant: int, sender: int) -> str:
        raise NotImplementedError

    def open(self, sealed: str, *, tenant: int, sender: int) -> str:
        assert (tenant, sender) == (1, 2)
        return sealed


def sender(port: int, **fields: Any) -> Sender:
    wanted: dict[str, Any] = {"host": "localhost", "username": "bob", "sealed_password": "pässword"}
    return Sender(
        1, 2, 3, None, port=port, from_name="Bob", from_email="bob@acme.example", daily_limit=1, created_at=0,
        **(wanted | fields),
    )  # fmt: skip


def mailer(**options: Any) -> SmtpMailer:
    wanted: dict[str, Any] = {"plaintext_allowed": True, "patience": HASTE}
    return SmtpMailer(OpenVault(), **(wanted | options))


def go() -> None:
    """Nothing speaks against it."""


def sent(server: ScriptedServer) -> Verdict:
    with mailer() as post:
        return post.send(sender(server.port), MAIL, go)


SENDERS_TROUBLE = [
    {"connect": DROP},
    {"connect": STALL},
    {"connect": "421 not now"},
    {"connect": "554 go away"},
    {"ehlo": DROP},
    {"ehlo": STALL},
    {"ehlo": "500 what"},
    {"auth": DROP},
    {"auth": "535 5.7.8 wrong password"},
    {"auth": "534 5.7.9 too weak"},
    {"auth": "454 4.7.0 not now"},
    {"mail": DROP},
    {"mail": STALL},
    {"mail": "530 5.7.0 log in first"},
    {"mail": "550 not your address"},
    {"mail": "451 later"},
    {"rcpt": "530 5.7.0 log in first"},
    {"data": "530 5.7.0 log in first"},
]
NOT_TAKEN = [
    {"rcpt": DROP},
    {"rcpt": STALL},
    {"rcpt": "451 greylisted"},
    {"rcpt": "421 closing"},
    {"data": DROP},
    {"data": STALL},
    {"data": "451 later"},
    {"data": "250 what"},
    {"dot": "451 later"},
    {"dot": "421 closing"},
]
REFUSED = [{"rcpt": "550 no such user"}, {"data": "554 no"}, {"dot": "554 spam"}, {"dot": "552 too big"}]
IN_DOUBT = [{"dot": DROP}, {"dot": STALL}, {"dot": "garbage"}, {"dot": "399 what"}]
TAKEN: list[dict[str, str]] = [
    {},
    {"dot": "250-taken\r\n250 really"},
    {"rcpt": "251 forwarded"},
    {"quit": DROP},
    {"quit": STALL},
    {"quit": "421 closing"},
    {"quit": "500 what"},
]


@pytest.mark.parametrize("script", SENDERS_TROUBLE, ids=str)
def test_trouble_before_a_recipient_is_named_is_the_sender_s_and_passes(script):
    with ScriptedServer(script) as server:
        verdict = sent(server)

    assert isinstance(verdict, SenderTrouble)
    assert server.taken == []


@pytest.mark.parametrize("script", NOT_TAKEN, ids=str)
def test_what_was_certainly_not_taken_is_tried_again(script):
    with ScriptedServer(script) as server:
        verdict = sent(server)

    assert isinstance(verdict, Retry)
    assert server.taken == []


@pytest.mark.parametrize("script", REFUSED, ids=str)
def test_what_is_refused_for_good_is_not(script):
    with ScriptedServer(script) as server:
        verdict = sent(server)

    assert isinstance(verdict, Rejected)
    assert 500 <= verdict.code < 600
    assert server.taken == []


@pytest.mark.parametrize("script", IN_DOUBT, ids=str)
def test_silence_after_the_final_dot_is_no_answer(script):
    with ScriptedServer(script) as server:
        verdict = sent(server)

    assert isinstance(verdict, Unknown)
    assert len(server.taken) == 1


@pytest.mark.parametrize("script", TAKEN, ids=str)
def test_a_good_answer_to_the_final_dot_is_all_it_takes(script):
    with ScriptedServer(script) as server:
        verdict = sent(server)

    assert verdict == Accepted()
    assert server.taken == [MAIL.content]


def test_nobody_listening_is_the_sender_s_trouble():
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]

    with mailer() as post:
        verdict = post.send(sender(port), MAIL, go)

    assert isinstance(verdict, SenderTrouble)


def test_a_sender_s_mails_share_a_connection():
    with ScriptedServer() as server, mailer() as post:
        verdicts = [post.send(sender(server.port), MAIL, go) for _ in range(3)]

    assert verdicts == [Accepted()] * 3
    assert (server.connections, len(server.taken)) == (1, 3)


def test_a_refused_recipient_does_not_spoil_the_connection():
    with ScriptedServer({"rcpt": ["550 no such user", "250 ok"]}) as server, mailer() as post:
        verdicts = [post.send(sender(server.port), MAIL, go) for _ in range(2)]

    assert verdicts == [Rejected(550, "no such user"), Accepted()]
    assert server.connections == 1


@pytest.mark.parametrize("goodbye", [DROP, "421 idle too long"])
def test_a_connection_that_was_closed_in_between_is_opened_again(goodbye):
    with ScriptedServer({"mail": ["250 ok", goodbye, "250 ok"]}) as server, mailer() as post:
        verdicts = [post.send(sender(server.port), MAIL, go) for _ in range(2)]

    assert verdicts == [Accepted(), Accepted()]
    assert (server.connections, len(server.taken)) == (2, 2)


def test_a_mail_in_doubt_is_not_repeated_on_a_fresh_connection():
    with ScriptedServer({"dot": ["250 taken", DROP]}) as server, mailer() as post:
        verdicts = [post.send(sender(server.port), MAIL, go) for _ in range(2)]

    assert isinstance(verdicts[1], Unknown)
    assert (server.connections, len(server.taken)) == (1, 2)


def test_a_dead_sender_is_tried_once_an_invocation():
    with ScriptedServer({"connect": DROP}) as server, mailer() as post:
        verdicts = {post.send(sender(server.port), MAIL, go) for _ in range(5)}

    assert len(verdicts) == 1
    assert server.connections == 1


def test_a_stop_seen_right_before_the_content_holds_the_mail_back():
    with ScriptedServer() as server, mailer() as post:
        verdict = post.send(sender(server.port), MAIL, lambda: EnrollmentState.UNSUBSCRIBED)
        then = post.send(sender(server.port), MAIL, go)

    assert (verdict, then) == (Withheld(EnrollmentState.UNSUBSCRIBED), Accepted())
    assert len(server.taken) == 1


def test_an_error_while_asking_for_a_stop_sends_nothing():
    def fail() -> None:
        raise LookupError

    with ScriptedServer() as server, mailer() as post, pytest.raises(LookupError):
        post.send(sender(server.port), MAIL, fail)

    assert server.taken == []


def test_it_logs_in_with_plain():
    with ScriptedServer() as server:
        sent(server)

    assert f"AUTH PLAIN {b64encode('\0bob\0pässword'.encode()).decode()}" in server.commands


def test_it_logs_in_with_login_where_there_is_no_plain():
    with ScriptedServer(features=("AUTH LOGIN",)) as server:
        assert sent(server) == Accepted()

    assert b64encode("pässword".encode()).decode() in server.commands


def test_a_way_to_log_in_that_we_do_not_know_is_the_sender_s_trouble():
    with ScriptedServer(features=("AUTH XOAUTH2",)) as server:
        verdict = sent(server)

    assert isinstance(verdict, SenderTrouble)


def test_a_server_without_login_may_take_mail():
    with ScriptedServer(features=()) as server:
        assert sent(server) == Accepted()

    assert not any(command.startswith("AUTH") for command in server.commands)


def test_a_server_s_words_are_kept_without_addresses_on_one_short_line():
    with ScriptedServer({"rcpt": f"550-<ann@corp.example>: no\r\n550 such user {'x' * 400}"}) as server:
        verdict = sent(server)

    assert isinstance(verdict, Rejected)
    assert verdict.text.startswith("<<address>>: no such user")
    assert len(verdict.text) == 160


@pytest.fixture
def secure_mailer(certificate: Path) -> Callable[..., SmtpMailer]:
    """Makes mailers as in production, but for where the server is and whom they trust."""

    def make(server: ScriptedServer, *, trusting: bool = True) -> SmtpMailer:
        def tls() -> ssl.SSLContext:
            return ssl.create_default_context(cafile=str(certificate) if trusting else None)

        def connect(_host: str, _port: int, timeout: float) -> socket.socket:
            return socket.create_connection(("127.0.0.1", server.port), timeout)

        return mailer(plaintext_allowed=False, tls=tls, connect=connect)

    return make


def test_starttls_comes_before_the_password(server_tls, secure_mailer):
    with ScriptedServer(tls=server_tls, features=("STARTTLS", "AUTH PLAIN")) as server, secure_mailer(server) as post:
        verdict = post.send(sender(587), MAIL, go)

    assert verdict == Accepted()
    verbs = [command.split(" ")[0] for command in server.commands]
    assert verbs[:5] == ["ehlo", "STARTTLS", "ehlo", "AUTH", "mail"]


def test_port_465_speaks_tls_from_the_start(server_tls, secure_mailer):
    with ScriptedServer(tls=server_tls, implicit_tls=True) as server, secure_mailer(server) as post:
        assert post.send(sender(465), MAIL, go) == Accepted()


def test_without_starttls_neither_password_nor_mail_leaves(secure_mailer):
    with ScriptedServer() as server, secure_mailer(server) as post:
        verdict = post.send(sender(587), MAIL, go)

    assert isinstance(verdict, SenderTrouble)
    assert [command.split(" ")[0] for command in server.commands] == ["ehlo"]


@pytest.mark.parametrize("port", [465, 587])
@pytest.mark.parametrize(("host", "trusting"), [("localhost", False), ("mail.example", True)])
def test_a_certificate_that_does_not_hold_ends_it(server_tls, secure_mailer, port, host, trusting):
    features = ("STARTTLS", "AUTH PLAIN")
    with (
        ScriptedServer(tls=server_tls, implicit_tls=port == 465, features=features) as server,
        secure_mailer(server, trusting=trusting) as post,
    ):
        verdict = post.send(sender(port, host=host), MAIL, go)

    assert isinstance(verdict, SenderTrouble)
    assert "CERTIFICATE" in verdict.reason.upper()
    assert not any(command.startswith(("AUTH", "mail")) for command in server.commands)


def test_in_production_a_server_inside_is_not_even_called():
    with ScriptedServer() as server, mailer(plaintext_allowed=False) as post:
        verdict = post.send(sender(587), MAIL, go)

    assert isinstance(verdict, SenderTrouble)
    assert "not public" in verdict.reason
    assert server.connections == 0
