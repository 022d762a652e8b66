"""The open pixel always answers, notes the first load only, and never decides anything."""

import pytest

from drumbeat import bootstrap
from drumbeat.adapters import aws as our_aws
from drumbeat.domain.ids import EnrollmentKey
from drumbeat.domain.times import MINUTE
from drumbeat.domain.token import open_token, unsubscribe_token
from functions.tracking import open as open_pixel
from tests.scripted_smtp import ScriptedServer
from tests.stage import SEQUENCE, TENANT, Stage
from tests.world import Context, api_event

ONE_PIXEL = bytes.fromhex("474946383961 01000100000000 2c000000000100010000 0202440100 3b")


@pytest.fixture
def stage(aws, monkeypatch):
    stage = Stage(monkeypatch)
    with ScriptedServer() as server:
        stage.open([server])
        yield stage


def load(token: str):
    return open_pixel.handler(api_event("GET", path={"token": token}), Context())


def our_token(contact: int = 1) -> str:
    return open_token(bootstrap.token_keys(), TENANT, EnrollmentKey(SEQUENCE, contact), 0, 1)


def assert_pixel(answer):
    assert answer["statusCode"] == 200
    assert answer["headers"]["Content-Type"] == "image/gif"
    assert "no-store" in answer["headers"]["Cache-Control"]
    assert answer["body"].encode("utf-8") == ONE_PIXEL


def test_the_first_load_is_noted(stage):
    answer = load(our_token())

    assert_pixel(answer)
    assert stage.enrollment().opened_at == stage.now


def test_later_loads_change_nothing(stage):
    first = stage.now
    for _ in range(20):
        assert_pixel(load(our_token()))
        stage.now += MINUTE

    assert stage.enrollment().opened_at == first


@pytest.mark.parametrize("token", ["", "sample-token", "é", "../../etc", "A" * 5000])
def test_a_token_that_is_not_ours_gets_the_pixel_and_changes_nothing(stage, token):
    before = stage.enrollment()

    assert_pixel(load(token))
    assert stage.enrollment() == before


def test_another_purpose_s_token_changes_nothing(stage):
    assert_pixel(load(unsubscribe_token(bootstrap.token_keys(), TENANT, 1)))
    assert stage.enrollment().opened_at is None


def test_an_open_of_what_is_gone_makes_nothing(stage):
    assert_pixel(load(our_token(contact=99)))
    assert bootstrap.enrollments().get(TENANT, EnrollmentKey(SEQUENCE, 99)) is None


def test_it_answers_while_the_store_is_down(stage):
    def fail(**_):
        raise TimeoutError

    our_aws.client("dynamodb").meta.events.register("before-call.*.*", fail)

    assert_pixel(load(our_token()))
