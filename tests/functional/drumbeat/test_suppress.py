"""POST /drumbeat/v1/suppressions"""

import json

import boto3
import pytest

from drumbeat import bootstrap, bootstrap_batches
from drumbeat.adapters import aws
from drumbeat.adapters.dynamodb import keys
from drumbeat.application.batch_work import continue_batch_work
from drumbeat.config import settings
from drumbeat.domain.suppression import SuppressionReason
from drumbeat.domain.times import DAY
from drumbeat.entrypoints import clock
from tests.contract.scene import everything, tenant_of
from tests.world import NOON, imported, new_tenant, people


def _suppress(caller, emails, **body):
    return caller("suppress", {"emails": emails} | body, group="drumbeat")


def _found(caller, email):
    return caller("list_suppressions", query={"email": email}, group="drumbeat").body["suppressions"]


def test_a_contact_that_is_suppressed_is_unsubscribed_and_gets_no_further_mail(scene):
    answer = _suppress(scene.caller, ["P0@CORP.example"])

    assert answer.status == 200
    assert answer.body == {"suppressed": 1, "new": [0], "known": [], "rejected": []}
    assert scene.call("get_contact").body["unsubscribed_at"] is not None
    assert scene.call("dispatch_campaign").body["code"] == "no_pending_enrollments"


def test_each_row_is_told_what_became_of_it(scene):
    _suppress(scene.caller, ["known@corp.example"])

    answer = _suppress(
        scene.caller,
        [
            "new@corp.example",
            "KNOWN@corp.example",
            "new@CORP.example",
            {"email": "bounced@corp.example", "reason": "bounce", "source": "old crm"},
            {"email": "odd@corp.example", "reason": "because"},
            {"email": "odd@corp.example", "source": "two\nlines"},
            {"email": "odd@corp.example", "colour": "red"},
            {"mail": "odd@corp.example"},
        ],
    )

    assert (answer.body["suppressed"], answer.body["new"], answer.body["known"]) == (4, [0, 3], [1, 2])
    codes = [(row["row"], row["code"], row["field"]) for row in answer.body["rejected"]]
    assert codes == [
        (4, "invalid_reason", "reason"),
        (5, "invalid_source", "source"),
        (6, "invalid_email", "emails"),
        (7, "invalid_email", "emails"),
    ]
    assert _found(scene.caller, "odd@corp.example") == []


def test_reason_and_source_are_the_row_s_the_call_s_or_manual(caller):
    rows = ["a@corp.example", {"email": "b@corp.example", "reason": "complaint"}, {"email": "c@corp.example"}]

    _suppress(caller, rows, reason="bounce", source="import of May")
    _suppress(caller, ["d@corp.example"])

    told = {name: _found(caller, f"{name}@corp.example")[0] for name in "abcd"}
    assert {name: (row["reason"], row["source"]) for name, row in told.items()} == {
        "a": ("bounce", "import of May"),
        "b": ("complaint", "import of May"),
        "c": ("bounce", "import of May"),
        "d": ("manual", "api"),
    }


@pytest.mark.parametrize("order", [("manual", "unsubscribe"), ("unsubscribe", "manual")])
def test_the_strongest_reason_is_shown_in_whatever_order_they_come(caller, monkeypatch, order):
    for hours, reason in enumerate(order):
        monkeypatch.setattr(clock, "now", lambda hours=hours: NOON + hours)
        _suppress(caller, ["a@corp.example"], reason=reason)

    (found,) = _found(caller, "a@corp.example")
    assert (found["reason"], found["since"]) == ("unsubscribe", "2026-11-21T12:00:00.000Z")


def test_a_thousand_addresses_fit_a_call_and_a_request_for_each_few(caller):
    bootstrap.table()
    emails = [f"p{place}@corp.example" for place in range(1_000)]
    caller("list_campaigns")
    aws.ledger.clear()

    answer = _suppress(caller, emails)

    assert (answer.body["suppressed"], len(answer.body["new"])) == (1_000, 1_000)
    assert aws.ledger.datastore_requests() <= 10 + 40 + 10 + 2  # marks, writes, holders; the key


def test_what_does_not_fit_the_time_is_stopped_by_the_worker_and_not_mailed_meanwhile(caller, monkeypatch):
    made = imported(caller, people(3))
    times = iter([NOON] * 2 + [NOON + DAY] * 100)
    monkeypatch.setattr(clock, "now", lambda: next(times))

    answer = _suppress(caller, [f"p{place}@corp.example" for place in range(3)])

    assert answer.body["suppressed"] == 3
    assert all(bootstrap.suppressions().find(tenant_of(caller), f"p{place}@corp.example") for place in range(3))
    (message,) = _handed_over(caller)
    ports = bootstrap_batches.work_ports()
    for _ in range(2):  # it may come twice
        continue_batch_work(ports, message, out_of_time=lambda: False, now=NOON)
    contacts = caller("list_contact_import_contacts", import_id=made).body
    assert [contact["unsubscribed_at"] is not None for contact in contacts] == [True] * 3


def _handed_over(caller):
    answer = boto3.client("sqs").receive_message(QueueUrl=settings().batch_queue_url, MaxNumberOfMessages=10)
    bodies = [json.loads(message["Body"]) for message in answer["Messages"]]
    return [body for body in bodies if body["tenant"] == tenant_of(caller) and "contacts" in body]


def test_a_contact_that_is_deleted_leaves_the_digest_only(scene):
    _suppress(scene.caller, ["p0@corp.example"])

    scene.call("delete_contact")

    assert "p0@corp" not in repr(everything_of(scene.caller)).lower()
    (found,) = scene.caller("list_suppressions", group="drumbeat").body["suppressions"]
    assert (found["email"], found["reason"]) == (None, "manual")
    assert _found(scene.caller, "p0@corp.example") == [found]
    again = imported(scene.caller, people(1))
    (contact,) = scene.caller("list_contact_import_contacts", import_id=again).body
    assert contact["unsubscribed_at"] is not None


def everything_of(caller):
    tenant = tenant_of(caller)
    return [item for item in everything() if item.get("PK", {}).get("S", "").startswith(f"T#{tenant}#")]


def test_one_from_before_reasons_were_kept_is_still_suppressed_and_gets_reasons_with_the_next(caller):
    tenant = tenant_of(caller)
    _suppress(caller, ["a@corp.example"])
    digest = _found(caller, "a@corp.example")[0]["digest"]
    partition, sort = keys.suppression(tenant, digest)
    bootstrap.table().put({"PK": partition, "SK": sort, "suppressed_at": NOON})

    before = _found(caller, "a@corp.example")
    answer = _suppress(caller, ["a@corp.example"])

    assert (before[0]["email"], before[0]["reason"]) == (None, None)
    assert answer.body["known"] == [0]
    (after,) = caller("list_suppressions", group="drumbeat").body["suppressions"]
    assert (after["email"], after["reason"], after["since"]) == ("a@corp.example", "manual", before[0]["since"])


def test_a_reason_that_comes_while_addresses_are_added_is_not_lost(caller, monkeypatch):
    tenant, store = tenant_of(caller), bootstrap.suppressions()
    table = type(store.table)
    asked = table.get_many

    def unsubscribing(self, wanted, **options):
        found = asked(self, wanted, **options)
        monkeypatch.setattr(table, "get_many", asked)
        bootstrap.signals().suppress_address(
            tenant, "a@corp.example", NOON, reason=SuppressionReason.UNSUBSCRIBE, source="link"
        )
        return found

    monkeypatch.setattr(table, "get_many", unsubscribing)
    _suppress(caller, ["a@corp.example"])

    found = store.find(tenant, "a@corp.example")
    assert set(found.reasons) == {SuppressionReason.MANUAL, SuppressionReason.UNSUBSCRIBE}


def test_an_address_can_be_suppressed_before_it_is_a_contact(caller):
    _suppress(caller, ["p0@corp.example"])

    made = caller("create_contact_import", {"contact_import": {"name": "x", "contacts": people(1)}}).body["id"]

    (contact,) = caller("list_contact_import_contacts", import_id=made).body
    assert contact["unsubscribed_at"] is not None


def test_each_entry_is_looked_at_by_itself(scene):
    answer = _suppress(scene.caller, ["nobody", "p0@corp.example", 7, None, "a@b.example\r\nx"])

    assert answer.body["suppressed"] == 1
    assert [row["row"] for row in answer.body["rejected"]] == [0, 2, 3, 4]
    assert scene.call("get_contact").body["unsubscribed_at"] is not None


def test_suppressing_again_changes_nothing(scene):
    _suppress(scene.caller, ["p0@corp.example"])
    before = everything()

    assert _suppress(scene.caller, ["p0@corp.example"]).body["suppressed"] == 1
    assert everything() == before


def test_another_tenant_s_contact_is_not_touched(scene):
    _suppress(new_tenant(), ["p0@corp.example"])

    assert scene.call("get_contact").body["unsubscribed_at"] is None


@pytest.mark.parametrize("emails", [[], None, "a@b.example", {}, ["a@b.example"] * 1_001])
def test_a_list_that_is_none_or_too_long_is_refused_and_nothing_is_written(caller, emails):
    caller("list_campaigns")
    before = everything()

    answer = _suppress(caller, emails)

    assert (answer.status, answer.body["code"]) == (422, "validation_failed")
    assert answer.body["errors"][0]["field"] == "emails"
    assert everything() == before
