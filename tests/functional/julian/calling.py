"""An agent whose calls are scheduled: a tenant of its own, the rows of a call, and what came of them."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import boto3

from drumbeat import bootstrap
from drumbeat.adapters.dynamodb.sequence_items import sender_item, sequence_item
from drumbeat.config import settings
from drumbeat.dialects.julian.ids import agent_id
from drumbeat.domain.agent import Agent
from drumbeat.domain.enrollment import Enrollment
from drumbeat.domain.ids import Kind
from drumbeat.domain.sequence import Sender, SenderKind, SequenceStatus, Step, StepKind
from drumbeat.domain.sequence import Sequence as Cadence
from drumbeat.entrypoints import call_budget
from functions.workers import run_batch_chunk
from tests.batch_queue import record
from tests.contract.scene import everything, tenant_of
from tests.world import Answer, Context, new_tenant

CALL = Step(1, "", "", 0, StepKind.CALL)
MAIL = Step(2, "Hello", "<p>Hi</p>", 60)


def row(place: int, **fields: Any) -> dict[str, Any]:
    """A contact of a call; no two have one number."""
    return {"name": f"Jane {place}", "phoneNumber": f"+1555{place:07d}"} | fields


def rows(many: int, **fields: Any) -> list[dict[str, Any]]:
    return [row(place, **fields) for place in range(many)]


class Desk:
    """A client of a tenant of its own that has one agent, with the number 1, which may call at any time."""

    def __init__(self, *, steps: Sequence[Step] = (CALL,), price: int = 1, required: tuple[str, ...] = ()) -> None:
        self.caller = new_tenant()
        self.call = partial(self.caller, group="julian")
        self.tenant = tenant_of(self.caller)
        table, tenant = bootstrap.table(), self.tenant
        bootstrap.numbers().take(tenant, Kind.SEQUENCE)
        bootstrap.numbers().take(tenant, Kind.SENDER, 2)
        agent = Agent(("America/New_York",), credits_per_call=price, required=required)
        cadence = Cadence(
            tenant, 1, "Renewals", SequenceStatus.ACTIVE, None, 0, 0, False, 100.0, tuple(steps), (), 0, connector=1
        )
        if any(step.kind is StepKind.EMAIL for step in steps):
            agent = replace(agent, sender=2)
        table.put(sequence_item(replace(cadence, agent=agent)))
        table.put(sender_item(dialler(tenant)))
        table.put(sender_item(_sender(tenant, 2, SenderKind.SMTP, "smtp.acme.example")))

    @property
    def agent(self) -> str:
        return agent_id(self.tenant, 1)

    @property
    def cadence(self) -> Cadence:
        found = bootstrap.sequences().get(self.tenant, 1)
        assert found is not None
        return found

    def change(self, **fields: Any) -> None:
        """Changes the agent's sequence."""
        bootstrap.table().put(sequence_item(replace(self.cadence, **fields)))

    def schedule(self, contacts: Any, *, key: str | None = None, **body: Any) -> Answer:
        """The answer to a call of many."""
        headers = {} if key is None else {"Idempotency-Key": key}
        asked = {"contacts": contacts} | body
        return self.call("schedule_sequences", asked, headers=headers, agent_id=self.agent)

    def schedule_one(self, contact: Mapping[str, Any], *, key: str | None = None) -> Answer:
        """The answer to a call of one."""
        headers = {} if key is None else {"Idempotency-Key": key}
        return self.call("schedule_sequence", contact, headers=headers, agent_id=self.agent)

    def second_agent(self) -> str:
        """The id of another agent, with the number 2."""
        number = bootstrap.numbers().take(self.tenant, Kind.SEQUENCE)
        bootstrap.table().put(sequence_item(replace(self.cadence, number=number)))
        return agent_id(self.tenant, number)

    def hand(self, message: Mapping[str, Any]) -> None:
        """The worker gets a message."""
        records = [record(json.dumps(message))]
        assert run_batch_chunk.handler({"Records": records}, Context(remaining=119_000))["batchItemFailures"] == []

    def stored(self) -> list[Any]:
        """Everything that is stored, once this client's key has been used; the counters of calls begin anew."""
        self.call("get_batch", batch_id="")
        call_budget.budget.forget()
        return everything()

    def progress(self, batch_id: str) -> dict[str, Any]:
        """How far a batch is."""
        answer = self.call("get_batch", batch_id=batch_id)
        assert answer.status == 200, answer
        return dict(answer.body)

    def made(self) -> list[Enrollment]:
        """The agent's enrollments, by contact."""
        return list(bootstrap.enrollments().of_sequence(self.tenant, 1))

    def held(self) -> int:
        """How many credits are set aside."""
        return bootstrap.credit_ledger().account(self.tenant).held


def worked() -> int:
    """Everything on the batch queue is done; returns how many requests to the datastore that took."""
    sqs, url = boto3.client("sqs"), settings().batch_queue_url
    bootstrap.ledger.clear()
    while got := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=1).get("Messages"):
        sqs.delete_message(QueueUrl=url, ReceiptHandle=got[0]["ReceiptHandle"])
        records = [record(got[0]["Body"])]
        assert run_batch_chunk.handler({"Records": records}, Context(remaining=119_000))["batchItemFailures"] == []

    return bootstrap.ledger.datastore_requests()


def dialler(tenant: int, url: str = "https://dialler.acme.example/calls") -> Sender:
    """The agent's dialler, which listens there."""
    return _sender(tenant, 1, SenderKind.CONNECTOR, url)


def _sender(tenant: int, number: int, kind: SenderKind, host: str) -> Sender:
    return Sender(tenant, number, None, None, host, 443, "", "", "Ann", "ann@acme.example", 1_000, 0, kind=kind)
