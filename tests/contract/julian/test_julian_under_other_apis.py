"""An agent and whom it calls, as the three other APIs show them to the same organization."""

import pytest

from tests.cadences import Client, good
from tests.contract.julian.answers import accepted, refused
from tests.contract.julian.vendor import Office, contact, office
from tests.functional.outreach.bulk import worked
from tests.world import Answer

ROWS = [
    {"name": "Ann Lee", "account_id": "acme", "toEmailAddress": "ann@corp.example"},
    {"name": "Ben Roe", "account_id": "acme", "toEmailAddress": "ben@corp.example"},
]


@pytest.fixture
def peopled(desk: Office) -> Office:
    """Two of one group: one is scheduled, one waits."""
    accepted(desk.schedule([contact(**row) for row in ROWS], groupByField="account_id"))
    worked()
    return desk


def cadences(desk: Office) -> Client:
    return Client(desk.ask.key)


def cadence_of(desk: Office) -> dict:
    (found,) = good(cadences(desk)("GET", "/cadences"))["items"]
    return found


def ampout(desk: Office, operation: str, **options: str) -> list | dict:
    return good(desk.own(operation, **options))


def outreach(desk: Office, operation: str, **options: str) -> list[dict]:
    answer: Answer = desk.own(operation, group="outreach", **options)
    return good(answer)["data"]


def test_myagentmail_shows_it_as_a_cadence_whose_step_is_a_call(peopled):
    cadence = cadence_of(peopled)

    assert cadence["name"] == "Renewals"
    whole = good(cadences(peopled)("GET", f"/cadences/{cadence['id']}"))["cadence"]
    assert [step["kind"] for step in whole["steps"]] == ["call"]


def test_myagentmail_shows_whom_it_calls(peopled):
    rows = good(cadences(peopled)("GET", f"/cadences/{cadence_of(peopled)['id']}/enrollments"))["items"]

    assert {row["leadName"]: row["state"] for row in rows} == {"Ann Lee": "active", "Ben Roe": "active"}
    assert {row["leadEmail"] for row in rows} == {"ann@corp.example", "ben@corp.example"}
    for row in rows:
        assert good(cadences(peopled)("GET", f"/enrollments/{row['id']}"))["enrollment"] == row


def test_ampout_shows_it_as_a_campaign(peopled):
    (campaign,) = ampout(peopled, "list_campaigns")

    whole = ampout(peopled, "get_campaign", campaign_id=campaign["id"])
    assert (campaign["name"], whole["name"]) == ("Renewals", "Renewals")
    assert [step["kind"] for step in whole["sequence_steps"]] == ["call"]
    assert len(ampout(peopled, "list_enrollments", campaign_id=campaign["id"])) == 2


def test_outreach_shows_it_as_a_sequence_and_whom_it_calls_as_its_states(peopled):
    (sequence,) = outreach(peopled, "list_sequences")
    states = outreach(peopled, "list_sequence_states")
    (step,) = outreach(peopled, "list_sequence_steps")

    assert sequence["attributes"]["name"] == "Renewals"
    assert step["attributes"]["stepType"] == "call"
    assert sorted(state["attributes"]["state"] for state in states) == ["active", "pending"]
    assert {state["relationships"]["sequence"]["data"]["id"] for state in states} == {sequence["id"]}
    names = {
        (one["attributes"]["firstName"], one["attributes"]["lastName"]) for one in outreach(peopled, "list_prospects")
    }
    assert names == {("Ann", "Lee"), ("Ben", "Roe")}


def test_nobody_else_s_key_shows_any_of_it(peopled):
    stranger = office()

    assert cadence_of(stranger)["id"] != cadence_of(peopled)["id"]
    assert cadences(stranger)("GET", f"/cadences/{cadence_of(peopled)['id']}").status == 404
    assert outreach(stranger, "list_sequence_states") == []


def test_our_own_api_lists_the_agent(peopled):
    (agent,) = good(peopled.own("list_agents", group="drumbeat"))

    assert agent == good(peopled.own("get_agent", group="drumbeat", agent_id=peopled.agent))
    assert agent["id"] == peopled.agent
    assert "whsec_" not in str(agent)


def test_what_another_api_makes_of_its_steps_is_what_the_agent_does(peopled):
    """Without a call there is nothing to schedule, and it says so."""
    mail = {"kind": "email", "delayDays": 0, "draftStrategy": "static", "staticSubject": "Hello", "staticBody": "Hello"}
    good(cadences(peopled)("PUT", f"/cadences/{cadence_of(peopled)['id']}/steps", {"steps": [mail]}))

    assert "CALL step" in refused(peopled.schedule([contact()]), 422, "AGENT_MISCONFIGURED")["message"]


def test_a_campaign_that_is_paused_is_an_agent_that_is_off(peopled):
    (campaign,) = ampout(peopled, "list_campaigns")
    good(peopled.own("pause_campaign", campaign_id=campaign["id"]))
    refused(peopled.schedule([contact()]), 422, "AGENT_MISCONFIGURED")

    good(peopled.own("resume_campaign", campaign_id=campaign["id"]))

    assert accepted(peopled.schedule([contact()])).accepted == 1


def test_a_batch_that_is_canceled_in_outreach_calls_nobody(desk):
    batch_id = accepted(desk.schedule([contact(), contact()])).batch_id
    (batch,) = outreach(desk, "list_batches")
    good(desk.own("cancel_batch", group="outreach", id=str(batch["id"])))
    worked()

    told = desk.batch(batch_id)

    assert told["status"] == "finished"
    assert [row["lifecycleStatus"] for row in told["contacts"]] == ["cancelled", "cancelled"]
