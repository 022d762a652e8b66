"""A sequence that sends, in memory and in virtual time: production handlers, our own clock, a scripted mail server."""

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from email import message_from_bytes
from typing import Any

import boto3
import pytest

from drumbeat import bootstrap
from drumbeat.adapters import aws
from drumbeat.adapters.dynamodb.enrollment_items import enrollment_item
from drumbeat.adapters.dynamodb.sequence_items import sender_item, sequence_item
from drumbeat.config import settings
from drumbeat.domain.contact import Contact
from drumbeat.domain.enrollment import Enrollment, new_enrollment
from drumbeat.domain.ids import EnrollmentKey, Kind
from drumbeat.domain.sequence import Sender, SequenceStatus, Step
from drumbeat.domain.sequence import Sequence as Cadence
from drumbeat.domain.times import HOUR, MINUTE, SECOND
from drumbeat.entrypoints import clock
from functions.timers import dispatch_due
from functions.workers import send_step
from tests.scripted_smtp import ScriptedServer
from tests.world import Context

START = 1_795_251_600_000
TENANT = 1
SEQUENCE = 1
TWO_STEPS = (
    Step(1, "Hello {{first_name}}", "<p>Hi {{first_name}}</p>", 0),
    Step(2, "Again", "<p>Still there?</p>", 10),
)


@dataclass(frozen=True)
class Message:
    """A hint on its way; it may be handled from `at` on."""

    at: int
    body: str


@dataclass
class Stage:
    """One tenant's sequence. Time passes only where a method says so."""

    monkeypatch: pytest.MonkeyPatch
    now: int = START
    queue: list[Message] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.monkeypatch.setattr(clock, "now", lambda: self.now)
        hook = "before-parameter-build.sqs.SendMessageBatch"
        aws.client("sqs").meta.events.register(hook, self._take_delays)

    def _take_delays(self, params: dict[str, Any], **_: Any) -> None:
        """Virtual time instead of the queue's own: what would be delayed goes at once, and waits here."""
        if params["QueueUrl"] != settings().send_queue_url:
            return
        for entry in params["Entries"]:
            body = json.loads(entry["MessageBody"])
            entry["MessageBody"] = json.dumps(body | {"arrives": self.now + entry.pop("DelaySeconds") * SECOND})

    def open(
        self,
        senders: Sequence[ScriptedServer],
        *,
        contacts: int = 1,
        steps: Sequence[Step] = TWO_STEPS,
        gap: tuple[int, int] = (0, 0),
        daily_limit: int = 1000,
        tenant: int = TENANT,
    ) -> None:
        """An active sequence with its senders, contacts 1 to `contacts` enrolled for an hour, and its lanes awake."""
        numbers = tuple(range(1, len(senders) + 1))
        table = bootstrap.table()
        cadence = Cadence(
            tenant, SEQUENCE, "Spring", SequenceStatus.ACTIVE, None, *gap, False, 8.0, tuple(steps), numbers, START
        )
        table.put(sequence_item(cadence))
        bootstrap.numbers().take(tenant, Kind.SEQUENCE)
        for number, server in zip(numbers, senders, strict=True):
            table.put(sender_item(_sender(tenant, number, server.port, daily_limit)))
        bootstrap.contacts().add([person(number, tenant) for number in range(1, contacts + 1)])
        for number in range(1, contacts + 1):
            table.put(enrollment_item(_enrollment(number, tenant)))
        self.wake(numbers, tenant)

    def wake(self, senders: Iterable[int] = (1,), tenant: int = TENANT) -> None:
        bootstrap.lanes().wake(tenant, senders, self.now)

    def remove_sender(self, number: int) -> None:
        """Deletes a sender as a tenant would; nobody's lane is woken."""
        sender = bootstrap.sequences().sender(TENANT, number)
        revision = bootstrap.lanes().revision_if_unbound(TENANT, number, self.now)
        assert sender is not None
        assert revision is not None
        assert bootstrap.sequences().remove_sender(sender, lane_revision=revision)

    def tick(self) -> Any:
        """What the timer does each minute; new hints are then in `queue`."""
        try:
            return dispatch_due.handler({}, Context(remaining=55_000))
        finally:
            self._fetch()

    def _fetch(self) -> None:
        url = settings().send_queue_url
        client = boto3.client("sqs")  # not ours: what the test does is neither counted nor made to fail
        while found := client.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
            for message in found:
                body = json.loads(message["Body"])
                self.queue.append(Message(body.pop("arrives"), json.dumps(body)))
                client.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])

    def due(self) -> list[Message]:
        """Takes the messages from the queue whose time has come."""
        due = [message for message in self.queue if message.at <= self.now]
        self.queue = [message for message in self.queue if message.at > self.now]
        return due

    def hinted(self) -> list[Message]:
        """The messages of a tick, a second later."""
        self.tick()
        self.now += SECOND
        return self.due()

    def work(self, messages: Sequence[Message], remaining: int = 120_000) -> list[str]:
        """Handles messages as one batch; returns the bodies that have to come again."""
        records = [{"messageId": str(place), "body": message.body} for place, message in enumerate(messages)]
        if not records:
            return []
        answer = send_step.handler({"Records": records}, Context(remaining=remaining))
        return [messages[int(failure["itemIdentifier"])].body for failure in answer["batchItemFailures"]]

    def run(self, minutes: int, *, copies: int = 1) -> None:
        """Lets time pass: a tick a minute, and every message handled when its time comes, `copies` times."""
        for _ in range(minutes):
            self.tick()
            end = self.now + MINUTE
            while moments := [message.at for message in self.queue if message.at < end]:
                self.now = max(self.now, min(moments))
                due = self.due()
                for _ in range(copies):
                    self.work(due)
            self.now = end

    def enrollment(self, contact: int = 1, tenant: int = TENANT) -> Enrollment:
        found = bootstrap.enrollments().get(tenant, EnrollmentKey(SEQUENCE, contact))
        assert found is not None
        return found

    def change(self, **fields: Any) -> None:
        """Changes the sequence as a tenant would."""
        cadence = bootstrap.sequences().get(TENANT, SEQUENCE)
        assert cadence is not None
        bootstrap.table().put(sequence_item(replace(cadence, **fields)))


def mails_by_id(*servers: ScriptedServer) -> Counter[str]:
    """How often each mail was taken, by its Message-ID."""
    return Counter(message_from_bytes(mail)["Message-ID"] for server in servers for mail in server.taken)


def recipients(server: ScriptedServer) -> list[str]:
    return [message_from_bytes(mail)["To"] for mail in server.taken]


def _sender(tenant: int, number: int, port: int, daily_limit: int) -> Sender:
    sealed = bootstrap.vault().seal("hunter2", tenant=tenant, sender=number)
    return Sender(
        tenant,
        number,
        SEQUENCE,
        None,
        "127.0.0.1",
        port,
        "bob",
        sealed,
        "Bob",
        f"bob{number}@acme.example",
        daily_limit,
        0,
    )


def person(number: int, tenant: int = TENANT) -> Contact:
    """Contact `number`, not stored yet."""
    return Contact(tenant, number, 1, f"p{number}@corp.example", f"P{number}", None, None, START - HOUR)


def _enrollment(contact: int, tenant: int) -> Enrollment:
    key = EnrollmentKey(SEQUENCE, contact)
    return new_enrollment(tenant, key, batch_number=1, batch_tag="t", now=START - HOUR + contact)
