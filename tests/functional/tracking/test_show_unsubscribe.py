"""Looking at an unsubscribe link shows a button and changes nothing, however often scanners look."""

import pytest

from drumbeat import bootstrap
from drumbeat.adapters import aws as our_aws
from drumbeat.domain.token import unsubscribe_token
from functions.tracking import show_unsubscribe
from tests.scripted_smtp import ScriptedServer
from tests.stage import TENANT, Stage
from tests.world import Context, api_event


@pytest.fixture
def stage(aws, monkeypatch):
    stage = Stage(monkeypatch)
    with ScriptedServer() as server:
        stage.open([server])
        yield stage


def look(token: str, method: str = "GET"):
    return show_unsubscribe.handler(api_event(method, path={"token": token}), Context())


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_it_asks_before_it_acts(stage, method):
    before = bootstrap.contacts().get(TENANT, 1), stage.enrollment()
    token = unsubscribe_token(bootstrap.token_keys(), TENANT, 1)
    our_aws.ledger.clear()

    answers = [look(token, method) for _ in range(100)]

    assert {answer["statusCode"] for answer in answers} == {200}
    assert ('<form method="post">' in answers[0]["body"]) == (method == "GET")
    assert not {name.lower() for name in answers[0]["headers"]} & {"location", "set-cookie"}
    assert "no-store" in answers[0]["headers"]["Cache-Control"]
    assert our_aws.ledger.datastore_requests() == 0
    assert (bootstrap.contacts().get(TENANT, 1), stage.enrollment()) == before


@pytest.mark.parametrize("token", ["", "sample-token", "<script>alert(1)</script>"])
def test_a_link_that_is_not_ours_is_not_found(stage, token):
    answer = look(token)

    assert answer["statusCode"] == 404
    assert "script>" not in answer["body"]
