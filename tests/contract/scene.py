"""A tenant that has one of everything, and a good request to every AmpOut operation on it."""

import importlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import boto3
import pytest
from moto import mock_aws

from drumbeat import bootstrap, bootstrap_webhooks
from drumbeat.adapters.dynamodb.enrollment_items import enrollment_item
from drumbeat.config import settings
from drumbeat.domain.ids import EnrollmentKey, Kind, resource_number, resource_uuid
from drumbeat.domain.notice import Receiver
from drumbeat.domain.tenant import tenant_of_key
from drumbeat.domain.webhook_delivery import Attempt, Delivery
from tests.memory.boto import keep_tables_in_memory
from tests.memory.store import Store
from tests.world import CREDENTIAL, NOON, Answer, Caller, campaign, forget_everything, new_tenant, people
from tools.samples.stack import make_stack

MISSING = "00000000-0000-4000-8000-000000000000"
UNTAKEN_ROWS = [{"email": "not an address"}] * 254  # they use up a page's numbers, so the import spans two pages


@dataclass(frozen=True)
class Scene:
    """Ids of what a tenant has. `contact_id` is enrolled in `campaign_id`, `other_contact_id` is not."""

    caller: Caller
    import_id: str
    contact_id: str
    other_contact_id: str
    outreach_id: str
    campaign_id: str
    credential_id: str
    key_id: str
    enrollment_id: str
    batch_id: str
    webhook_id: str

    def path_of(self, operation: str, group: str = "ampout") -> dict[str, str]:
        """The path parameters of an operation, naming what is there."""
        route = endpoint_of(operation, group).path
        ours = {"sequence_id": self.campaign_id, "sender_id": self.credential_id}
        ids = {name: getattr(self, name) for name in PATH_PARAMETERS} | ours
        return {name: spelled for name, spelled in ids.items() if f"{{{name}}}" in route}

    def body_of(self, operation: str) -> Any:
        """The body of a good request; None where the operation takes none."""
        bodies = {
            "signup": {"email": "new@acme.example", "name": "New"},
            "create_api_key": {"label": "spare"},
            "create_outreach": {"outreach": {"name": "Autumn"}},
            "update_outreach": {"outreach": {"name": "Winter"}},
            "create_campaign": campaign(outreach_id=self.outreach_id),
            "create_smtp_credential": {"smtp_credential": CREDENTIAL},
            "update_smtp_credential": {"smtp_credential": {"daily_limit": 7}},
            "create_contact_import": {"contact_import": {"name": "more", "contacts": people(2, domain="new.example")}},
            "update_contact": {"contact": {"first_name": "Zoe"}},
            "enroll": {"contact_import_id": self.import_id},
            "enroll_contact": {"contact_id": self.other_contact_id},
            "create_webhook": {"webhook": {"url": "https://crm.example/hooks"}},
            "update_webhook": {"webhook": {"event_filters": ["enrollment.sent"]}},
            "test_send": {"emails": ["ann@acme.example"]},
        }
        return bodies.get(operation)

    def call(self, operation: str, **changes: Any) -> Answer:
        """The good request to an operation, with changes to the arguments of the caller."""
        caller = changes.pop("caller", self.caller)
        arguments = {"body": self.body_of(operation)} | self.path_of(operation) | changes
        return caller(operation, arguments.pop("body"), **arguments)


PATH_PARAMETERS = (
    "import_id", "contact_id", "outreach_id", "campaign_id", "credential_id", "key_id", "enrollment_id", "webhook_id",
)  # fmt: skip
READS = (
    "list_api_keys", "list_contact_imports", "get_contact_import", "list_contact_import_contacts", "get_contact",
    "list_outreaches", "get_outreach", "list_campaigns", "get_campaign", "list_enrollments", "list_replies",
    "list_skips", "list_webhooks", "list_webhook_deliveries", "get_subscription", "get_billing_usage", "get_traffic",
)  # fmt: skip
WRITES = (
    "signup", "create_api_key", "delete_api_key", "create_contact_import", "delete_contact_import", "update_contact",
    "delete_contact", "create_outreach", "update_outreach", "create_campaign", "dispatch_campaign", "pause_campaign",
    "resume_campaign", "create_smtp_credential", "update_smtp_credential", "delete_smtp_credential",
    "reenable_smtp_credential", "enroll", "enroll_contact", "create_webhook", "update_webhook", "delete_webhook",
    "rotate_webhook_secret", "test_send",
)  # fmt: skip
OPERATIONS = READS + WRITES
WITH_BODY = tuple(
    operation for operation in WRITES if operation.startswith(("create", "update", "signup", "enroll", "test"))
)


def endpoint_of(operation: str, group: str = "ampout") -> Any:
    """What a handler tells of itself."""
    return importlib.import_module(f"functions.{group}.{operation}").handler.endpoint


def route_of(operation: str) -> str:
    """The path of an operation's route."""
    return endpoint_of(operation).path


@contextmanager
def setting(**environment: str) -> Iterator[None]:
    """Other settings than the stack's."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in environment.items():
            patch.setenv(name, value)
        settings.cache_clear()
        yield
    settings.cache_clear()


@contextmanager
def empty_stack() -> Iterator[Store]:
    """An empty stack for as long as the block lasts: the tables in memory, everything else on moto."""
    with mock_aws(), pytest.MonkeyPatch.context() as patch:
        store = keep_tables_in_memory(patch)
        for name, value in make_stack().items():
            patch.setenv(name, value)
        forget_everything()
        yield store
    forget_everything()


def furnished(caller: Caller | None = None) -> Scene:
    """A tenant with one of everything; one enrollment is pending, and a batch waits to be taken on."""
    caller = caller or new_tenant()
    rows = [*people(1), *UNTAKEN_ROWS, *people(1, start=1)]
    made = caller("create_contact_import", {"contact_import": {"name": "list", "contacts": rows}})
    first, second = caller("list_contact_import_contacts", import_id=made.body["id"]).body
    outreach = caller("create_outreach", {"outreach": {"name": "Spring", "unique_contacts": True}}).body["id"]
    campaigned = caller("create_campaign", campaign(outreach_id=outreach)).body["id"]
    with setting(ENROLL_INLINE_ROWS="1"):
        batch = caller("enroll", {"contact_import_id": made.body["id"]}, campaign_id=campaigned)
    assert batch.status == 202, batch
    return Scene(
        caller=caller,
        import_id=made.body["id"],
        contact_id=first["id"],
        other_contact_id=second["id"],
        outreach_id=outreach,
        campaign_id=campaigned,
        credential_id=_credential_of(tenant_of(caller), campaigned),
        key_id=caller("create_api_key", {"label": "second"}).body["id"],
        enrollment_id=caller("get_contact", contact_id=first["id"]).body["enrollments"][0]["id"],
        batch_id=batch.body["batch_id"],
        webhook_id=_posted_to(caller),
    )


def _posted_to(caller: Caller) -> str:
    """The id of a webhook to which an event was posted, in vain."""
    made = caller("create_webhook", {"webhook": {"url": "https://crm.example/hooks"}}).body["id"]
    tenant = tenant_of(caller)
    receiver = Receiver(tenant, resource_number(Kind.WEBHOOK, tenant, made) or 0, is_endpoint=True)
    attempts = (Attempt(NOON, 500, "status 500"),)
    posted = Delivery(receiver, "evt_1", "enrollment.sent", NOON, due=NOON, tries=1, attempts=attempts, body="{}")
    bootstrap_webhooks.deliveries().save([(None, posted)], NOON)
    return made


def _credential_of(tenant: int, campaign_id: str) -> str:
    sequence = bootstrap.sequences().get(tenant, resource_number(Kind.SEQUENCE, tenant, campaign_id) or 0)
    assert sequence is not None
    return resource_uuid(Kind.SENDER, tenant, sequence.senders[0])


def tenant_of(caller: Caller) -> int:
    """The number of the caller's tenant."""
    tenant = tenant_of_key(caller.key)
    assert tenant is not None
    return tenant


def settled(caller: Caller, campaign_id: str, contact_id: str, **state: Any) -> None:
    """Puts the contact's enrollment into a state that only sending and tracking lead to."""
    tenant = tenant_of(caller)
    key = EnrollmentKey(
        resource_number(Kind.SEQUENCE, tenant, campaign_id) or 0, resource_number(Kind.CONTACT, tenant, contact_id) or 0
    )
    there = bootstrap.enrollments().get(tenant, key)
    assert there is not None
    bootstrap.table().put(enrollment_item(replace(there, **state)))


def unsubscribed(caller: Caller, contact_id: str, at: int = 1_700_000_000_000) -> None:
    """Marks the contact as the unsubscribe link does."""
    number = resource_number(Kind.CONTACT, tenant_of(caller), contact_id) or 0
    key = (f"T#{tenant_of(caller)}#C#{number >> 8}", f"{number:016d}")
    bootstrap.table().update(key, "SET unsubscribed_at = :at", values={":at": at})


def everything() -> list[dict[str, Any]]:
    """All that both tables hold, in a fixed order, but for the counters of calls: every tenth call adds to them."""
    client = boto3.client("dynamodb")
    found = []
    for table in ("Table", "IdempotencyTable"):
        for page in client.get_paginator("scan").paginate(TableName=table):
            found += [item for item in page["Items"] if "#CALLS#" not in item.get("PK", {}).get("S", "")]
    return sorted(found, key=repr)


def queued(queue: str) -> int:
    """How many messages wait in a queue."""
    client = boto3.client("sqs")
    url = client.get_queue_url(QueueName=queue)["QueueUrl"]
    asked = client.get_queue_attributes(QueueUrl=url, AttributeNames=["ApproximateNumberOfMessages"])
    return int(asked["Attributes"]["ApproximateNumberOfMessages"])


def is_instant(text: Any) -> bool:
    """Whether it is an ISO 8601 instant in UTC."""
    return isinstance(text, str) and text.endswith("Z") and datetime.fromisoformat(text).tzinfo == UTC
