"""What bulk calls are tested on: a tenant with users, accounts, prospects, custom objects and an active sequence."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import boto3

from drumbeat import bootstrap
from drumbeat.config import settings
from drumbeat.domain.batch import TargetKind
from drumbeat.domain.company import Company
from drumbeat.domain.contact import Contact
from drumbeat.domain.custom_object import CustomObject
from drumbeat.domain.ids import Kind
from drumbeat.domain.opportunity import Opportunity
from drumbeat.domain.user import User
from functions.workers import run_batch_chunk
from tests.batch_queue import record
from tests.contract.scene import tenant_of
from tests.world import Answer, Context, new_tenant

NOW = 1_795_251_600_000
OBJECT_NAME = "invoice"
ASKING = {"actionParams[skipConfirmation]": None}


class Office:
    """A tenant of its own. Records have the numbers 1, 2, 3 and so on, of each kind."""

    def __init__(self, records: int = 3) -> None:
        self.caller = new_tenant()
        self.call = partial(self.caller, group="outreach")
        self.tenant = tenant_of(self.caller)
        numbers = range(1, records + 1)
        for kind in (Kind.USER, Kind.COMPANY, Kind.OPPORTUNITY, Kind.CONTACT, Kind.CUSTOM_OBJECT):
            bootstrap.numbers().take(self.tenant, kind, records)
        for number in numbers:
            self._keep(bootstrap.users(), User(self.tenant, number, f"u{number}@us.example", None, None, NOW, NOW))
            self._keep(bootstrap.companies(), Company(self.tenant, number, NOW, NOW, name=f"Company {number}"))
            self._keep(bootstrap.opportunities(), Opportunity(self.tenant, number, f"Deal {number}", NOW, NOW))
            made = CustomObject(self.tenant, number, OBJECT_NAME, NOW, NOW, {"amount": number})
            self._keep(bootstrap.custom_objects(OBJECT_NAME), made)
        people = [
            Contact(self.tenant, number, 0, f"p{number}@corp.example", f"P{number}", None, None, NOW)
            for number in numbers
        ]
        bootstrap.contacts().add(people)

    def _keep(self, records: Any, record: Any) -> None:
        records.create(record, intent=None, now=NOW)

    def records(self, kind: TargetKind) -> Any:
        """The store of what an action is about."""
        match kind:
            case TargetKind.COMPANIES:
                return bootstrap.companies()
            case TargetKind.CUSTOM_OBJECTS:
                return bootstrap.custom_objects(OBJECT_NAME)
        return bootstrap.contacts()

    def record(self, kind: TargetKind, number: int) -> Any:
        """The record as it is kept, or None."""
        return self.records(kind).get_some(self.tenant, [number]).get(number)

    def change(self, kind: TargetKind, numbers: Sequence[int], **values: Any) -> None:
        """Gives records values, as somebody has done before."""
        self.records(kind).change(self.tenant, numbers, lambda record: replace(record, **values), now=NOW)

    def start(
        self, action: str, attributes: Mapping[str, Any] | None = None, *, query: Any = None, **options: Any
    ) -> Answer:
        """The answer to a bulk call that skips its confirmation, unless the query says otherwise."""
        asked = {"actionParams[skipConfirmation]": "true"} | (query or {})
        asked = {name: value for name, value in asked.items() if value is not None}
        body = None if attributes is None else {"data": {"attributes": dict(attributes)}, "type": "string"}
        return self.call("start_bulk_action", body, action=action, query=asked, **options)

    def batch(self, number: int) -> dict[str, Any]:
        """The batch's attributes."""
        answer = self.call("get_batch", id=str(number))
        assert answer.status == 200, answer.body
        return answer.body["data"]["attributes"]

    def items(self, number: int) -> list[tuple[int, str, str | None]]:
        """What became of each item: its target, its state, its code."""
        query = {"filter[batchId]": str(number), "page[size]": "1000"}
        answer = self.call("list_batch_items", query=query)
        assert answer.status == 200, answer.body
        shown = [item["attributes"] for item in answer.body["data"]]
        return [(json.loads(item["data"])["id"], item["state"], item["code"]) for item in shown]


def worked(worker: Callable[..., Any] = run_batch_chunk.handler) -> None:
    """Everything on the batch queue is done, as it is there or among the dead letters."""
    sqs, url = boto3.client("sqs"), settings().batch_queue_url
    while got := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
        for message in got:
            sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
        records = [record(message["Body"]) for message in got]
        assert worker({"Records": records}, Context(remaining=119_000))["batchItemFailures"] == []
