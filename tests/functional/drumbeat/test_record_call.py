"""POST /drumbeat/v1/connector/{token}/result: how the word of a dialler comes in."""

import json

import pytest

from drumbeat import bootstrap
from drumbeat.adapters.dynamodb import keys
from drumbeat.adapters.dynamodb.call_results import call_result_of
from drumbeat.domain.call_result import NotedCall
from drumbeat.domain.enrollment import Awaits, EnrollmentState
from drumbeat.domain.ids import EnrollmentKey
from drumbeat.domain.times import DAY
from drumbeat.domain.token import open_token, unsubscribe_token
from drumbeat.entrypoints import call_budget
from tests.asked_about import KEY
from tests.connecting import changed
from tests.contract.scene import everything
from tests.diallers import BOOKED, Calling
from tests.unit.julian.test_call_results import FULL

BOOKED_IT = {"resultType": "Goal Completed", "outcomes": [{"name": BOOKED.name, "reasoning": "At three."}]}
FORGED = ["", "x", "AQ", "A" * 66, "%00", "../result", "é", "a" * 5000]
LIMIT = 128 * 1024
HOSTILE = {
    "nothing": "",
    "no object": "[]",
    "null": "null",
    "deep": '{"extractedVariables": ' + '{"a":' * 30 + "1" + "}" * 31,
    "NaN": '{"resultType": "x", "duration": NaN}',
    "a name twice": '{"resultType": "x", "resultType": "y"}',
    "cut off": '{"resultType": "x"',
    "a form": "resultType=x",
    "lone surrogate": '{"resultType": "\\ud800"}',
    "prototype": '{"__proto__": {}, "resultType": "x"}',
    "5,000 digits": '{"resultType": "x", "duration": ' + "9" * 5_000 + "}",
}


@pytest.fixture
def asked(calling):
    calling.begin()
    return calling


def noted(asked: Calling, number: int = 1, key: EnrollmentKey = KEY) -> NotedCall | None:
    item = bootstrap.table().get(keys.call_result(asked.tenant, key, number))
    return None if item is None else call_result_of(item)


def test_a_result_is_noted_as_it_was_told(asked):
    assert changed(asked.say("record_call", FULL | BOOKED_IT))

    found = noted(asked)
    assert found is not None
    assert (found.ended.result_type, found.ended.outcomes[0].reasoning) == ("Goal Completed", "At three.")
    assert found.ended.details["transcription"] == FULL["transcription"]
    enrollment = asked.enrollment()
    assert (enrollment.state, enrollment.last_call, enrollment.awaits) == (EnrollmentState.FINISHED, 1, None)
    assert enrollment.succeeded_at == asked.now


def test_a_repeated_result_changes_nothing(asked):
    token = asked.token()
    assert changed(asked.say("record_call", BOOKED_IT, token=token))
    before = everything()

    call_budget.budget.forget()
    assert not changed(asked.say("record_call", {"resultType": "Busy"}, token=token))
    assert everything() == before


def test_a_late_result_is_never_refused(asked):
    token = asked.token()
    asked.change(state=EnrollmentState.PARKED, parked_at=asked.now, parked_reason="no word")
    asked.now += 3 * DAY

    assert changed(asked.say("record_call", {"resultType": "Goal Not Completed"}, token=token))
    assert asked.enrollment().state is EnrollmentState.FINISHED


def test_the_result_of_a_call_that_was_cancelled_meanwhile_is_noted(asked):
    token = asked.token()
    asked.change(state=EnrollmentState.FINISHED, finished_at=asked.now, exit_reason="cancelled: moved away")

    assert changed(asked.say("record_call", {"resultType": "Voicemail"}, token=token))
    assert noted(asked) is not None
    assert (asked.enrollment().state, asked.enrollment().exit_reason) == (
        EnrollmentState.FINISHED,
        "cancelled: moved away",
    )


def test_a_call_is_no_step_that_can_be_done_without_a_result(asked):
    assert asked.say("complete_step", {}).status == 422
    assert asked.enrollment().awaits is Awaits.STEP


def test_a_call_that_could_not_be_made_may_be_asked_for_again(asked):
    assert changed(asked.say("fail_step", {"reason": "not now: paused", "retry": True}))

    found = asked.enrollment()
    assert (found.state, found.awaits, found.last_call) == (EnrollmentState.ACTIVE, None, None)
    assert found.due > asked.now
    assert noted(asked) is None


@pytest.mark.parametrize("token", FORGED)
def test_a_forged_result_finds_nothing_and_changes_nothing(asked, token):
    before = asked.enrollment()

    assert asked.say("record_call", BOOKED_IT, token=token).status == 404
    assert asked.enrollment() == before


def test_no_link_of_a_mail_ends_a_call(asked):
    secret = bootstrap.token_keys()
    links = open_token(secret, asked.tenant, KEY, 0, 1), unsubscribe_token(secret, asked.tenant, 1)

    assert [asked.say("record_call", BOOKED_IT, token=link).status for link in links] == [404, 404]
    assert asked.enrollment().last_call is None


def test_a_token_of_another_tenant_s_call_touches_nobody_else(asked):
    assert asked.say("record_call", BOOKED_IT, token=asked.token(tenant=2)).status == 404
    assert asked.enrollment().last_call is None


def test_a_request_that_asks_for_no_call_takes_no_result(talk):
    talk.begin()
    before = talk.enrollment()

    assert talk.say("record_call", BOOKED_IT).status == 404
    assert talk.enrollment() == before


def long_result(length: int) -> str:
    """A result of so many bytes."""
    document = {"resultType": "Busy", "extractedVariables": {"notes": ""}}
    spare = length - len(json.dumps(document))
    return json.dumps(document | {"extractedVariables": {"notes": "x" * spare}})


def test_a_result_may_have_128_kilobytes(asked):
    assert changed(asked.say("record_call", raw=long_result(LIMIT)))

    found = noted(asked)
    assert found is not None
    assert len(found.ended.details["extractedVariables"]["notes"]) > LIMIT - 100


def test_a_longer_one_is_refused_with_the_limit(asked):
    answer = asked.say("record_call", raw=long_result(LIMIT + 1))

    assert (answer.status, answer.body["code"], answer.body["limit"]) == (413, "too_large", LIMIT)
    assert asked.enrollment().awaits is Awaits.STEP


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_body_is_refused_and_leaves_nothing(asked, name):
    token, before = asked.token(), everything()
    call_budget.budget.forget()

    answer = asked.say("record_call", raw=HOSTILE[name], token=token, headers={"Idempotency-Key": "hostile"})

    assert answer.status in {400, 422}, answer
    assert everything() == before


def test_a_refusal_names_the_field(asked):
    answer = asked.say("record_call", {"resultType": "Busy", "outcomes": [{"reasoning": "none"}]})

    assert (answer.status, answer.body["errors"][0]["field"]) == (422, "outcomes.0.name")
    assert asked.enrollment().awaits is Awaits.STEP
