"""POST /drumbeat/v1/sequences/{sequence_id}/relink"""

from functools import partial

import pytest

from drumbeat import bootstrap
from drumbeat.application.batch_sweep import sweep_batches
from drumbeat.domain.batch import OPEN_FOR
from drumbeat.domain.ids import Kind, resource_number
from tests.functional.myagentmail.leads import Campaign
from tests.functional.outreach.bulk import worked
from tests.world import new_tenant


@pytest.fixture
def call(stack):
    return partial(new_tenant(), group="myagentmail")


@pytest.fixture
def campaign(call):
    return Campaign(call)


def post(campaign, *updates, headers=None, query=None, **body):
    return campaign.call(
        "start_relink",
        {"updates": list(updates)} | body,
        query=query,
        headers=headers,
        group="drumbeat",
        sequence_id=campaign.id,
    )


def begun(campaign, *updates, **options):
    answer = post(campaign, *updates, **options)
    assert answer.status == 202, answer.body
    return answer.body


def shown(campaign, batch):
    return campaign.call("get_batch", group="drumbeat", batch_id=batch["id"]).body


def results(campaign, batch):
    return campaign.call("get_batch_results", group="drumbeat", batch_id=batch["id"]).body


def change(enrollment, **fields):
    return {"enrollmentId": enrollment["id"], **fields}


def test_every_row_is_answered_in_its_order_under_the_caller_s_id(campaign):
    jane, john = campaign.enrol(), campaign.enrol()
    rows = [
        change(jane, leadName="Jane", leadEmail="jane@y.example"),
        {"enrollmentId": "01HZaaaa"},
        change(john, leadExternalId=jane["leadExternalId"]),
        change(john, leadEmail="x"),
    ]

    batch = begun(campaign, *rows)
    worked()

    done = shown(campaign, batch)
    assert (done["state"], done["total"], done["succeeded"], done["failures"]) == ("finished", 4, 1, 3)
    found = results(campaign, batch)
    assert [row["id"] for row in found] == [row["enrollmentId"] for row in rows]
    assert [row["code"] for row in found] == [None, "NOT_FOUND", "LEAD_EXTERNAL_ID_CONFLICT", "PATCH_FAILED"]
    assert {row["type"] for row in found} == {"enrollment"}
    assert campaign.shown(jane)["leadEmail"] == "jane@y.example"
    campaign.check_locks()


def test_rows_of_many_calls_and_chunks_are_applied_in_their_order(campaign):
    leads = [campaign.enrol(leadExternalId=f"{campaign.tenant}-{n}") for n in range(250)]
    shifted = [change(lead, leadExternalId=f"{campaign.tenant}-{n - 1}") for n, lead in enumerate(leads)]

    batch = begun(campaign, *shifted[:120], more=True)
    begun(campaign, *shifted[120:240], more=True, batchId=batch["id"])
    worked()
    assert shown(campaign, batch)["state"] == "resolving"
    begun(campaign, *shifted[240:], batchId=batch["id"])
    worked()

    assert shown(campaign, batch)["failures_by_code"] == {}
    assert (shown(campaign, batch)["total"], shown(campaign, batch)["state"]) == (250, "finished")
    assert [row["index"] for row in results(campaign, batch)] == [*range(250)]
    campaign.check_locks()


def test_what_is_open_does_not_begin_and_takes_nothing_once_it_is_closed(campaign):
    jane = campaign.enrol()
    batch = begun(campaign, change(jane, leadName="Jane"), more=True)
    worked()
    assert (batch["open"], shown(campaign, batch)["state"], campaign.shown(jane)["leadName"]) == (
        True,
        "resolving",
        None,
    )

    begun(campaign, batchId=batch["id"])
    late = post(campaign, change(jane, leadName="Joan"), batchId=batch["id"])
    worked()

    assert (late.status, late.body["code"]) == (409, "batch_over")
    assert campaign.shown(jane)["leadName"] == "Jane"


def test_what_nobody_closes_for_a_day_fails_and_nothing_of_it_is_done(campaign):
    jane = campaign.enrol()
    batch = begun(campaign, change(jane, leadName="Jane"), more=True)
    made = bootstrap.batches().get(campaign.tenant, resource_number(Kind.BATCH, campaign.tenant, batch["id"]))

    def swept(now):
        sweep_batches(bootstrap.batches(), bootstrap.batch_queue(), out_of_time=lambda: False, now=now)
        worked()
        return shown(campaign, batch)["state"]

    assert swept(made.updated_at + OPEN_FOR - 1) == "resolving"
    assert swept(made.updated_at + OPEN_FOR) == "failed"
    assert campaign.shown(jane)["leadName"] is None


def test_the_same_key_adds_rows_once(campaign):
    jane = campaign.enrol()
    key = {"Idempotency-Key": "once"}

    first = begun(campaign, change(jane, leadName="Jane"), more=True, headers=key)
    again = begun(campaign, change(jane, leadName="Jane"), more=True, headers=key)

    assert (again["id"], again["total"]) == (first["id"], 1)


def test_rows_run_again_after_a_step_hurry_nothing(campaign):
    jane = campaign.enrol(startAt="2030-01-01T00:00:00Z")

    begun(campaign, change(jane), query={"retryNow": "true"})
    worked()

    assert campaign.shown(jane)["nextStepDueAt"] < "2029"


def test_it_can_be_canceled_while_it_is_open(campaign):
    jane = campaign.enrol()
    batch = begun(campaign, change(jane, leadName="Jane"), more=True)
    number = resource_number(Kind.BATCH, campaign.tenant, batch["id"])

    answer = campaign.call("cancel_batch", group="outreach", id=f"{number}")
    late = post(campaign, batchId=batch["id"])

    assert answer.status == 200
    assert late.status == 409
    assert [row["state"] for row in results(campaign, batch)] == ["canceled"]


@pytest.mark.parametrize("enrollment_id", ["", "\ud800", "a\nb", "x" * 1_000])
def test_an_id_that_can_be_none_is_a_row_that_finds_nothing(campaign, enrollment_id):
    batch = begun(campaign, {"enrollmentId": enrollment_id})
    worked()

    (row,) = results(campaign, batch)
    assert (row["code"], len(row["id"]) <= 100) == ("NOT_FOUND", True)


def test_outreach_s_batches_show_it(campaign):
    batch = begun(campaign, {"enrollmentId": "x"})
    worked()

    found = campaign.call("list_batches", group="outreach").body["data"]
    items = campaign.call("list_batch_items", group="outreach").body["data"]

    assert len(found) == len(items) == 1
    assert items[0]["attributes"]["code"] == "NOT_FOUND"
    assert batch["action"] == "enrollments.relink"


@pytest.mark.parametrize("updates", [None, [5], [{}], [{"enrollmentId": "x"}] * 5_001])
def test_a_body_of_another_shape_is_refused(campaign, updates):
    answer = campaign.call("start_relink", {"updates": updates}, group="drumbeat", sequence_id=campaign.id)

    assert answer.status == 422


def test_what_it_names_has_to_be_there(campaign, call):
    other = Campaign(call)
    batch = begun(campaign, more=True)

    assert post(other, batchId=batch["id"]).status == 404
    assert post(campaign, batchId="x").status == 404
    assert call("start_relink", {"updates": []}, group="drumbeat", sequence_id="x").status == 404


def test_five_thousand_rows_are_taken_in_few_requests(campaign):
    rows = [{"enrollmentId": "01HZaaaa", "leadName": "Somebody", "leadEmail": f"p{n}@y.example"} for n in range(5_000)]

    batch = begun(campaign, *rows, more=True)

    assert bootstrap.ledger.datastore_requests() <= 5
    assert batch["total"] == 5_000


def test_long_rows_fit_their_items(campaign):
    long = {"leadName": "\u00e4" * 255, "leadExternalId": "\u4e00" * 255, "sessionId": "\U0001f600" * 255}

    batch = begun(campaign, *[{"enrollmentId": "x"} | long] * 300)
    worked()

    assert shown(campaign, batch)["failures_by_code"] == {"NOT_FOUND": 300}
