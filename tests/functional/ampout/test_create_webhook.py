"""POST /webhooks"""

import base64

import boto3
import pytest

from drumbeat import bootstrap
from drumbeat.domain.webhook_endpoint import MOST_ENDPOINTS
from tests.contract.scene import everything, setting

HOOK = {"webhook": {"url": "https://crm.example/hooks"}}


def test_everything_of_the_contract_is_heard_unless_filters_say_otherwise(caller):
    named = {"webhook": {"url": "https://crm.example/", "event_filters": ["enrollment.clicked", "enrollment.clicked"]}}

    assert caller("create_webhook", HOOK).body["event_filters"] == ["*"]
    assert caller("create_webhook", named).body["event_filters"] == ["enrollment.clicked"]


def test_the_secret_is_random_shown_once_and_kept_sealed(caller):
    first, second = (caller("create_webhook", HOOK, headers={"Idempotency-Key": "once"}) for _ in range(2))

    secret = first.body["secret"]
    assert len(base64.b64decode(secret.removeprefix("whsec_"), validate=True)) == 32
    assert secret != caller("create_webhook", HOOK).body["secret"]
    assert (second.body["id"], "secret" in second.body) == (first.body["id"], False)
    assert secret.removeprefix("whsec_") not in repr(everything())


def test_one_whose_answer_was_not_kept_is_found_by_its_key_without_the_secret(caller):
    once = {"Idempotency-Key": "once"}
    first = caller("create_webhook", HOOK, headers=once)
    table = boto3.client("dynamodb")
    for record in table.scan(TableName="IdempotencyTable")["Items"]:
        table.delete_item(TableName="IdempotencyTable", Key={"id": record["id"]})

    again = caller("create_webhook", HOOK, headers=once)

    assert (again.status, again.body["id"], "secret" in again.body) == (201, first.body["id"], False)
    assert len(caller("list_webhooks").body) == 1


@pytest.mark.parametrize(
    "url",
    [
        "http://crm.example/", "ftp://crm.example/", "https://ann:pw@crm.example/", "https://", "crm.example", "",
        "https://crm.example/a b", "https://①②⑦.⓪.⓪.①/", "file:///proc/self/environ", 7, None,
    ],
)  # fmt: skip
def test_a_url_that_leads_nowhere_is_refused_and_nothing_is_written(caller, url):
    caller("list_webhooks")  # the key has been used, from here on
    before = everything()

    with setting(PRIVATE_SERVERS_ALLOWED="false"):
        answer = caller("create_webhook", {"webhook": {"url": url}})

    assert (answer.status, answer.body["code"]) == (422, "validation_failed")
    assert everything() == before


def test_an_account_has_twenty_at_most(caller):
    for _ in range(MOST_ENDPOINTS):
        assert caller("create_webhook", HOOK).status == 201

    answer = caller("create_webhook", HOOK)
    assert (answer.status, answer.body["code"]) == (422, "validation_failed")
    assert len(caller("list_webhooks").body) == MOST_ENDPOINTS == 20


def test_it_costs_a_number_a_read_and_a_write(caller):
    caller("list_webhooks")
    caller("create_webhook", HOOK)

    assert bootstrap.ledger.datastore_requests() == 3
