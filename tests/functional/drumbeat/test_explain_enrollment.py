"""GET /drumbeat/v1/enrollments/{enrollment_id}/explain"""

from dataclasses import replace

import pytest

from drumbeat import bootstrap
from drumbeat.adapters import aws
from drumbeat.adapters.dynamodb.sequence_items import sequence_item
from drumbeat.domain.ids import EnrollmentKey, Kind, enrollment_uuid, resource_uuid
from drumbeat.domain.lane import RESERVED_FOR
from drumbeat.domain.schedule import Hours, Span
from drumbeat.domain.sequence import SequenceStatus
from drumbeat.domain.times import MINUTE, SECOND, iso
from tests.contract.scene import MISSING, everything, tenant_of
from tests.faults import Crash, fault
from tests.scripted_smtp import DROP, ScriptedServer
from tests.stage import SEQUENCE, START, TENANT, TWO_STEPS
from tests.world import new_tenant


@pytest.fixture
def caller(stage):
    made = new_tenant()
    assert tenant_of(made) == TENANT
    return made


def _spelled(contact=1):
    return enrollment_uuid(TENANT, EnrollmentKey(SEQUENCE, contact))


def _explain(caller, contact=1):
    answer = caller("explain_enrollment", group="drumbeat", enrollment_id=_spelled(contact))
    assert answer.status == 200, answer
    return answer.body


def _codes(caller, contact=1):
    return [reason["code"] for reason in _explain(caller, contact)["reasons"]]


def test_it_tells_all_there_is_to_know(stage, caller, server):
    stage.open([server], contacts=3)

    told = _explain(caller, 3)

    assert told == {
        "enrollment_id": _spelled(3),
        "state": "active",
        "next_step": 1,
        "due_at": iso(stage.enrollment(3).due),
        "not_before": iso(START),
        "reasons": [{"code": "waiting_for_its_turn", "message": "In front of it in its queue: 2."}],
    }


def test_it_follows_an_enrollment_from_its_slot_to_its_end(stage, caller, server):
    stage.open([server])
    assert _codes(caller) == ["ready"]

    stage.work(stage.hinted())
    told = _explain(caller)
    assert ([reason["code"] for reason in told["reasons"]], told["next_step"]) == (["not_due"], 2)
    assert told["due_at"] == told["not_before"] == iso(START + SECOND + 10 * MINUTE)

    stage.run(minutes=20)
    told = _explain(caller)
    assert ([reason["code"] for reason in told["reasons"]], told["next_step"]) == (["finished"], None)


def test_a_slot_that_was_handed_out_is_the_time_told(stage, caller, server):
    stage.open([server], contacts=2, gap=(60, 60))
    stage.tick()

    assert _explain(caller, 2)["not_before"] == iso(START + MINUTE)
    assert _codes(caller, 2) == ["ready"]


def test_the_pace_is_in_the_time_told(stage, caller, server):
    stage.open([server], contacts=5, gap=(60, 60))
    stage.tick()

    told = _explain(caller, 5)

    assert told["not_before"] == iso(START + 3 * MINUTE)
    assert [reason["code"] for reason in told["reasons"]] == ["waiting_for_its_turn"]


def test_the_daily_limit_is_a_reason_once_it_is_used_up(stage, caller, server):
    stage.open([server], contacts=2, daily_limit=1)
    stage.work(stage.hinted())

    assert _codes(caller, 2) == ["daily_limit"]
    assert _explain(caller, 2)["not_before"] == iso(START + RESERVED_FOR)  # should the first one not have left
    stage.run(minutes=8)
    assert _codes(caller, 2) == ["daily_limit"]
    assert _explain(caller, 2)["not_before"] == "2026-11-22T00:00:00.000Z"


def test_the_daily_cap_of_the_sequence_counts_what_others_of_its_senders_have_sent(stage, caller, server):
    stage.open([server, server], contacts=3)
    sequence = bootstrap.sequences().get(TENANT, SEQUENCE)
    bootstrap.table().put(sequence_item(replace(sequence, daily_cap=2)))
    stage.run(minutes=9)

    assert _codes(caller, 1) == ["not_due", "sequence_cap"]
    assert _codes(caller, 3) == ["sequence_cap"]
    assert _explain(caller, 3)["not_before"] == "2026-11-22T00:00:00.000Z"


def test_closed_hours_and_a_resting_sender_are_reasons(stage, caller, server):
    stage.open([server])
    sequence = bootstrap.sequences().get(TENANT, SEQUENCE)
    hours = Hours(((Span(10 * 60, 17 * 60),),) * 7, "UTC")
    bootstrap.table().put(sequence_item(replace(sequence, hours=hours)))
    sender = bootstrap.sequences().sender(TENANT, 1)
    bootstrap.sequences().update_sender(replace(sender, resting_until=START + MINUTE, trouble="a refused login"))

    told = _explain(caller)

    assert [reason["code"] for reason in told["reasons"]] == ["outside_hours", "sender_resting"]
    assert told["not_before"] == "2026-11-21T10:00:00.000Z"


def test_a_pause_is_a_reason(stage, caller, server):
    stage.open([server])
    stage.change(status=SequenceStatus.PAUSED)

    assert _codes(caller) == ["sequence_paused"]
    assert _explain(caller)["not_before"] is None


def test_a_contact_that_is_gone_and_an_address_that_is_suppressed_are_reasons(stage, caller, server):
    stage.open([server], contacts=2)
    bootstrap.contacts().remove([bootstrap.contacts().get(TENANT, 1)])
    bootstrap.signals().suppress_address(TENANT, "p2@corp.example", stage.now)

    assert _codes(caller, 1) == ["contact_gone"]
    assert _codes(caller, 2) == ["suppressed", "waiting_for_its_turn"]


def test_a_follow_up_asks_for_its_own_sender_and_for_any_once_that_is_deleted(stage, caller, server):
    with ScriptedServer() as other:
        stage.open([server, other])
        stage.work(stage.hinted())
        stage.now += 10 * MINUTE
        assert (_codes(caller), stage.enrollment().sender) == (["ready"], 1)

        caller("delete_smtp_credential", campaign_id=_campaign(), credential_id=_credential(1))
        assert _codes(caller) == ["ready"]

        stage.remove_sender(2)
        assert _codes(caller) == ["no_sender"]


def _campaign():
    return resource_uuid(Kind.SEQUENCE, TENANT, SEQUENCE)


def _credential(number):
    return resource_uuid(Kind.SENDER, TENANT, number)


def test_a_worker_that_is_at_it_and_one_that_died_are_told_apart(stage, caller, server):
    stage.open([server])
    bootstrap.token_keys()
    messages = stage.hinted()
    with fault(2, after=False), pytest.raises(Crash):
        stage.work(messages)

    assert _codes(caller) == ["being_sent"]
    stage.now += 5 * MINUTE
    assert _codes(caller) == ["claim_lapsed"]
    stage.work(messages)
    assert _codes(caller) == ["parked"]


def test_a_mail_in_doubt_says_so(stage, caller):
    with ScriptedServer({"dot": DROP}) as server:
        stage.open([server], steps=TWO_STEPS[:1])
        stage.work(stage.hinted())

    told = _explain(caller)
    assert (told["state"], told["next_step"], told["due_at"], told["not_before"]) == ("parked", 1, None, None)


def test_a_long_queue_is_counted_in_one_request_up_to_a_bound(stage, caller, server):
    stage.open([server], contacts=3)
    there = stage.enrollment(3)

    counts = [bootstrap.circumstances().in_front(there, most) for most in (1, 2, 3, 4)]

    assert counts == [1, 2, 2, 2]


def test_explaining_costs_four_requests_and_changes_nothing(stage, caller, server):
    stage.open([server], contacts=3)
    _explain(caller)
    before = everything()

    _explain(caller, 3)

    assert aws.ledger.requests == {"dynamodb.GetItem": 1, "dynamodb.BatchGetItem": 2, "dynamodb.Query": 1}
    assert everything() == before


@pytest.mark.parametrize("spelled", [MISSING, "x", "", "é" * 36, _spelled(9)])
def test_an_id_that_is_none_is_not_found(caller, spelled):
    answer = caller("explain_enrollment", group="drumbeat", enrollment_id=spelled)

    assert (answer.status, answer.body["code"]) == (404, "not_found")


def test_another_tenant_s_enrollment_looks_like_none(stage, caller, server):
    stage.open([server])
    stranger = new_tenant()

    foreign, missing = (
        stranger("explain_enrollment", group="drumbeat", enrollment_id=spelled) for spelled in (_spelled(), MISSING)
    )
    assert foreign == missing
