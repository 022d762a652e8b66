"""POST /api/v1/sequences/cancel"""

import json
from dataclasses import replace

import pytest

from drumbeat import bootstrap
from drumbeat.adapters.aws import ledger
from drumbeat.adapters.dynamodb import keys
from drumbeat.adapters.dynamodb.enrollment_items import enrollment_item
from drumbeat.domain.cancellation import variable_digest
from drumbeat.domain.enrollment import OVER, Awaits, EnrollmentState
from drumbeat.domain.ids import EnrollmentKey
from drumbeat.domain.lifecycle import Move
from drumbeat.domain.times import MINUTE
from drumbeat.entrypoints import call_budget, http
from functions.workers import run_batch_chunk
from tests.batch_queue import record, waiting
from tests.call_rows import AGENT, make, make_many, row
from tests.contract.scene import everything, queued, tenant_of
from tests.faults import MODES, Crash, fault
from tests.functional.myagentmail.disturbed import meanwhile
from tests.functional.outreach.bulk import worked
from tests.world import NOON, Context, new_tenant, with_scopes

pytestmark = pytest.mark.usefixtures("noon")
BEFORE = NOON - MINUTE
ACME = {"account_id": "acme", "country": "US"}


def cancel(caller, key="account_id", value="acme", **others):
    headers = others.pop("headers", None)
    body = {"referenceKey": key, "referenceValue": value} | others
    return caller("cancel_sequences", body, group="julian", headers=headers)


def canceled(caller, **wanted):
    answer = cancel(caller, **wanted)
    assert (answer.status, answer.body) == (200, {"success": True}), answer


def found(caller, contact, agent=AGENT):
    return bootstrap.enrollments().get(tenant_of(caller), EnrollmentKey(agent, contact))


def states(caller, count):
    return [found(caller, contact).state for contact in range(1, count + 1)]


def test_what_matches_is_ended_and_says_why_and_nothing_else_is_touched(caller):
    tenant = tenant_of(caller)
    make(row(tenant, 1, BEFORE), ACME, BEFORE)
    other = make(row(tenant, 2, BEFORE), {"account_id": "other", "country": "US"}, BEFORE)

    canceled(caller, reason="They asked us to stop.")

    ended = found(caller, 1)
    assert (ended.state, ended.finished_at, ended.exit_reason) == (
        EnrollmentState.FINISHED,
        NOON,
        "cancelled: They asked us to stop.",
    )
    assert found(caller, 2) == other


def test_it_is_organization_wide_whichever_agent_calls(caller):
    tenant = tenant_of(caller)
    for agent in (1, 2, 3):
        make(row(tenant, 1, BEFORE, agent=agent), ACME, BEFORE)

    canceled(caller)

    assert {found(caller, 1, agent).state for agent in (1, 2, 3)} == {EnrollmentState.FINISHED}


@pytest.mark.parametrize(
    "state", [EnrollmentState.ACTIVE, EnrollmentState.WAITING, EnrollmentState.PAUSED, EnrollmentState.PARKED]
)
def test_whatever_is_not_over_is_ended(caller, state):
    told = {"parked_at": BEFORE, "parked_reason": "?"} if state is EnrollmentState.PARKED else {}
    make(row(tenant_of(caller), 1, BEFORE, state=state, group="g", **told), ACME, BEFORE)

    canceled(caller)

    ended = found(caller, 1)
    assert (ended.state, ended.exit_reason) == (EnrollmentState.FINISHED, "cancelled")
    item = bootstrap.table().get(keys.enrollment(tenant_of(caller), ended.key))
    assert not {"qpk", "spk"} & set(item), "it stands in no index any more"


@pytest.mark.parametrize("state", sorted(OVER | {EnrollmentState.DELETED}))
def test_what_is_over_stays_as_it_is(caller, state):
    before = row(tenant_of(caller), 1, BEFORE, state=state, exit_reason="because")
    make(before, ACME, BEFORE)

    canceled(caller)

    assert bootstrap.enrollments().existing(before.tenant, [before.key]) == {before.key: before}


def test_a_call_under_way_is_ended_and_keeps_what_its_result_needs(caller):
    asked = row(
        tenant_of(caller), 1, BEFORE, awaits=Awaits.STEP, asked=3, owner="w", lease=NOON + MINUTE, hold=1, group="g"
    )
    make(asked, ACME, BEFORE)

    canceled(caller)

    ended = found(caller, 1)
    assert ended == replace(asked, state=EnrollmentState.FINISHED, finished_at=NOON, exit_reason="cancelled")


def test_nothing_to_cancel_is_a_success(caller):
    canceled(caller)


def test_said_again_it_changes_nothing(caller, noon):
    make(row(tenant_of(caller), 1, BEFORE), ACME, BEFORE)
    canceled(caller, reason="first")
    before = found(caller, 1)
    noon["now"] += MINUTE

    canceled(caller, reason="second")

    assert found(caller, 1) == before


def test_under_one_idempotency_key_it_is_done_once(caller, noon):
    canceled(caller, headers={"Idempotency-Key": "k"})
    noon["now"] += MINUTE
    make(row(tenant_of(caller), 1, noon["now"]), ACME, noon["now"])

    answer = cancel(caller, headers={"Idempotency-Key": "k"})

    assert (answer.status, answer.headers["Idempotent-Replayed"]) == (200, "true")
    assert found(caller, 1).state is EnrollmentState.ACTIVE


def test_what_was_accepted_later_is_not_touched(caller, noon):
    later = make(row(tenant_of(caller), 1, NOON + 1), ACME, NOON + 1)
    make(row(tenant_of(caller), 2, NOON), ACME, NOON)

    canceled(caller)

    assert found(caller, 1) == later
    assert found(caller, 2).state is EnrollmentState.FINISHED


def test_each_of_its_variables_cancels_a_row(caller):
    make(row(tenant_of(caller), 1, BEFORE), ACME, BEFORE)

    canceled(caller, key="country", value="US")

    assert found(caller, 1).state is EnrollmentState.FINISHED


def test_a_later_cancellation_stands_whatever_comes_late(caller, noon):
    noon["now"] = NOON + MINUTE
    canceled(caller, reason="late")
    noon["now"] = NOON
    canceled(caller, reason="early")

    cancellation = bootstrap.references().cancellation(tenant_of(caller), variable_digest("account_id", "acme"))

    assert cancellation == (NOON + MINUTE, "late")


@pytest.mark.parametrize("at", range(1, 7))
def test_a_worker_that_changes_a_row_meanwhile_is_not_overwritten(caller, at):
    asked = row(tenant_of(caller), 1, BEFORE)
    make(asked, ACME, BEFORE)

    def worker():
        key = keys.enrollment(asked.tenant, asked.key)
        bootstrap.table().update(key, "SET awaits = :step, asked = :one", values={":step": "step", ":one": 1})

    with meanwhile(at, worker):
        canceled(caller)

    ended = found(caller, 1)
    assert (ended.state, ended.awaits, ended.asked) == (EnrollmentState.FINISHED, Awaits.STEP, 1)


@pytest.mark.parametrize("at", range(1, 7))
def test_a_row_that_ends_meanwhile_ends_once(caller, at):
    made = row(tenant_of(caller), 1, BEFORE)
    make(made, ACME, BEFORE)
    replied = Move(made, replace(made, state=EnrollmentState.REPLIED))
    came_first = []

    with meanwhile(at, lambda: came_first.extend(bootstrap.enrollment_changes().change([replied]))):
        canceled(caller)

    assert found(caller, 1).state is (EnrollmentState.REPLIED if came_first == [True] else EnrollmentState.FINISHED)


@MODES
def test_a_call_that_dies_anywhere_is_finished_by_the_same_call(caller, after):
    tenant = tenant_of(caller)
    make_many(tenant, 3, ACME, BEFORE)
    canceled(caller, value="nobody")  # the key is known from here on
    call_budget.budget.forget()
    with fault(0, after=False) as counted:
        canceled(caller)
    calls = len(counted.calls)
    assert calls == 4
    for k in range(1, calls + 1):
        keys_ = [make(row(tenant, 10 * k + place, BEFORE), {"turn": str(k)}, BEFORE).key for place in range(3)]
        call_budget.budget.forget()

        with fault(k, after=after), pytest.raises(Crash):
            cancel(caller, key="turn", value=str(k))
        canceled(caller, key="turn", value=str(k))

        there = bootstrap.enrollments().existing(tenant, keys_)
        assert {there[key].state for key in keys_} == {EnrollmentState.FINISHED}, k


def test_what_does_not_fit_the_time_of_a_call_goes_on_in_the_background(caller, monkeypatch):
    make_many(tenant_of(caller), 250, ACME, BEFORE)
    with monkeypatch.context() as patch:
        patch.setattr(http, "TIME_FOR_WORK", -1)
        canceled(caller, reason="enough")
    assert states(caller, 250).count(EnrollmentState.FINISHED) == 100
    assert queued("BatchQueue") == 1

    worked()

    assert set(states(caller, 250)) == {EnrollmentState.FINISHED}
    assert {found(caller, contact).exit_reason for contact in (1, 250)} == {"cancelled: enough"}


@MODES
def test_the_rest_is_finished_wherever_the_worker_dies(caller, monkeypatch, after):
    tenant = tenant_of(caller)
    make_many(tenant, 130, ACME, BEFORE)
    with monkeypatch.context() as patch:
        patch.setattr(http, "TIME_FOR_WORK", -1)
        canceled(caller)
    left = [EnrollmentKey(AGENT, contact) for contact in range(1, 131)]
    (message,) = waiting()
    again = [entry for entry in bootstrap.enrollments().existing(tenant, left).values() if entry.finished_at is None]
    assert len(again) == 30

    def work():
        return run_batch_chunk.handler({"Records": [record(json.dumps(message))]}, Context(remaining=120_000))

    with fault(0, after=False) as counted:
        work()
    for k in range(1, len(counted.calls) + 1):
        for entry in again:
            bootstrap.table().put(enrollment_item(entry))
        with fault(k, after=after), pytest.raises(Crash):
            work()
        assert work() == {"batchItemFailures": []}
        assert set(states(caller, 130)) == {EnrollmentState.FINISHED}, k


@pytest.mark.parametrize("matches", [0, 1, 25, 100, 2_000])
def test_what_canceling_costs_by_matches(caller, matches):
    """The mark, a query for each megabyte of references, 100 reads and 25 writes a request."""
    make_many(tenant_of(caller), matches, ACME, BEFORE)
    canceled(caller, value="nobody")  # the key is known from here on
    call_budget.budget.forget()

    canceled(caller)

    hundreds = [min(100, matches - first) for first in range(0, matches, 100)]
    expected = {
        "dynamodb.UpdateItem": 1,
        "dynamodb.Query": 1,
        "dynamodb.BatchGetItem": len(hundreds),
        "dynamodb.BatchExecuteStatement": sum(-(-some // 25) for some in hundreds),
    }
    assert dict(ledger.requests) == {name: count for name, count in expected.items() if count}


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "referenceKey"),
        ({"referenceKey": "", "referenceValue": "x"}, "referenceKey"),
        ({"referenceKey": "x", "referenceValue": ""}, "referenceValue"),
        ({"referenceKey": "x"}, "referenceValue"),
        ({"referenceKey": None, "referenceValue": "x"}, "referenceKey"),
        ({"referenceKey": "x", "referenceValue": 7}, "referenceValue"),
        ({"referenceKey": "x", "referenceValue": ["x"]}, "referenceValue"),
        ({"referenceKey": "x", "referenceValue": "x", "reason": 7}, "reason"),
    ],
)
def test_a_body_of_another_shape_is_refused_and_cancels_nothing(caller, body, field):
    before = len(everything())
    call_budget.budget.forget()

    answer = caller("cancel_sequences", body, group="julian")

    assert (answer.status, answer.body["error"]) == (400, "VALIDATION_ERROR")
    assert field in {error["field"] for error in answer.body["errors"]}
    assert len(everything()) == before


@pytest.mark.parametrize("reason", [None, "", " ", "x" * 100_000, "two\nlines\x00", "\ud800"])
def test_no_reason_keeps_anybody_from_canceling(caller, reason):
    make(row(tenant_of(caller), 1, BEFORE), ACME, BEFORE)

    canceled(caller, reason=reason)

    assert found(caller, 1).state is EnrollmentState.FINISHED
    assert len(found(caller, 1).exit_reason) <= 520


@pytest.mark.parametrize("value", ["\x00", "x" * 100_000, "'; DROP TABLE", "Zoë"])
def test_any_text_may_be_a_value(caller, value):
    canceled(caller, value=value)


def test_white_space_and_the_spelling_of_an_accent_make_no_difference(caller):
    make(row(tenant_of(caller), 1, BEFORE), {"name_of": "Zo\u00eb "}, BEFORE)

    canceled(caller, key=" name_of", value="Zoe\u0308")

    assert found(caller, 1).state is EnrollmentState.FINISHED


def test_another_tenant_s_calls_go_on(caller):
    stranger = new_tenant()
    make(row(tenant_of(stranger), 1, BEFORE), ACME, BEFORE)

    canceled(caller)

    assert found(stranger, 1).state is EnrollmentState.ACTIVE


def test_a_key_that_may_not_change_agents_cancels_nothing(caller):
    make(row(tenant_of(caller), 1, BEFORE), ACME, BEFORE)

    answer = cancel(with_scopes(caller, "agents:read"))

    assert (answer.status, answer.body["error"]) == (403, "FORBIDDEN")
    assert found(caller, 1).state is EnrollmentState.ACTIVE
