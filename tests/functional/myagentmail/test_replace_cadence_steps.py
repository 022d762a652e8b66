"""PATCH and PUT /v1/cadences/{cadence_id}/steps"""

import pytest

from drumbeat import bootstrap
from drumbeat.domain.ids import EnrollmentKey
from drumbeat.domain.sequence import SequenceStatus
from tests.contract.scene import MISSING
from tests.functional.myagentmail.furniture import (
    CONNECT,
    EMAIL,
    MESSAGE,
    STEPS,
    WAIT,
    cadence,
    of,
    refused,
    shown,
    somebody_in,
    step_as_shown,
    stored,
)
from tests.functional.outreach.furniture import STEP, made
from tests.world import confined, started


def replaced(call, cadence_id, steps):
    answer = call("replace_cadence_steps", {"steps": steps}, cadence_id=cadence_id)
    assert answer.status == 200, answer.body
    return answer.body


def test_the_whole_list_is_another_one(call):
    mine = cadence(call, steps=[EMAIL, WAIT, EMAIL])

    body = replaced(call, mine, STEPS)

    assert body["steps"] == body["cadence"]["steps"] == [step_as_shown(step) for step in STEPS]
    assert shown(call, mine)["steps"] == body["steps"]
    assert [step.position for step in stored(call, mine).steps] == [1, 2, 3, 4]


def test_what_is_shown_can_be_given_back(call):
    mine = cadence(call, steps=[*STEPS, EMAIL | {"delayDays": 1 / 7}])
    before = stored(call, mine).steps

    replaced(call, mine, shown(call, mine)["steps"])

    assert stored(call, mine).steps == before


def test_a_campaign_s_html_that_is_given_back_stays_html(call):
    campaign = started(call.func)
    before = stored(call, campaign).steps

    replaced(call, campaign, [*shown(call, campaign)["steps"], EMAIL | {"delayDays": 1}])

    after = stored(call, campaign).steps
    assert after[:2] == before
    assert (after[2].body_html, after[2].text) == ("", EMAIL["staticBody"])


def test_a_cadence_that_was_on_without_steps_begins(call):
    mine = cadence(call)

    body = replaced(call, mine, STEPS)

    assert body["cadence"]["enabled"]
    assert stored(call, mine).status is SequenceStatus.ACTIVE
    assert stored(call, mine).enabled_at is not None


@pytest.mark.parametrize("steps", [[], STEPS])
def test_a_cadence_that_was_off_stays_off(call, steps):
    mine = cadence(call, steps=steps, enabled=False)

    assert not replaced(call, mine, STEPS)["cadence"]["enabled"]
    assert stored(call, mine).status is SequenceStatus.PENDING


def test_a_campaign_that_nobody_has_started_does_not_start(call):
    campaign = started(call.func)

    replaced(call, campaign, STEPS)

    assert call.func("get_campaign", campaign_id=campaign).body["status"] == "pending"


def test_who_is_on_the_way_keeps_the_index_that_comes_next(call):
    mine = cadence(call, steps=[EMAIL, EMAIL, EMAIL])
    somebody_in(call, mine)
    sequence = stored(call, mine)
    key = EnrollmentKey(sequence.number, 7)
    before = bootstrap.enrollments().get(sequence.tenant, key)

    replaced(call, mine, [CONNECT, MESSAGE])

    assert bootstrap.enrollments().get(sequence.tenant, key) == before


def test_a_step_that_is_appended_at_the_same_moment_is_not_half_there(call):
    outreach = of(call, "outreach")
    number = made(outreach, "sequence", {"name": "Summer"})
    made(outreach, "sequence_step", STEP, sequence=number)
    (row,) = call("list_cadences").body["items"]

    replaced(call, row["id"], [EMAIL])
    made(outreach, "sequence_step", STEP, sequence=number)

    assert [step["staticSubject"] for step in shown(call, row["id"])["steps"]] == [
        EMAIL["staticSubject"],
        STEP["subject"],
    ]


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ({}, "steps"),
        ({"steps": None}, "steps"),
        ({"steps": []}, "steps"),
        ({"steps": [EMAIL] * 51}, "steps"),
        ({"steps": [EMAIL, {"kind": "fax", "delayDays": 1}]}, "steps.1.kind"),
        ({"steps": [MESSAGE]}, "steps"),
    ],
)
def test_a_list_that_cannot_be_is_refused_and_the_old_one_stays(call, body, named):
    mine = cadence(call, steps=STEPS)
    before = shown(call, mine)

    assert refused(call("replace_cadence_steps", body, cadence_id=mine)) == [named]
    assert shown(call, mine) == before


def test_another_tenant_s_cadence_looks_like_a_missing_one(call, other):
    mine = cadence(call, steps=STEPS)

    answers = [other("replace_cadence_steps", {"steps": [EMAIL]}, cadence_id=each) for each in (mine, MISSING)]

    assert [answer.status for answer in answers] == [404, 404]
    assert len(shown(call, mine)["steps"]) == len(STEPS)


def test_a_key_of_one_inbox_replaces_nothing(call):
    mine = confined(call.func, workspace=1)("create_cadence", {"name": "x", "steps": [EMAIL]}, group="myagentmail")

    answer = confined(call.func, workspace=1, sender=2)(
        "replace_cadence_steps", {"steps": STEPS}, group="myagentmail", cadence_id=mine.body["cadence"]["id"]
    )

    assert answer.status == 403


def test_a_replacement_costs_four_requests(call):
    mine = cadence(call, steps=STEPS)
    replaced(call, mine, STEPS[:2])

    replaced(call, mine, STEPS)

    assert bootstrap.ledger.datastore_requests() <= 4
