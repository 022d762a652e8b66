"""GET /v1/cadences/{cadence_id}"""

from drumbeat import bootstrap
from tests.contract.scene import MISSING
from tests.functional.myagentmail.furniture import EMAIL, cadence, of, shown
from tests.functional.outreach.furniture import STEP, act, made
from tests.world import confined, started


def test_a_campaign_is_a_cadence_with_its_mails_as_steps(call):
    campaign = started(call.func)

    told = shown(call, campaign)

    assert (told["id"], told["name"], told["enabled"]) == (campaign, "Spring", False)
    assert (told["businessHoursOnly"], told["dailySendCap"], told["webhookUrl"]) == (False, None, None)
    assert told["steps"][1] == {
        "kind": "email",
        "delayDays": 60 / 1440,
        "condition": None,
        "draftStrategy": "static",
        "staticSubject": "Again",
        "staticBody": "<p>Still there?</p>",
        "promptHint": None,
        "notes": None,
    }


def test_a_sequence_of_outreach_is_a_cadence_with_its_description(call):
    outreach = of(call, "outreach")
    number = made(outreach, "sequence", {"name": "Summer", "description": "Warm"})
    made(outreach, "sequence_step", STEP, sequence=number)
    act(outreach, "activate_sequence", number)
    (row,) = call("list_cadences").body["items"]

    told = shown(call, row["id"])

    assert (told["name"], told["description"], told["enabled"]) == ("Summer", "Warm", True)
    assert [step["staticBody"] for step in told["steps"]] == ["<p>Hi</p>"]


def test_another_tenant_s_cadence_looks_like_a_missing_one(call, other):
    mine = cadence(call)

    foreign, missing = other("get_cadence", cadence_id=mine), other("get_cadence", cadence_id=MISSING)

    assert (foreign.status, foreign.body) == (missing.status, missing.body)
    assert foreign.body == {"error": "Cadence not found.", "code": "not_found"}
    assert foreign.status == 404


def test_a_workspace_s_key_sees_its_own_alone(call):
    inside, beside = confined(call.func, workspace=1), confined(call.func, workspace=2)
    made = inside("create_cadence", {"name": "Spring", "steps": [EMAIL]}, group="myagentmail").body["cadence"]["id"]
    ours = cadence(call)

    def seen(key):
        statuses = [key("get_cadence", group="myagentmail", cadence_id=each).status for each in (made, ours)]
        return statuses, [row["id"] for row in key("list_cadences", group="myagentmail").body["items"]]

    assert seen(inside) == ([200, 404], [made])
    assert seen(beside) == ([404, 404], [])
    assert seen(call.func) == ([200, 200], [made, ours])
    assert seen(confined(call.func, workspace=1, sender=3)) == ([200, 404], [made])


def test_a_cadence_costs_two_reads(call):
    mine = cadence(call, webhookUrl="https://app.example/hooks")
    shown(call, mine)

    shown(call, mine)

    assert bootstrap.ledger.datastore_requests() == 2
