"""The samples that Outreach publishes of batches and of 21 of its bulk actions, and ours: either fits the other.

The samples hold "string" where a text stands and 0 where a number does; an id that is a text is put there for it.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from drumbeat.dialects.outreach.bulk_actions import BULK_ACTIONS
from drumbeat.dialects.outreach.bulk_forms import form_of_action
from drumbeat.dialects.outreach.bulk_orders import BulkRequest, NewBatchRequest
from tests.contract.scene import is_instant
from tests.functional.outreach.bulk import ASKING, Office, worked

SAMPLES = json.loads((Path(__file__).parent / "outreach_samples.json").read_text())
REQUESTS = SAMPLES["requests"]
ID_NAMES = {"ids", "userIds", "accountId", "opportunityId"}


@pytest.fixture
def office(stack):
    return Office()


@pytest.fixture
def answers(office):
    """Each kind of answer that shows a batch, while it waits and when it is over."""
    started = office.start("prospectsAddTags", {"ids": [1, 999], "tags": ["x"]}, query=ASKING)
    worked()
    number = str(started.body["data"]["id"])
    waiting = office.call("get_batch", id=number)
    confirmed = office.call("confirm_batch", id=number, query={"actionParams[confirmedCount]": "2"})
    worked()
    made = office.call("create_batch", new_batch("accountAddTags", {"ids": [1], "tags": ["x"]}))
    canceled = office.call("cancel_batch", id=str(made.body["data"]["id"]))
    return {
        "started": started,
        "waiting": waiting,
        "confirmed": confirmed,
        "over": office.call("get_batch", id=number),
        "made": made,
        "canceled": canceled,
        "listed": office.call("list_batches"),
    }


def new_batch(action, payload):
    return {"data": {"type": "batch", "attributes": {"action": action, "payload": payload}}}


def with_ids(value: Any, name: str = "") -> Any:
    """The sample with an id wherever "string" stands for one."""
    if isinstance(value, dict):
        return {key: with_ids(inner, key) for key, inner in value.items()}
    if isinstance(value, list):
        return [with_ids(inner, name) for inner in value]
    return "1" if value == "string" and name in ID_NAMES else value


def fits(sample: Any, value: Any) -> bool:
    """Whether a value is of the sample's type; every attribute may be null."""
    if value is None:
        return True
    if isinstance(sample, str) and sample.startswith("2019-"):
        return is_instant(value)
    return type(value) is type(sample)


@pytest.mark.parametrize("action", REQUESTS)
def test_a_published_request_is_one_that_we_take(action):
    request = BulkRequest.model_validate(with_ids(REQUESTS[action]))

    form = form_of_action(BULK_ACTIONS[action]).model_validate(request.data.attributes)
    assert form.listed() == [1]


def test_the_actions_without_a_published_sample_are_those_on_custom_objects():
    assert set(BULK_ACTIONS) - set(REQUESTS) == {"customObjectBulkModify", "customObjectBulkDelete"}


@pytest.mark.parametrize("action", REQUESTS)
def test_what_we_demand_is_in_the_published_request_and_what_it_says_we_know(action):
    published = set(REQUESTS[action]["data"]["attributes"])
    fields = {field.alias or name: field for name, field in form_of_action(BULK_ACTIONS[action]).model_fields.items()}

    assert {name for name, field in fields.items() if field.is_required()} <= published
    known = set(fields) | ({"fieldName", "fieldValue"} if action.endswith("BulkModify") else set())
    assert published <= known


def test_a_published_batch_may_be_posted_as_it_was_shown():
    attributes = SAMPLES["created"]["data"]["attributes"]

    assert NewBatchRequest.model_validate({"data": {"attributes": attributes}}).data.attributes.action == "string"


@pytest.mark.parametrize("name", ["started", "waiting", "confirmed", "over", "made", "canceled"])
def test_our_batch_is_like_the_published_one(answers, name):
    published, ours = SAMPLES["batch"]["data"], answers[name].body["data"]

    assert set(published) <= set(ours)
    assert ours["type"] == "batch"
    assert fits(published["id"], ours["id"])
    assert set(published["attributes"]) == set(ours["attributes"])
    wrong = {n: v for n, v in ours["attributes"].items() if not fits(published["attributes"][n], v)}
    assert wrong == {}


def test_our_list_is_like_the_published_one(answers):
    (published,), ours = SAMPLES["list"]["data"], answers["listed"].body["data"]

    assert len(ours) == 2
    assert all(set(batch["attributes"]) == set(published["attributes"]) for batch in ours)


def test_the_items_are_linked_to_as_published(answers, office):
    """In an array with one member: JSON:API and the vendor's OpenAPI say one object, but the source document wins."""
    ((published,),) = SAMPLES["batch"]["data"]["relationships"].values()
    (ours,) = answers["over"].body["data"]["relationships"]["batchItems"]

    assert set(ours) == set(published) == {"links"}
    assert set(ours["links"]) == set(published["links"]) == {"related"}
    assert ours["links"]["related"] == "https://api.example/api/v2/batchItems?filter[batchId]=1"


def test_statuses_are_the_published_ones(answers):
    assert {name: answer.status for name, answer in answers.items()} == {
        "started": 200,
        "waiting": 200,
        "confirmed": 200,
        "over": 200,
        "made": 201,
        "canceled": 200,
        "listed": 200,
    }
