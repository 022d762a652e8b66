"""The open pixel always answers, notes the first load only, and never decides anything."""

import pytest

from drumbeat import bootstrap, bootstrap_signals
from drumbeat.adapters import aws as our_aws
from drumbeat.application.tracking import Noted, record_open
from drumbeat.domain.enrollment import EnrollmentState, Progress, progress
from drumbeat.domain.ids import EnrollmentKey
from drumbeat.domain.reader import Look
from drumbeat.domain.sealing import Purpose, seal
from drumbeat.domain.times import MINUTE
from drumbeat.domain.token import open_token, unsubscribe_token
from functions.tracking import open as open_pixel
from tests.scripted_smtp import ScriptedServer
from tests.stage import SEQUENCE, TENANT, Stage
from tests.world import Context, api_event, forget_everything

PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 19_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148"
SCANNER = "Barracuda Sentinel (EE)"
ONE_PIXEL = bytes.fromhex("474946383961 01000100000000 2c000000000100010000 0202440100 3b")


@pytest.fixture
def stage(aws, monkeypatch):
    stage = Stage(monkeypatch)
    with ScriptedServer() as server:
        stage.open([server])
        yield stage


def load(token: str, user_agent: str = PHONE, method: str = "GET"):
    event = api_event(method, path={"token": token}, headers={"User-Agent": user_agent})
    return open_pixel.handler(event, Context())


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
    assert stage.enrollment().marks == {"o0.1": stage.now}


@pytest.mark.parametrize(("user_agent", "method"), [(SCANNER, "GET"), ("", "GET"), (PHONE, "HEAD")])
def test_a_machine_s_look_is_kept_as_one_and_counts_as_nothing_else(stage, user_agent, method):
    load(our_token(), user_agent, method)

    seen = stage.enrollment()
    assert (seen.marks, seen.opened_at, seen.state) == ({"m0.1": stage.now}, None, EnrollmentState.ACTIVE)


def test_a_human_s_look_after_a_machine_s_counts(stage):
    load(our_token(), SCANNER)
    stage.now += MINUTE
    load(our_token())

    assert stage.enrollment().marks == {"m0.1": stage.now - MINUTE, "o0.1": stage.now}
    assert stage.enrollment().opened_at == stage.now


def test_what_comes_within_two_seconds_of_the_mail_is_a_machine_s(stage):
    stage.run(minutes=1)
    sent_at = stage.enrollment().last_sent_at
    for stage.now in (sent_at + 1_999, sent_at + 2_000):
        load(our_token())

    assert stage.enrollment().marks == {"m0.1": sent_at + 1_999, "o0.1": sent_at + 2_000}


def test_an_open_that_comes_before_the_mail_s_sending_is_noted_is_kept(stage):
    first = stage.now
    load(our_token())
    stage.run(minutes=1)

    assert stage.enrollment().marks == {"o0.1": first}
    assert progress(stage.enrollment()) is Progress.OPENED


def test_ten_thousand_loads_write_once_and_read_once_in_a_container(stage):
    token = our_token()
    load(token)
    stage.now += MINUTE
    our_aws.ledger.clear()

    look, ports = Look(stage.now, user_agent=PHONE), bootstrap_signals.tracking_ports()
    for _ in range(10_000):
        record_open(ports, token, look)

    assert our_aws.ledger.datastore_requests() == 0


def test_a_flood_over_many_containers_only_reads(stage):
    token = our_token()
    load(token)
    load(token, SCANNER)
    our_aws.ledger.clear()

    for _ in range(50):
        bootstrap_signals.tracking_ports.cache_clear()
        for user_agent in (PHONE, SCANNER) * 10:
            load(token, user_agent)

    assert our_aws.ledger.requests["dynamodb.GetItem"] == our_aws.ledger.datastore_requests() == 2 * 50
    assert sum(our_aws.ledger.write_units.values()) == 0


def test_what_is_remembered_has_a_bound(stage, monkeypatch):
    monkeypatch.setattr(Noted, "MOST", 2)
    tokens = [our_token(contact) for contact in (11, 12, 13)]
    for token in tokens:
        load(token)
    our_aws.ledger.clear()

    load(tokens[2])
    assert our_aws.ledger.datastore_requests() == 0
    load(tokens[0])
    assert our_aws.ledger.datastore_requests() == 1


def test_a_pixel_from_before_tokens_named_the_sender_still_counts(stage):
    old = seal(bootstrap.token_keys(), Purpose.OPEN, bytes.fromhex("00000001 00000001 000000000001 0000 0000"))
    load(old)

    assert stage.enrollment().marks == {"o0.0": stage.now}


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


@pytest.mark.parametrize("is_cold", [False, True], ids=["warm", "cold"])
def test_it_answers_while_every_call_of_aws_fails(stage, is_cold):
    token = our_token()
    if is_cold:
        forget_everything()

    def fail(**_):
        raise TimeoutError

    for service in ("dynamodb", "secretsmanager"):
        our_aws.client(service).meta.events.register("before-call.*.*", fail)

    assert_pixel(load(token))


def test_it_says_nothing_about_anybody_and_is_kept_by_no_cache(stage):
    assert load(our_token())["headers"] == {
        "Cache-Control": "no-store, no-cache, must-revalidate, private",
        "Content-Type": "image/gif",
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
        "X-Robots-Tag": "noindex",
    }


def test_head_has_no_body(stage):
    assert load(our_token(), method="HEAD")["body"] == ""
