"""Idempotency-Key: the status matrix of reliability §1.2 as AmpOut has it, and records that nobody else overwrites."""

import time

import boto3
import pytest

from drumbeat import bootstrap
from drumbeat.adapters import aws
from drumbeat.domain.errors import AlreadyInProgress
from drumbeat.entrypoints import http
from tests.contract.scene import everything, furnished, setting
from tests.world import Caller, Context, campaign, imported, new_tenant, people, started

OUTREACH = {"outreach": {"name": "Spring"}}
OTHER = {"outreach": {"name": "Autumn"}}


@pytest.fixture
def caller(stack):
    return new_tenant()


def _create(caller, key, body=None, *, header="Idempotency-Key"):
    return caller("create_outreach", body or OUTREACH, headers={header: key})


def _count(caller):
    return len(caller("list_outreaches").body)


def _records():
    return {item["id"]["S"]: item for item in boto3.client("dynamodb").scan(TableName="IdempotencyTable")["Items"]}


def _rewritten(record, **attributes):
    boto3.client("dynamodb").put_item(TableName="IdempotencyTable", Item=record | attributes)


# --- The same request again ---------------------------------------------------------------------------------------


def test_the_first_answer_is_given_again_word_for_word_and_nothing_is_done(caller):
    first = _create(caller, "k")

    again = _create(caller, "k")

    assert (again.status, again.body) == (first.status, first.body)
    assert again.headers["Idempotent-Replayed"] == "true"
    assert "Idempotent-Replayed" not in first.headers
    assert "Idempotency-Key-Reused" not in again.headers
    assert _count(caller) == 1


def test_without_a_key_every_request_is_a_new_one(caller):
    for _ in range(2):
        caller("create_outreach", OUTREACH)

    assert _count(caller) == 2


def test_the_key_alone_decides_and_another_body_is_pointed_out(caller):
    first = _create(caller, "k")

    again = _create(caller, "k", OTHER)

    assert (again.status, again.body) == (first.status, first.body)
    assert again.headers["Idempotent-Replayed"] == "true"
    assert again.headers["Idempotency-Key-Reused"] == "true"
    assert [entry["name"] for entry in caller("list_outreaches").body] == ["Spring"]


def test_a_body_that_only_looks_different_is_the_same(caller):
    headers = {"Idempotency-Key": "k"}
    first = caller("create_outreach", raw='{"outreach":{"name":"a","unique_contacts":true}}', headers=headers)

    respelled = ' {"outreach": {"unique_contacts": true, "name": "\\u0061"}} '
    again = caller("create_outreach", raw=respelled, headers=headers)

    assert again.body == first.body
    assert "Idempotency-Key-Reused" not in again.headers


def test_another_path_under_the_same_key_is_pointed_out(stack):
    scene = furnished()
    other = scene.call("create_outreach").body["id"]
    headers = {"Idempotency-Key": "k"}
    first = scene.call("update_outreach", headers=headers)

    again = scene.call("update_outreach", outreach_id=other, headers=headers)

    assert again.body == first.body
    assert again.headers["Idempotency-Key-Reused"] == "true"


def test_an_answer_without_a_body_is_replayed_too(stack):
    scene = furnished()
    headers = {"Idempotency-Key": "k"}
    assert scene.call("delete_contact", headers=headers).status == 204

    again = scene.call("delete_contact", headers=headers)

    assert (again.status, again.body) == (204, None)
    assert again.headers["Idempotent-Replayed"] == "true"


def test_reading_takes_no_notice_of_a_key(caller):
    headers = {"Idempotency-Key": "k"}
    assert caller("list_outreaches", headers=headers).body == []
    _create(caller, "other")

    assert len(caller("list_outreaches", headers=headers).body) == 1


def test_a_plaintext_is_in_the_first_answer_only_and_kept_nowhere(caller):
    headers = {"Idempotency-Key": "k"}
    first = caller("create_api_key", {"label": "x"}, headers=headers)

    again = caller("create_api_key", {"label": "x"}, headers=headers)

    plaintext = first.body.pop("plaintext")
    assert (again.status, again.body) == (first.status, first.body)
    assert len(caller("list_api_keys").body) == 2
    assert plaintext not in repr(everything())


def test_a_sign_up_is_done_once_and_its_key_shown_once(stack):
    body, headers = {"email": "a@acme.example", "name": "Acme"}, {"Idempotency-Key": "k"}
    with setting(SIGNUP_LIMIT_PER_HOUR="99"):
        first = Caller()("signup", body, headers=headers)
        again = Caller()("signup", body, headers=headers)
        somebody_else = Caller()("signup", body | {"email": "b@acme.example"}, headers=headers)

    plaintext = first.body["api_key"].pop("plaintext")
    assert again.body == first.body
    assert plaintext not in repr(everything())
    assert somebody_else.body["account"]["id"] != first.body["account"]["id"]


def test_an_answer_of_five_thousand_rows_is_replayed(caller):
    rows = {"contact_import": {"name": "x", "contacts": [{"email": "one@corp.example"}, *[{"email": "x"}] * 5_000]}}
    headers = {"Idempotency-Key": "k"}
    first = caller("create_contact_import", rows, headers=headers)
    assert len(first.body["rejected"]) == 5_000

    again = caller("create_contact_import", rows, headers=headers)

    assert again.headers["Idempotent-Replayed"] == "true"
    assert again.body == first.body
    assert max(len(repr(record)) for record in _records().values()) < 350_000


# --- The key itself -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("header", ["Idempotency-Key", "idempotency-key", "IDEMPOTENCY-KEY", "iDeMpOtEnCy-kEy"])
@pytest.mark.parametrize("spelled", ["abc", '"abc"', "  abc ", ' "abc" '])
def test_a_key_is_the_same_quoted_or_bare_in_a_header_of_any_case(caller, header, spelled):
    _create(caller, "abc")

    assert _create(caller, spelled, header=header).headers["Idempotent-Replayed"] == "true"
    assert _count(caller) == 1


@pytest.mark.parametrize(
    "key", ["", " ", '""', "x" * 256, '"' + "x" * 256 + '"', "é", "a\nb", "a\x00b", "\ud800", "a\x7f", "٣"]
)
def test_a_key_that_is_none_is_refused_and_nothing_is_done(caller, key):
    before = _records()

    answer = _create(caller, key)

    assert (answer.status, answer.body["code"]) == (400, "bad_request")
    assert _count(caller) == 0
    assert _records() == before


@pytest.mark.parametrize("key", ["x" * 255, '"' + "x" * 255 + '"', "~", '"', "a b", '{"a": 1}', "#", "T#1#KEY#"])
def test_any_other_key_does(caller, key):
    assert _create(caller, key).status == 201
    assert _create(caller, key).headers["Idempotent-Replayed"] == "true"


def test_the_key_is_not_kept_in_clear(caller):
    _create(caller, "order-of-ann@corp.example")

    assert "ann@corp.example" not in repr(everything())


# --- Who it belongs to --------------------------------------------------------------------------------------------


def test_another_tenant_s_key_is_another_key(caller):
    stranger = new_tenant()
    first = _create(caller, "k")

    theirs = _create(stranger, "k")

    assert theirs.body["id"] != first.body["id"]
    assert "Idempotent-Replayed" not in theirs.headers
    assert (_count(caller), _count(stranger)) == (1, 1)


def test_the_same_key_for_another_operation_is_another_key(caller):
    _create(caller, "k")

    made = caller("create_campaign", campaign(), headers={"Idempotency-Key": "k"})

    assert (made.status, made.body["status"]) == (201, "pending")
    assert "Idempotent-Replayed" not in made.headers


def test_another_key_of_the_same_tenant_finds_the_same_record(caller):
    second = Caller(caller("create_api_key", {}).body["plaintext"])
    first = _create(caller, "k")

    assert _create(second, "k").body == first.body


# --- What is not kept ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("spoiled", "status"),
    [
        ({"raw": "{"}, 400),
        ({"body": {"outreach": {"name": ""}}}, 422),
        ({"raw": "x" * 600_000}, 413),
        ({"body": []}, 400),
    ],
)
def test_a_request_that_was_refused_leaves_its_key_usable(caller, spoiled, status):
    before = _records()
    headers = {"Idempotency-Key": "k"}
    refused = caller("create_outreach", spoiled.get("body"), raw=spoiled.get("raw"), headers=headers)
    assert (refused.status, _records()) == (status, before)

    answer = _create(caller, "k")

    assert answer.status == 201
    assert "Idempotent-Replayed" not in answer.headers


def test_a_refused_key_or_scope_leaves_the_idempotency_key_usable(caller):
    reader = Caller(caller("create_api_key", {"scopes": ["campaigns:read"]}).body["plaintext"])
    before = _records()

    assert _create(Caller("ak_live_x"), "k").status == 401
    assert _create(reader, "k").status == 403
    assert _records() == before
    assert _create(caller, "k").status == 201


def test_a_business_refusal_is_not_kept_and_the_key_works_once_the_cause_is_gone(stack):
    scene = furnished()
    headers = {"Idempotency-Key": "k"}
    before = _records()
    assert scene.call("pause_campaign", headers=headers).body["code"] == "campaign_not_active"
    assert _records() == before
    scene.call("dispatch_campaign")

    assert scene.call("pause_campaign", headers=headers).body["status"] == "paused"


def test_trouble_on_our_side_is_not_kept(caller):
    def refuse(**_):
        raise RuntimeError("the store is on fire")

    events = aws.client("dynamodb").meta.events
    events.register_first("before-call.dynamodb.TransactWriteItems", refuse)
    broken = _create(caller, "k")
    events.unregister("before-call.dynamodb.TransactWriteItems", refuse)

    again = _create(caller, "k")

    assert (broken.status, broken.body["code"]) == (500, "internal_error")
    assert "fire" not in repr(broken)
    assert again.status == 201
    assert _count(caller) == 1


# --- While it runs, and after its time ----------------------------------------------------------------------------


def _in_progress(caller, key, *, lease):
    """Leaves the record of an attempt that began and has not ended; returns it."""
    known = _records()
    _create(caller, key)
    (mark,) = _records().keys() - known.keys()
    record = {name: value for name, value in _records()[mark].items() if name != "answer"}
    until = str(int(time.time() * 1000) + lease)
    running = {"status": {"S": "INPROGRESS"}, "lease": {"N": until}, "owner": {"S": "first"}}
    _rewritten(record, **running)
    return record | running


def test_while_the_first_request_runs_a_second_one_is_told_to_wait(caller):
    record = _in_progress(caller, "k", lease=20_000)

    answer = _create(caller, "k")

    assert (answer.status, answer.body["code"]) == (409, "idempotency_key_in_use")
    assert int(answer.headers["Retry-After"]) >= 1
    assert _records()[record["id"]["S"]] == record
    assert _count(caller) == 1


def test_an_attempt_that_outlived_its_lease_is_taken_over_and_finds_what_it_made(caller):
    _in_progress(caller, "k", lease=-1)

    answer = _create(caller, "k")

    assert answer.status == 201
    assert "Idempotent-Replayed" not in answer.headers
    assert _count(caller) == 1  # the outreach that the first attempt made, not a second one


def test_an_expired_record_that_is_still_there_counts_as_none(caller):
    known = _records()
    caller("create_api_key", {"label": "one"}, headers={"Idempotency-Key": "k"})
    (mark,) = _records().keys() - known.keys()
    _rewritten(_records()[mark], expiration={"N": str(int(time.time()) - 10)})

    answer = caller("create_api_key", {"label": "two"}, headers={"Idempotency-Key": "k"})

    assert answer.body["label"] == "two"
    assert "Idempotent-Replayed" not in answer.headers
    assert int(_records()[mark]["expiration"]["N"]) > time.time()


def test_a_record_lasts_a_day(caller):
    known = _records()
    _create(caller, "k")

    (mark,) = _records().keys() - known.keys()
    assert abs(int(_records()[mark]["expiration"]["N"]) - time.time() - 86_400) < 60


# --- Zombies: reliability §2.7 ------------------------------------------------------------------------------------


def _run(owner, act, *, key, lease=-1_000):
    """An attempt whose lease is over before it begins, unless said otherwise."""
    context = Context(remaining=lease)
    return bootstrap.run_once(owner=owner, operation="op", scope="1", key=key, context=context, act=act)


def _answer_of(name):
    return {"status": 200, "body": name, "fingerprint": ""}


def test_an_overtaken_attempt_that_ends_does_not_overwrite_its_successor_s_answer(stack):
    def first():
        _run("second", lambda: _answer_of("second"), key="zombie-1")
        return _answer_of("first")

    _run("first", first, key="zombie-1")

    assert _run("third", lambda: _answer_of("third"), key="zombie-1") == _answer_of("second")


def test_an_overtaken_attempt_that_fails_does_not_delete_its_successor_s_answer(stack):
    def first():
        _run("second", lambda: _answer_of("second"), key="zombie-2")
        raise RuntimeError("first")

    with pytest.raises(RuntimeError, match="first"):
        _run("first", first, key="zombie-2")

    assert _run("third", lambda: _answer_of("third"), key="zombie-2") == _answer_of("second")


def test_an_attempt_with_a_lease_is_not_overtaken_while_it_runs(stack):
    def first():
        with pytest.raises(AlreadyInProgress):
            _run("second", lambda: _answer_of("second"), key="zombie-3")
        return _answer_of("first")

    assert _run("first", first, key="zombie-3", lease=29_000) == _answer_of("first")
    assert _run("third", lambda: _answer_of("third"), key="zombie-3") == _answer_of("first")


def test_a_lock_whose_acknowledgement_got_lost_is_recognised_as_one_s_own(caller):
    lost = []

    def lose(**_):
        if not lost:
            lost.append(True)
            aws.client("dynamodb").put_item(**asked[0])

    asked = []
    events = aws.client("dynamodb").meta.events

    def remember(params, **_):
        if params.get("TableName") == "IdempotencyTable" and not asked:
            asked.append(dict(params))

    events.register_first("before-parameter-build.dynamodb.PutItem", remember)
    events.register_first("before-call.dynamodb.PutItem", lose)
    answer = _create(caller, "k")
    events.unregister("before-parameter-build.dynamodb.PutItem", remember)
    events.unregister("before-call.dynamodb.PutItem", lose)

    assert lost
    assert answer.status == 201
    assert _count(caller) == 1


# --- Enrolling ----------------------------------------------------------------------------------------------------


@pytest.mark.ministack
def test_an_enrol_call_is_replayed_verbatim_though_everybody_is_enrolled_by_then(bulk_caller):
    rows, target = imported(bulk_caller, people(3)), started(bulk_caller)
    ask = {"contact_import_id": rows}
    first = bulk_caller("enroll", ask, campaign_id=target, headers={"Idempotency-Key": "k"})

    again = bulk_caller("enroll", ask, campaign_id=target, headers={"Idempotency-Key": "k"})

    assert first.body["enrolled"] == 3
    assert (again.status, again.body) == (first.status, first.body)
    assert again.headers["Idempotent-Replayed"] == "true"


@pytest.mark.ministack
def test_one_contact_enrolled_twice_under_one_key_is_no_conflict(bulk_caller):
    rows, target = imported(bulk_caller, people(1)), started(bulk_caller)
    ask = {"contact_id": bulk_caller("list_contact_import_contacts", import_id=rows).body[0]["id"]}
    first = bulk_caller("enroll_contact", ask, campaign_id=target, headers={"Idempotency-Key": "k"})

    again = bulk_caller("enroll_contact", ask, campaign_id=target, headers={"Idempotency-Key": "k"})
    other_key = bulk_caller("enroll_contact", ask, campaign_id=target, headers={"Idempotency-Key": "l"})

    assert (again.status, again.body) == (200, first.body)
    assert other_key.body["code"] == "contact_already_enrolled"


@pytest.mark.ministack
def test_a_batch_that_was_handed_over_is_named_again_by_the_replay(bulk_caller, monkeypatch):
    rows, target = imported(bulk_caller, people(300)), started(bulk_caller)
    monkeypatch.setattr(http, "TIME_FOR_WORK", -1)
    ask, headers = {"contact_import_id": rows}, {"Idempotency-Key": "k"}

    first = bulk_caller("enroll", ask, campaign_id=target, headers=headers)
    again = bulk_caller("enroll", ask, campaign_id=target, headers=headers)

    assert (first.status, again.status) == (202, 202)
    assert again.body["batch_id"] == first.body["batch_id"]
