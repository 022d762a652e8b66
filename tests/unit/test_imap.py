"""Mailboxes of servers that hang, lie or want TLS: whatever they do, it takes bounded time and memory."""

import socket
import ssl
import time
from contextlib import contextmanager
from dataclasses import replace
from threading import Thread

import pytest

from drumbeat.adapters.imap import ImapMailboxes, Patience
from drumbeat.application.inbox_ports import MailboxTrouble
from drumbeat.domain.sequence import ImapAccess, Sender
from tests.imap_server import PASSWORD, ImapServer

HASTY = Patience(connect=1, opening=0.5, command=0.5, goodbye=0.1)
GREETING = b"* OK [CAPABILITY IMAP4rev1] hi\r\n"


class OpenVault:
    """Keeps nothing secret."""

    def seal(self, secret, *, tenant, sender):
        return secret

    def open(self, sealed, *, tenant, sender):
        return sealed


def sender(port, password=PASSWORD, user="ann@acme.test", host="127.0.0.1"):
    access = ImapAccess(host, port, user, password)
    return Sender(1, 1, None, None, "h", 25, "u", "s", "Ann", "ann@acme.test", 9, 0, access)


@contextmanager
def talking(script):
    """A server that does what the script says with every connection."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve():
            while True:
                try:
                    connection, _ = server.accept()
                except OSError:
                    return
                with connection:
                    try:
                        script(connection)
                    except OSError:
                        continue

        Thread(target=serve, daemon=True).start()
        yield server.getsockname()[1]


def near(port):
    return lambda *_: socket.create_connection(("127.0.0.1", port))


def trouble_of(port, patience=HASTY, **options):
    began = time.monotonic()
    mailboxes = ImapMailboxes(OpenVault(), plaintext_allowed=True, patience=patience)
    with pytest.raises(MailboxTrouble) as raised, mailboxes.opened(sender(port, **options)):
        pytest.fail("nothing to open")
    assert time.monotonic() - began < 5
    return raised.value


def answered(connection, answer):
    """Greets, and says the same to every command."""
    connection.sendall(GREETING)
    reader = connection.makefile("rb")
    while line := reader.readline():
        connection.sendall(answer(line.split()[0], line))


def hang(connection):
    connection.recv(1)
    time.sleep(2)


def trickle(connection):
    for _ in range(40):
        connection.sendall(b"*")
        time.sleep(0.05)


def endless_literal(connection):
    answered(connection, lambda tag, line: b"* CAPABILITY {99999999999}\r\n" + b"x" * 1000)


def flood(connection):
    connection.sendall(GREETING)
    for _ in range(20):
        connection.sendall(b"x" * 1_000_000)


def nonsense(connection):
    answered(connection, lambda tag, line: b"* \xff\x00 FETCH (((\r\n" + tag + b" OK \r\n")


def goodbye(connection):
    connection.sendall(b"* BYE overloaded\r\n")


@pytest.mark.parametrize("script", [hang, trickle, endless_literal, flood, nonsense, goodbye])
def test_whatever_a_server_does_is_trouble_within_the_time_it_has(script):
    with talking(script) as port:
        assert not trouble_of(port).login_refused


@pytest.mark.parametrize(
    ("refusal", "is_the_password"),
    [
        (b" NO [AUTHENTICATIONFAILED] no\r\n", True),
        (b" NO Invalid login\r\n", True),
        (b" NO [UNAVAILABLE] later\r\n", False),
        (b" NO [LIMIT] too many\r\n", False),
        (b" NO [INUSE] busy\r\n", False),
    ],
)
def test_only_a_refusal_of_the_password_counts_as_one(refusal, is_the_password):
    def say(tag, line):
        return tag + (refusal if b"LOGIN" in line else b" OK done\r\n")

    def script(connection):
        answered(connection, lambda tag, line: b"* CAPABILITY IMAP4rev1\r\n" * (b"CAPA" in line) + say(tag, line))

    with talking(script) as port:
        assert trouble_of(port).login_refused is is_the_password


def test_a_connection_that_breaks_at_the_login_says_nothing_about_the_password():
    def script(connection):
        connection.sendall(GREETING)
        connection.recv(1000)

    with talking(script) as port:
        assert not trouble_of(port).login_refused


def test_trouble_is_told_without_anybodys_address():
    with ImapServer() as box:
        assert "@" not in trouble_of(box.port, user="ann@acme.test", password="wrong").words


@pytest.mark.parametrize(("host", "port"), [("127.0.0.1", 993), ("127.0.0.1", 25), ("10.0.0.1", 143), ("[::1]", 993)])
def test_without_leave_no_private_server_is_talked_to(host, port):
    mailboxes = ImapMailboxes(OpenVault(), plaintext_allowed=False, patience=HASTY)

    with pytest.raises(MailboxTrouble, match="connecting"), mailboxes.opened(sender(port, host=host)):
        pytest.fail("nothing to open")


def test_a_password_is_told_to_nobody_who_does_not_encrypt():
    heard = []

    def script(connection):
        connection.sendall(GREETING)
        reader = connection.makefile("rb")
        while line := reader.readline():
            heard.append(line)
            connection.sendall(b"* CAPABILITY IMAP4rev1\r\n" * (b"CAPA" in line) + line.split()[0] + b" OK done\r\n")

    with talking(script) as port:
        mailboxes = ImapMailboxes(OpenVault(), plaintext_allowed=False, patience=HASTY, connect=near(port))
        with pytest.raises(MailboxTrouble, match="encrypting"), mailboxes.opened(sender(port)):
            pytest.fail("nothing to open")
    assert not any(PASSWORD.encode() in line or b"LOGIN" in line for line in heard)


def test_a_mailbox_is_opened_read_only_and_its_messages_come_with_the_instant_they_arrived():
    with ImapServer() as box:
        uid = box.deliver(b"Subject: hi\r\n\r\nHello\r\n", at=1_795_251_600_000)
        with ImapMailboxes(OpenVault(), plaintext_allowed=True).opened(sender(box.port)) as mailbox:
            assert mailbox.after(0) == mailbox.after(uid - 1) == mailbox.since(1_795_251_600_000) == [uid]
            assert mailbox.after(uid) == mailbox.since(1_795_251_600_000 + 2 * 86_400_000) == []
            assert mailbox.next_uid == uid + 1
            assert mailbox.message(uid) == (b"Subject: hi\r\n\r\nHello\r\n", 1_795_251_600_000)
            assert mailbox.message(uid + 9) is None
        assert box.seen() == [False]


def test_a_name_and_a_password_of_any_signs_log_in():
    with ImapServer('a"n\\n b@acme.test') as box:
        box.set_password('pa"ss\\w(rd)')
        mine = replace(sender(box.port), imap=ImapAccess("127.0.0.1", box.port, box.users[0], 'pa"ss\\w(rd)'))
        with ImapMailboxes(OpenVault(), plaintext_allowed=True).opened(mine) as mailbox:
            assert mailbox.after(0) == []


def test_a_sender_without_a_mailbox_has_none_to_open():
    mailboxes = ImapMailboxes(OpenVault(), plaintext_allowed=True, tls=ssl.create_default_context)

    with pytest.raises(MailboxTrouble), mailboxes.opened(replace(sender(1), imap=None)):
        pytest.fail("nothing to open")


def test_a_password_goes_over_tls_to_a_server_that_proves_its_name(certificate, server_tls):
    def trusting():
        return ssl.create_default_context(cafile=certificate)

    with ImapServer(tls=server_tls) as box:
        mine = sender(143, host="localhost")
        mailboxes = ImapMailboxes(OpenVault(), plaintext_allowed=False, tls=trusting, connect=near(box.port))
        with mailboxes.opened(mine) as mailbox:
            assert mailbox.after(0) == []
        for distrusted in (replace(mailboxes, tls=ssl.create_default_context), mailboxes):
            named = mine if distrusted is not mailboxes else sender(143, host="other.example")
            with pytest.raises(MailboxTrouble, match="encrypting"), distrusted.opened(named):
                pytest.fail("nothing to open")
