"""One click ends all mail of a tenant to a contact, at once, for good, and from everywhere."""

import pytest

from drumbeat import bootstrap
from drumbeat.adapters.dynamodb import keys
from drumbeat.adapters.dynamodb.contact_items import address_digest
from drumbeat.domain.contact import Contact
from drumbeat.domain.enrollment import EnrollmentState
from drumbeat.domain.times import MINUTE, SECOND
from drumbeat.domain.token import open_token, unsubscribe_token
from functions.tracking import unsubscribe
from tests.faults import Crash, fault
from tests.stage import TENANT, Stage
from tests.world import Context, api_event

CALLS = 7


@pytest.fixture
def stage(aws, monkeypatch, server):
    stage = Stage(monkeypatch)
    stage.open([server], contacts=2)
    return stage


def click(token: str, body: str | None = "List-Unsubscribe=One-Click"):
    return unsubscribe.handler(api_event("POST", path={"token": token}, raw=body), Context())


def our_token(contact: int = 1) -> str:
    return unsubscribe_token(bootstrap.token_keys(), TENANT, contact)


def is_suppressed(email: str) -> bool:
    return bootstrap.table().get(keys.suppression(TENANT, address_digest(email))) is not None


@pytest.mark.parametrize("body", ["List-Unsubscribe=One-Click", "--x\r\nmultipart", "", None])
def test_whatever_the_body_says_the_token_is_enough(stage, server, body):
    answer = click(our_token(), body)

    assert (answer["statusCode"], "Location" in answer["headers"]) == (200, False)
    assert bootstrap.contacts().get(TENANT, 1).unsubscribed_at == stage.now
    assert is_suppressed("p1@corp.example")
    enrollment = stage.enrollment()
    assert (enrollment.state, enrollment.unsubscribed_at) == (EnrollmentState.UNSUBSCRIBED, stage.now)
    stage.run(minutes=20)
    assert len(server.taken) == 2
    assert stage.enrollment(2).state is EnrollmentState.FINISHED


def test_a_second_click_changes_nothing(stage):
    first = stage.now
    click(our_token())
    stage.now += MINUTE

    assert click(our_token())["statusCode"] == 200
    assert bootstrap.contacts().get(TENANT, 1).unsubscribed_at == first
    assert stage.enrollment().unsubscribed_at == first


def test_a_follow_up_that_is_on_its_way_does_not_leave(stage, server):
    stage.run(minutes=5)
    assert len(server.taken) == 2
    stage.now = stage.enrollment().due
    stage.tick()
    stage.now += 10 * SECOND
    messages = stage.due()

    click(our_token())
    stage.work(messages)

    assert len(server.taken) == 3
    assert stage.enrollment().state is EnrollmentState.UNSUBSCRIBED


def test_the_address_stays_suppressed_when_the_contact_comes_back(stage):
    click(our_token())
    bootstrap.contacts().remove([bootstrap.contacts().get(TENANT, 1)])

    bootstrap.contacts().add([Contact(TENANT, 50, 2, "P1@corp.example", None, None, None, stage.now)])

    assert bootstrap.contacts().get(TENANT, 50).unsubscribed_at is not None


def test_a_contact_that_is_gone_gets_the_same_answer(stage):
    bootstrap.contacts().remove([bootstrap.contacts().get(TENANT, 1)])

    assert click(our_token())["statusCode"] == 200
    assert bootstrap.contacts().get(TENANT, 1) is None


@pytest.mark.parametrize("token", ["", "sample-token"])
def test_a_token_that_is_not_ours_is_not_found(stage, token):
    assert click(token)["statusCode"] == 404


def test_an_open_token_does_not_unsubscribe(stage):
    answer = click(open_token(bootstrap.token_keys(), TENANT, stage.enrollment().key, 0, 1))

    assert answer["statusCode"] == 404
    assert stage.enrollment().state is EnrollmentState.ACTIVE


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("call", range(1, CALLS + 1))
def test_a_click_that_dies_is_finished_by_the_next_one(stage, server, call, after):
    token = our_token()
    with fault(call, after=after), pytest.raises(Crash):
        click(token)

    assert click(token)["statusCode"] == 200
    stage.run(minutes=20)
    assert stage.enrollment().state is EnrollmentState.UNSUBSCRIBED
    assert is_suppressed("p1@corp.example")
    assert len(server.taken) == 2


def test_these_are_all_calls_of_a_click(stage):
    token = our_token()
    with fault(0, after=False) as counted:
        click(token)

    found = ["GetItem", "BatchGetItem", "Query"]
    assert counted.calls == ["GetItem", "TransactWriteItems", *found, "BatchGetItem", "UpdateItem"]
    assert len(counted.calls) == CALLS
