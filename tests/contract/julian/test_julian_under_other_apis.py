"""An agent and whom it calls, as the three other APIs show them to the same organization."""

import pytest

from tests.cadences import Client, good
from tests.contract.julian.answers import accepted
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
