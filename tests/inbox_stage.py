"""A sequence whose senders' mailboxes are read: the production timer and worker, virtual time, a real IMAP server."""

import json
from dataclasses import replace
from email.message import EmailMessage
from typing import Any

import boto3
import pytest

from drumbeat import bootstrap, bootstrap_signals
from drumbeat.adapters.dynamodb.enrollment_items import enrollment_item
from drumbeat.config import settings
from drumbeat.domain.digest import digest
from drumbeat.domain.ids import EnrollmentKey
from drumbeat.domain.inbox import Inbox, InboxName
from drumbeat.domain.sequence import ImapAccess
from drumbeat.domain.times import HOUR, MINUTE
from drumbeat.domain.token import message_id
from functions.timers import poll_mailboxes
from functions.workers import read_inbox
from tests.imap_server import PASSWORD, ImapServer
from tests.scripted_smtp import ScriptedServer
from tests.stage import SEQUENCE, START, TENANT, Stage
from tests.world import Context

BOX = "bob1@acme.example"


class InboxStage(Stage):
    """A stage whose first sender has a mailbox on `box`."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, box: ImapServer) -> None:
        super().__init__(monkeypatch)
        self.box = box

    def open_with_mailbox(self, server: ScriptedServer, *, contacts: int = 1, **options: Any) -> None:
        """`open`, and the sender's access to the mailbox is given as a tenant would give it."""
        self.open([server], contacts=contacts, **options)
        self.give_mailbox(1)

    def give_mailbox(self, number: int, *, user: str | None = None, password: str = PASSWORD, **fields: Any) -> None:
        sender = bootstrap.sequences().sender(TENANT, number)
        assert sender is not None
        sealed = bootstrap.vault().seal(password, tenant=TENANT, sender=number)
        access = ImapAccess("127.0.0.1", self.box.port, user or self.box.users[0], sealed)
        changed = {"imap": access, "created_at": START - HOUR, "updated_at": self.now}
        bootstrap.sequences().update_sender(replace(sender, **(changed | fields)))

    def mail(self, contact: int = 1, **changes: Any) -> str:
        """The first mail to the contact has left an hour ago; returns its Message-ID."""
        sent = {"step": 1, "sender": 1, "sent_at": self.now - HOUR, "last_sent_at": self.now - HOUR}
        found = replace(self.enrollment(contact), due=self.now + HOUR, **(sent | changes))
        bootstrap.table().put(enrollment_item(found))
        return self.id_of(contact)

    def id_of(self, contact: int = 1, step: int = 0, tenant: int = TENANT) -> str:
        return message_id(bootstrap.token_keys(), tenant, EnrollmentKey(SEQUENCE, contact), step, "acme.example")

    def poll(self) -> Any:
        """A tick of the timer, and everything it tells the workers; returns what became of the messages."""
        poll_mailboxes.handler({}, Context(remaining=55_000))
        client = boto3.client("sqs")
        bodies = []
        while found := client.receive_message(QueueUrl=settings().inbox_queue_url, MaxNumberOfMessages=10).get(
            "Messages"
        ):
            for message in found:
                bodies.append(message["Body"])
                client.delete_message(QueueUrl=settings().inbox_queue_url, ReceiptHandle=message["ReceiptHandle"])
        return [self.look(json.loads(body)) for body in bodies]

    def look(self, message: dict[str, int] | None = None, remaining: int = 120_000) -> bool:
        """The worker with one message; whether it has to come again."""
        body = json.dumps({"v": 1} | (message or {"tenant": TENANT, "sender": 1}))
        answer = read_inbox.handler({"Records": [{"messageId": "m", "body": body}]}, Context(remaining=remaining))
        return bool(answer["batchItemFailures"])

    def inbox(self, sender: int = 1) -> Inbox:
        found = bootstrap_signals.inboxes().get(InboxName(TENANT, sender))
        assert found is not None
        return found

    def unmatched(self, tenant: int = TENANT) -> list[Any]:
        return list(bootstrap_signals.unmatched_replies().newest(tenant))

    def later(self, minutes: int) -> None:
        self.now += minutes * MINUTE


def reply(to: str, *, sender: str = "P1 <p1@corp.example>", text: str = "Yes, tell me more.", **headers: str) -> bytes:
    """A person's answer to the mail with this Message-ID."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, BOX, "Re: Hello"
    mail["Message-ID"] = f"<{digest(to + sender + text)[:20]}@corp.example>"
    if to:
        mail["In-Reply-To"] = mail["References"] = to
    for name, value in headers.items():
        del mail[name.replace("_", "-")]
        mail[name.replace("_", "-")] = value
    mail.set_content(text)
    return mail.as_bytes()


def absence(to: str, text: str) -> bytes:
    """What a server answers while somebody is away."""
    return reply(to, text=text, Auto_Submitted="auto-replied", X_Autoreply="yes").replace(
        b"Subject: Re: Hello", b"Subject: Out of office: Hello"
    )


def bounce(to: str, *, recipient: str = "p1@corp.example", status: str = "5.1.1") -> bytes:
    """A delivery report (RFC 3464) about the mail with this Message-ID."""
    return (
        f"From: MAILER-DAEMON@mx.acme.example\r\nTo: {BOX}\r\nSubject: Undelivered Mail Returned to Sender\r\n"
        f"Message-ID: <dsn-{status}-{recipient}>\r\nMIME-Version: 1.0\r\nAuto-Submitted: auto-replied\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nIt did not work.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.acme.example\r\n\r\n"
        f"Final-Recipient: rfc822; {recipient}\r\nAction: failed\r\nStatus: {status}\r\n"
        f"Diagnostic-Code: smtp; 550 {status} no such user\r\n\r\n"
        f"--b\r\nContent-Type: text/rfc822-headers\r\n\r\nFrom: {BOX}\r\nTo: {recipient}\r\nMessage-ID: {to}\r\n\r\n"
        "--b--\r\n"
    ).encode()
