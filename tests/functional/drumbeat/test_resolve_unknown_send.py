"""POST /drumbeat/v1/unknown_sends/{enrollment_id}/resolve"""

from dataclasses import replace

import boto3
import pytest

from drumbeat import bootstrap
from drumbeat.adapters import aws
from drumbeat.adapters.dynamodb.enrollment_items import enrollment_item
from drumbeat.domain.delivery import LEASE, WORKER_DIED
from drumbeat.domain.enrollment import EnrollmentState
from drumbeat.domain.ids import enrollment_uuid
from drumbeat.domain.resolution import Decision, resolved
from drumbeat.domain.sequence import SequenceStatus
from drumbeat.domain.times import DAY, HOUR, MINUTE, SECOND, iso
from tests.contract.scene import MISSING, tenant_of
from tests.faults import Crash, fault
from tests.scripted_smtp import DROP, ScriptedServer
from tests.stage import START, TENANT, TWO_STEPS, mails_by_id
from tests.world import new_tenant


@pytest.fixture
def caller(stage):
    made = new_tenant()
    assert tenant_of(made) == TENANT
    return made


@pytest.fixture
def server():
    """Answers the first mail's final dot by hanging up; later ones are accepted."""
    with ScriptedServer({"dot": [DROP, "250 ok"]}) as running:
        yield running


@pytest.fixture
def doubtful(stage, caller, server):
    """A first step whose mail may or may not have left."""
    stage.open([server])
    stage.work(stage.hinted())
    assert stage.enrollment().state is EnrollmentState.PARKED
    stage.now += HOUR
    return enrollment_uuid(TENANT, stage.enrollment().key)


def _listed(caller):
    return caller("list_unknown_sends", group="drumbeat").body


def _resolve(caller, spelled, verdict, **options):
    return caller("resolve_unknown_send", {"verdict": verdict}, group="drumbeat", enrollment_id=spelled, **options)


def _in_index(attribute):
    rows = boto3.client("dynamodb").scan(TableName="Table", IndexName="status")["Items"]
    return [row[attribute]["S"] for row in rows]


def test_a_mail_in_doubt_is_listed_with_the_reason(stage, caller, doubtful):
    (shown,) = _listed(caller)

    assert (shown["enrollment_id"], shown["step"]) == (doubtful, 1)
    assert shown["parked_at"] == iso(START + SECOND)
    assert shown["reason"].startswith("lost after the final dot")


def test_a_mail_whose_worker_died_is_listed_as_such(stage, caller, server):
    stage.open([server])
    messages = stage.hinted()
    bootstrap.token_keys()
    with fault(2, after=False), pytest.raises(Crash):
        stage.work(messages)
    stage.now += LEASE

    stage.work(messages)

    (shown,) = _listed(caller)
    assert (shown["reason"], shown["parked_at"]) == (WORKER_DIED, iso(stage.now))
    assert server.taken == []


def test_an_accepted_mail_counts_from_when_it_was_parked_and_the_next_one_follows(stage, caller, doubtful, server):
    answer = _resolve(caller, doubtful, "accepted")

    there = stage.enrollment()
    assert answer.body == {"enrollment_id": doubtful, "state": "active", "next_step": 2, "due_at": iso(stage.now)}
    assert (there.state, there.step, there.sender, there.sent_at) == (EnrollmentState.ACTIVE, 1, 1, START + SECOND)
    stage.run(minutes=5)
    assert sorted(mails_by_id(server).values()) == [1, 1]
    assert stage.enrollment().state is EnrollmentState.FINISHED


def test_a_mail_that_was_not_accepted_is_a_bounce_and_nothing_follows(stage, caller, doubtful, server):
    answer = _resolve(caller, doubtful, "not_accepted")

    there = stage.enrollment()
    assert answer.body == {"enrollment_id": doubtful, "state": "bounced", "next_step": None, "due_at": None}
    assert (there.bounced_at, there.bounce_reason) == (stage.now, "not accepted (resolved by hand)")
    stage.wake()
    stage.run(minutes=20)
    assert len(server.taken) == 1


def test_a_mail_to_be_sent_again_leaves_again_once_under_the_same_message_id(stage, caller, doubtful, server):
    answer = _resolve(caller, doubtful, "resend")

    assert answer.body == {"enrollment_id": doubtful, "state": "active", "next_step": 1, "due_at": iso(stage.now)}
    assert (stage.enrollment().epoch, len(server.taken)) == (1, 1)
    stage.run(minutes=30, copies=2)
    assert sorted(mails_by_id(server).values()) == [1, 2]
    assert stage.enrollment().state is EnrollmentState.FINISHED


def test_a_follow_up_to_be_sent_again_leaves_from_its_own_sender(stage, caller):
    with ScriptedServer({"dot": ["250 ok", DROP, "250 ok"]}) as bound, ScriptedServer() as other:
        stage.open([bound, other])
        stage.run(minutes=15)
        there = stage.enrollment()
        assert (there.state, there.step) == (EnrollmentState.PARKED, 1)

        _resolve(caller, enrollment_uuid(TENANT, there.key), "resend")
        stage.run(minutes=5)

    assert (len(bound.taken), other.taken) == (3, [])
    assert stage.enrollment().state is EnrollmentState.FINISHED


def test_hints_of_before_mean_nothing_after(stage, caller, server):
    stage.open([server])
    messages = stage.hinted()
    stage.work(messages)
    _resolve(caller, enrollment_uuid(TENANT, stage.enrollment().key), "resend")

    stage.work(messages * 2)

    assert len(server.taken) == 1
    assert stage.enrollment().owner is None


def test_a_resend_does_not_override_a_stop(stage, caller, doubtful, server):
    bootstrap.signals().suppress(TENANT, 1, stage.now)

    assert _resolve(caller, doubtful, "resend").status == 200

    stage.run(minutes=10)
    assert len(server.taken) == 1
    assert stage.enrollment().state is EnrollmentState.UNSUBSCRIBED


def test_a_resend_waits_while_the_sequence_is_paused(stage, caller, doubtful, server):
    stage.change(status=SequenceStatus.PAUSED)
    _resolve(caller, doubtful, "resend")
    stage.run(minutes=10)
    assert len(server.taken) == 1

    stage.wake()
    stage.change(status=SequenceStatus.ACTIVE)
    stage.run(minutes=5)

    assert len(server.taken) == 2


@pytest.mark.parametrize("verdict", ["accepted", "not_accepted", "resend"])
def test_what_is_decided_leaves_the_list_and_can_not_be_decided_again(stage, caller, doubtful, verdict):
    _resolve(caller, doubtful, verdict)
    after = stage.enrollment()

    again = [_resolve(caller, doubtful, other) for other in ("accepted", "not_accepted", "resend")]

    assert [(answer.status, answer.body["code"]) for answer in again] == [(409, "not_parked")] * 3
    assert {answer.body["state"] for answer in again} == {after.state.value}
    assert (stage.enrollment(), _listed(caller), _in_index("spk")) == (after, [], [])
    assert after.parked_reason is None


def test_the_same_call_under_its_key_is_answered_as_before(stage, caller, doubtful):
    first, second = (_resolve(caller, doubtful, "resend", headers={"Idempotency-Key": "k"}) for _ in range(2))

    assert (first.status, first.body) == (second.status, second.body)
    assert stage.enrollment().epoch == 1


def test_of_two_decisions_at_once_one_is_written(stage, caller, doubtful):
    """Both have read it parked."""
    seen, sequence = stage.enrollment(), bootstrap.sequences().get(TENANT, 1)
    decided = {decision: resolved(seen, decision, sequence, stage.now) for decision in Decision}

    written = [bootstrap.parked().resolve(seen, decided[decision]) for decision in decided]

    assert written == [True, False, False]
    assert stage.enrollment() == decided[Decision.ACCEPTED]


def test_a_decision_whose_acknowledgement_got_lost_is_taken_for_written(stage, caller, doubtful):
    seen, sequence = stage.enrollment(), bootstrap.sequences().get(TENANT, 1)
    decided = resolved(seen, Decision.RESEND, sequence, stage.now)

    assert [bootstrap.parked().resolve(seen, decided) for _ in range(2)] == [True, True]
    assert stage.enrollment() == decided


def test_one_that_was_parked_again_is_another_decision(stage, caller, doubtful):
    seen, sequence = stage.enrollment(), bootstrap.sequences().get(TENANT, 1)
    again = replace(seen, epoch=1, parked_at=stage.now)
    bootstrap.table().put(enrollment_item(again))

    assert not bootstrap.parked().resolve(seen, resolved(seen, Decision.ACCEPTED, sequence, stage.now))
    assert stage.enrollment() == again


def test_an_enrollment_that_is_not_parked_is_refused_as_such(stage, caller, server):
    stage.open([server])

    answer = _resolve(caller, enrollment_uuid(TENANT, stage.enrollment().key), "accepted")

    assert (answer.status, answer.body["code"], answer.body["state"]) == (409, "not_parked", "active")


@pytest.mark.parametrize("spelled", [MISSING, "x", "", "é" * 36])
def test_an_id_that_is_none_is_not_found(caller, spelled):
    assert _resolve(caller, spelled, "accepted").status == 404


def test_another_tenant_s_enrollment_looks_like_none(stage, caller, doubtful):
    stranger = new_tenant()

    assert _resolve(stranger, doubtful, "accepted") == _resolve(stranger, MISSING, "accepted")
    assert stage.enrollment().state is EnrollmentState.PARKED


@pytest.mark.parametrize("verdict", ["", "ACCEPTED", None, 1, [], {}, "unknown"])
def test_a_verdict_that_is_none_is_refused(stage, caller, doubtful, verdict):
    answer = _resolve(caller, doubtful, verdict)

    assert (answer.status, answer.body["errors"][0]["field"]) == (422, "verdict")
    assert stage.enrollment().state is EnrollmentState.PARKED


def test_deciding_costs_four_requests_and_sends_nothing(stage, caller, doubtful, server):
    _listed(caller)  # so that the key is known

    _resolve(caller, doubtful, "resend")

    assert aws.ledger.requests == {"dynamodb.GetItem": 2, "dynamodb.UpdateItem": 2}
    assert (len(server.taken), stage.queue) == (1, [])


def test_a_mail_that_was_accepted_long_ago_makes_nothing_due_in_the_past(stage, caller, doubtful):
    stage.now += 30 * DAY

    _resolve(caller, doubtful, "accepted")

    assert stage.enrollment().due == stage.now
    assert stage.enrollment().last_sent_at == START + SECOND
    assert TWO_STEPS[1].delay_minutes * MINUTE < 30 * DAY
