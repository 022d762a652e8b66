"""POST /api/v2/batches/{id}/actions/confirm"""

import pytest

from drumbeat.domain.batch import TargetKind
from tests.functional.outreach.bulk import ASKING, Office, worked

COUNT = "actionParams[confirmedCount]"
PAYLOAD = {"ids": [1, 2], "tags": ["x"]}


@pytest.fixture
def office(stack):
    return Office()


@pytest.fixture
def waiting(office):
    """The id of a batch of two items that waits for confirmation."""
    answer = office.start("prospectsAddTags", PAYLOAD, query=ASKING)
    worked()
    return str(answer.body["data"]["id"])


@pytest.fixture
def strict(office):
    """The id of one that demands the count."""
    attributes = {"action": "prospectsAddTags", "payload": PAYLOAD, "confirmedCountRequired": True}
    answer = office.call("create_batch", {"data": {"attributes": attributes}})
    worked()
    return str(answer.body["data"]["id"])


def confirm(office, number, **query):
    return office.call("confirm_batch", id=number, query=query)


@pytest.mark.parametrize("query", [{}, {COUNT: "2"}])
def test_a_batch_that_waits_runs_once_it_is_confirmed(office, waiting, query):
    answer = confirm(office, waiting, **query)
    worked()

    assert (answer.status, answer.body["data"]["attributes"]["state"]) == (200, "pending")
    assert answer.body["data"]["attributes"]["confirmedAt"].endswith("Z")
    assert office.batch(int(waiting))["state"] == "finished"
    assert office.record(TargetKind.CONTACTS, 2).tags == ("x",)


def test_where_the_count_is_required_it_must_be_said_and_right(office, strict):
    without, wrong = confirm(office, strict), confirm(office, strict, **{COUNT: "3"})
    before = office.batch(int(strict))
    right = confirm(office, strict, **{COUNT: "2"})

    assert [answer.status for answer in (without, wrong, right)] == [422, 422, 200]
    assert without.body["errors"][0]["id"] == "validationError"
    assert (before["state"], before["confirmCount"], before["confirmedCountRequired"]) == ("confirming", 2, True)


def test_a_wrong_count_is_refused_even_where_none_is_required(office, waiting):
    answer = confirm(office, waiting, **{COUNT: "1"})
    worked()

    assert answer.status == 422
    assert office.batch(int(waiting))["state"] == "confirming"
    assert office.record(TargetKind.CONTACTS, 1).tags == ()


@pytest.mark.parametrize("count", ["", "x", "-2", "2.0"])
def test_a_count_that_is_no_number_is_refused_by_its_name(office, waiting, count):
    answer = confirm(office, waiting, **{COUNT: count})

    assert (answer.status, answer.body["errors"][0]["source"]) == (422, {"parameter": COUNT})


def test_another_param_is_a_bad_request(office, waiting):
    assert confirm(office, waiting, **{"actionParams[count]": "2"}).status == 400


def test_what_is_over_or_runs_already_cannot_be_confirmed(office, waiting):
    confirm(office, waiting)
    running = confirm(office, waiting)
    worked()
    finished = confirm(office, waiting)

    assert [running.status, finished.status] == [422, 422]
    assert office.batch(int(waiting))["state"] == "finished"


def test_no_such_batch_is_not_found(office, waiting):
    assert confirm(office, "999").status == 404
    assert confirm(Office(), waiting).status == 404
