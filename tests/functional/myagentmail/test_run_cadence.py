"""POST /v1/cadences/{cadence_id}/run-now"""

from drumbeat import bootstrap
from drumbeat.entrypoints import clock
from tests.contract.scene import MISSING, tenant_of
from tests.functional.myagentmail.furniture import STEPS, cadence, shown, stored
from tests.world import confined, started


def test_those_who_send_for_it_look_at_the_next_tick(call):
    campaign = started(call.func)
    call("update_cadence", {"enabled": True}, cadence_id=campaign)
    senders = stored(call, campaign).senders

    answer = call("run_cadence", cadence_id=campaign)

    assert (answer.status, answer.body) == (200, {"ok": True})
    awake = bootstrap.lanes().awake(clock.now())
    assert {(tenant_of(call.func), sender) for sender in senders} <= set(awake)


def test_nothing_else_changes(call):
    mine = cadence(call, steps=STEPS)
    before = shown(call, mine)

    call("run_cadence", cadence_id=mine)

    assert shown(call, mine) == before


def test_what_does_not_send_cannot_be_run(call):
    for fields in ({}, {"steps": STEPS, "enabled": False}):
        answer = call("run_cadence", cadence_id=cadence(call, **fields))

        assert (answer.status, answer.body["code"]) == (409, "sequence_not_active")


def test_another_tenant_s_cadence_looks_like_a_missing_one(call, other):
    mine = cadence(call, steps=STEPS)

    answers = [other("run_cadence", cadence_id=each) for each in (mine, MISSING)]

    assert [answer.status for answer in answers] == [404, 404]


def test_a_key_of_one_inbox_runs_nothing(call):
    mine = confined(call.func, workspace=1)("create_cadence", {"name": "x", "steps": STEPS}, group="myagentmail")

    answer = confined(call.func, workspace=1, sender=2)(
        "run_cadence", group="myagentmail", cadence_id=mine.body["cadence"]["id"]
    )

    assert answer.status == 403
