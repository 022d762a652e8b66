"""POST /api/v2/batches/{id}/actions/cancel"""

import pytest

from drumbeat.domain.batch import TargetKind
from tests.functional.outreach.bulk import ASKING, Office, worked


@pytest.fixture
def office(stack):
    return Office()


def started(office, **options):
    return str(office.start("prospectsAddTags", {"ids": [1, 2], "tags": ["x"]}, **options).body["data"]["id"])


def cancel(office, number, **options):
    return office.call("cancel_batch", id=number, **options)


def test_a_batch_that_waits_is_canceled_with_all_its_items(office):
    number = started(office, query=ASKING)
    worked()

    answer = cancel(office, number)
    worked()

    attributes = answer.body["data"]["attributes"]
    assert (answer.status, attributes["state"]) == (200, "canceled")
    assert attributes["canceledAt"].endswith("Z")
    assert office.items(int(number)) == [(1, "canceled", None), (2, "canceled", None)]
    assert office.record(TargetKind.CONTACTS, 1).tags == ()


def test_one_whose_targets_are_not_known_yet_is_canceled_too(office):
    number = started(office)

    answer = cancel(office, number)
    worked()

    assert answer.status == 200
    assert office.batch(int(number))["state"] == "canceled"
    assert office.record(TargetKind.CONTACTS, 1).tags == ()


def test_what_is_over_cannot_be_canceled(office):
    number = started(office)
    worked()
    canceled = started(office, query=ASKING)
    cancel(office, canceled)

    answers = [cancel(office, number), cancel(office, canceled)]

    assert [answer.status for answer in answers] == [422, 422]
    assert answers[0].body["errors"][0]["id"] == "validationError"
    assert office.batch(int(number))["state"] == "finished"


def test_it_takes_no_params(office):
    assert cancel(office, started(office), query={"actionParams[confirmedCount]": "2"}).status == 400


def test_no_such_batch_is_not_found(office):
    number = started(office)

    assert cancel(office, "999").status == 404
    assert cancel(Office(), number).status == 404
