"""POST /campaigns/{campaign_id}/enroll"""

import socketserver
import threading

import pytest

from drumbeat import bootstrap
from drumbeat.domain.ids import Kind, resource_number
from drumbeat.domain.schedule import next_open
from drumbeat.domain.times import DAY, iso
from drumbeat.entrypoints import clock, http
from tests.contract.scene import queued, setting, tenant_of, unsubscribed
from tests.world import campaign, imported, people, started
from tools.local.dns_server import answer, read_zone

pytestmark = pytest.mark.ministack


def _enroll(caller, campaign_id, import_id, **changes):
    return caller("enroll", {"contact_import_id": import_id} | changes, campaign_id=campaign_id)


def _batch_numbers(caller, campaign_id):
    return [row["batch_number"] for row in caller("list_enrollments", campaign_id=campaign_id).body]


def _contacts(caller, import_id):
    return [contact["id"] for contact in caller("list_contact_import_contacts", import_id=import_id).body]


def _in_outreach(caller, *, unique=True):
    outreach = caller("create_outreach", {"outreach": {"name": "x", "unique_contacts": unique}}).body["id"]
    return [caller("create_campaign", campaign(outreach_id=outreach)).body["id"] for _ in range(2)]


def test_every_subscribed_contact_is_enrolled_in_batches_from_one(bulk_caller):
    rows, target = imported(bulk_caller, people(27)), started(bulk_caller)

    done = _enroll(bulk_caller, target, rows, batch_size=10)

    assert (done.status, done.body) == (200, {"enrolled": 27, "batches": 3, "batch_size": 10, "skipped": []})
    assert _batch_numbers(bulk_caller, target) == [1] * 10 + [2] * 10 + [3] * 7


def test_the_batch_size_is_fifty_unless_said_otherwise(bulk_caller):
    rows, target = imported(bulk_caller, people(27)), started(bulk_caller)

    done = _enroll(bulk_caller, target, rows)

    assert (done.body["batch_size"], done.body["batches"]) == (50, 1)


def test_enrolling_does_not_start_sending(bulk_caller):
    rows, target = imported(bulk_caller, people(2)), started(bulk_caller)

    _enroll(bulk_caller, target, rows)

    shown = bulk_caller("get_campaign", campaign_id=target).body
    assert (shown["status"], shown["totals"]["pending"]) == ("pending", 2)


def test_each_row_waits_for_the_first_opening_of_its_own_zone(bulk_caller):
    zones = ("Pacific/Auckland", "Europe/Berlin", None)
    rows = imported(bulk_caller, [row | {"time_zone": zone} for row, zone in zip(people(3), zones, strict=True)])
    target = started(bulk_caller)
    start = clock.now() + 400 * DAY
    schedule = {"business_hours_only": True, "time_zone": "America/New_York", "not_before": iso(start)}
    assert bulk_caller("set_schedule", schedule, group="drumbeat", sequence_id=target).status == 200

    _enroll(bulk_caller, target, rows)

    tenant = tenant_of(bulk_caller)
    number = resource_number(Kind.SEQUENCE, tenant, target)
    hours = bootstrap.sequences().get(tenant, number).hours
    kept = list(bootstrap.enrollments().of_sequence(tenant, number))
    assert [entry.zone for entry in kept] == list(zones)
    assert [entry.due for entry in kept] == [next_open(start, hours, zone) for zone in zones]
    assert len({entry.due for entry in kept}) > 1
    assert all(entry.timed for entry in kept)


def test_who_is_enrolled_already_is_skipped_by_name(bulk_caller):
    rows, target = imported(bulk_caller, people(2)), started(bulk_caller)
    _enroll(bulk_caller, target, rows)

    again = _enroll(bulk_caller, target, rows)

    assert (again.status, again.body["enrolled"], again.body["batches"]) == (200, 0, 0)
    assert [(skip["contact_id"], skip["email"]) for skip in again.body["skipped"]] == list(
        zip(_contacts(bulk_caller, rows), ["p0@corp.example", "p1@corp.example"], strict=True)
    )
    assert len(_batch_numbers(bulk_caller, target)) == 2


def test_who_has_unsubscribed_is_not_enrolled(bulk_caller):
    rows, target = imported(bulk_caller, people(2)), started(bulk_caller)
    unsubscribed(bulk_caller, _contacts(bulk_caller, rows)[0])

    done = _enroll(bulk_caller, target, rows)

    assert done.body["enrolled"] == 1
    assert [skip["email"] for skip in done.body["skipped"]] == ["p0@corp.example"]


def test_a_contact_of_a_sibling_is_skipped_in_the_contract_s_words(bulk_caller):
    rows = imported(bulk_caller, people(2))
    first, second = _in_outreach(bulk_caller)
    contact = _contacts(bulk_caller, rows)[0]
    bulk_caller("enroll_contact", {"contact_id": contact}, campaign_id=first)

    done = _enroll(bulk_caller, second, rows)

    assert done.body["enrolled"] == 1
    assert done.body["skipped"] == [
        {
            "contact_id": contact,
            "email": "p0@corp.example",
            "reason": "Already enrolled in another campaign in this outreach",
        }
    ]


def test_siblings_share_contacts_where_the_outreach_does_not_mind(bulk_caller):
    rows = imported(bulk_caller, people(2))
    first, second = _in_outreach(bulk_caller, unique=False)
    _enroll(bulk_caller, first, rows)

    assert _enroll(bulk_caller, second, rows).body["enrolled"] == 2


@pytest.fixture
def name_server():
    zone = read_zone("takes.example mail.takes.example\nnull.example .\ndown.example SERVFAIL")

    class Handler(socketserver.BaseRequestHandler):
        def handle(self):
            wire, connection = self.request
            connection.sendto(answer(zone, wire), self.client_address)

    with socketserver.ThreadingUDPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"127.0.0.1:{server.server_address[1]}"
        server.shutdown()


def test_a_domain_that_takes_no_mail_is_skipped_only_where_the_campaign_asks(bulk_caller, name_server):
    emails = ["a@takes.example", "b@null.example", "c@missing.example", "d@down.example"]
    rows = imported(bulk_caller, [{"email": email} for email in emails])
    careful, careless = started(bulk_caller, verify_email_mx=True), started(bulk_caller)

    with setting(DNS_SERVER=name_server):
        done = _enroll(bulk_caller, careful, rows)
        all_of_them = _enroll(bulk_caller, careless, rows)

    assert [skip["email"] for skip in done.body["skipped"]] == ["b@null.example", "c@missing.example"]
    assert (done.body["enrolled"], all_of_them.body["enrolled"]) == (2, 4)
    kinds = bulk_caller("list_skips", campaign_id=careful, query={"kind": "mx_invalid"}).body
    assert [skip["email"] for skip in kinds] == ["b@null.example", "c@missing.example"]


def test_what_is_beyond_the_row_limit_is_handed_over_with_a_batch_id(bulk_caller):
    rows, target = imported(bulk_caller, people(300)), started(bulk_caller)
    waiting = queued("BatchQueue")

    with setting(ENROLL_INLINE_ROWS="1"):
        done = _enroll(bulk_caller, target, rows)

    assert done.status == 202
    assert 0 < done.body["enrolled"] < 300
    assert queued("BatchQueue") == waiting + 1
    batch = bulk_caller("get_batch", group="drumbeat", batch_id=done.body["batch_id"]).body
    assert (batch["state"], batch["succeeded"]) == ("resolving", done.body["enrolled"])


def test_a_call_that_runs_out_of_time_hands_the_rest_over(bulk_caller, monkeypatch):
    rows, target = imported(bulk_caller, people(300)), started(bulk_caller)
    monkeypatch.setattr(http, "TIME_FOR_WORK", -1)

    done = _enroll(bulk_caller, target, rows)

    assert done.status == 202
    assert done.body["enrolled"] > 0


def test_an_empty_import_enrolls_nobody(bulk_caller):
    imported(bulk_caller, people(1))
    rows, target = imported(bulk_caller, people(1)), started(bulk_caller)

    done = _enroll(bulk_caller, target, rows)

    assert (done.status, done.body["enrolled"], done.body["batches"]) == (200, 0, 0)


@pytest.mark.parametrize("size", [0, -1, 100_001, "x", None, 1.5, True, [], {}])
def test_a_batch_size_that_is_none_is_refused(bulk_caller, size):
    rows, target = imported(bulk_caller, people(1)), started(bulk_caller)

    answer_to_it = _enroll(bulk_caller, target, rows, batch_size=size)

    assert (answer_to_it.status, answer_to_it.body["code"]) == (422, "validation_failed")
    assert _batch_numbers(bulk_caller, target) == []
