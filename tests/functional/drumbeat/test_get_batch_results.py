"""GET /drumbeat/v1/batches/{batch_id}/results"""

import pytest

from drumbeat.dialects.drumbeat import batches as dialect
from drumbeat.domain.ids import Kind, resource_number, resource_uuid
from tests.batch_stage import TENANT, BatchStage
from tests.contract.scene import MISSING, tenant_of
from tests.world import Caller, new_tenant


@pytest.fixture
def done(aws: None) -> tuple[Caller, str]:
    """A tenant's finished batch of 250."""
    caller = new_tenant()
    assert tenant_of(caller) == TENANT
    stage = BatchStage()
    batch = stage.start(ids=[*range(1, 250), 999])
    stage.run()
    return caller, resource_uuid(Kind.BATCH, TENANT, batch.number)


def _results(done, **query):
    caller, batch = done
    return caller("get_batch_results", group="drumbeat", batch_id=batch, query=query)


def test_every_item_is_a_line_in_the_order_of_the_call(done):
    answer = _results(done)

    assert answer.headers["Content-Type"] == "application/x-ndjson"
    assert [item["index"] for item in answer.body] == list(range(250))
    assert answer.body[0] == {
        "index": 0,
        "type": "contact",
        "id": resource_uuid(Kind.CONTACT, TENANT, 1),
        "state": "finished",
        "code": None,
        "text": None,
    }
    assert (answer.body[6]["state"], answer.body[6]["code"]) == ("error", "NO_SEVENS")
    assert (answer.body[249]["code"], answer.body[249]["text"]) == ("NOT_FOUND", "There is no such record.")


def test_pages_behind_an_index_are_the_whole(done):
    first = _results(done, limit="120").body
    second = _results(done, limit="120", after=str(first[-1]["index"])).body
    third = _results(done, limit="120", after=str(second[-1]["index"])).body

    assert [item["index"] for item in first + second + third] == list(range(250))
    assert _results(done, after=str(third[-1]["index"])).body == []


def test_an_answer_keeps_within_what_a_gateway_carries(done, monkeypatch):
    monkeypatch.setattr(dialect, "MOST_RESULTS_BYTES", 1_000)

    found = _results(done).body

    assert [item["index"] for item in found] == list(range(len(found)))
    assert 0 < len(found) < 10


@pytest.mark.parametrize("query", [{"after": "x"}, {"after": "-1"}, {"limit": "0"}])
def test_a_page_that_is_none_is_refused(done, query):
    assert _results(done, **query).status == 422


def test_another_tenant_s_batch_looks_like_none(done):
    stranger = new_tenant()

    theirs = stranger("get_batch_results", group="drumbeat", batch_id=done[1])
    missing = stranger("get_batch_results", group="drumbeat", batch_id=MISSING)

    assert (theirs.status, theirs.body) == (missing.status, missing.body) == (404, missing.body)


def test_a_batch_is_found_under_the_number_that_outreach_gives_it(done):
    caller, batch = done
    number = str(resource_number(Kind.BATCH, TENANT, batch))

    assert _results((caller, number)).body == _results(done).body
