"""What one API makes is there in the others, and says what it is."""

from functools import partial

import pytest

from tests.functional.myagentmail.furniture import (
    CONNECT,
    EMAIL,
    MESSAGE,
    STEPS,
    WAIT,
    cadence,
    shown,
    somebody_in,
    stored,
)
from tests.functional.outreach.furniture import change, found, pointer
from tests.functional.outreach.furniture import shown as shown_there
from tests.world import new_tenant


@pytest.fixture
def call(stack):
    return partial(new_tenant(), group="myagentmail")


@pytest.fixture
def outreach(call):
    return partial(call.func, group="outreach")


@pytest.fixture
def mine(call):
    return cadence(call, steps=STEPS, description="Warm", webhookUrl="https://app.example/hooks")


def steps_of(outreach):
    numbers = found(outreach, "sequence_steps")
    return [shown_there(outreach, "sequence_step", number)["attributes"] for number in numbers]


def test_a_cadence_is_a_campaign_whose_steps_say_what_they_are(call, mine):
    rows = call.func("list_campaigns").body
    campaign = call.func("get_campaign", campaign_id=mine).body

    assert [(row["id"], row["name"], row["status"]) for row in rows] == [(mine, "Spring", "active")]
    assert campaign["smtp_credentials"] == []
    first, *others = campaign["sequence_steps"]
    assert first == {
        "position": 1,
        "subject": EMAIL["staticSubject"],
        "body_html": "<p>Hi {{first_name}},<br>1 &lt; 2</p>",
        "delay_minutes": 0,
    }
    assert [(step["kind"], step["subject"], step["body_html"], step["delay_minutes"]) for step in others] == [
        ("wait", None, None, 2880),
        ("linkedin_connect", None, None, 360),
        ("linkedin_message", None, None, 1440),
    ]


def test_a_campaign_s_mail_that_is_yet_to_be_drafted_has_no_body(call):
    mine = cadence(call, steps=[{"kind": "email", "delayDays": 0, "promptHint": "Be brief"}])

    (step,) = call.func("get_campaign", campaign_id=mine).body["sequence_steps"]

    assert step == {"position": 1, "subject": None, "body_html": None, "delay_minutes": 0}


def test_a_cadence_is_a_sequence_whose_steps_have_their_own_types(outreach, mine):
    (number,) = found(outreach, "sequences")

    told = shown_there(outreach, "sequence", number)["attributes"]
    assert (told["name"], told["description"], told["enabled"]) == ("Spring", "Warm", True)
    steps = steps_of(outreach)
    assert [step["stepType"] for step in steps] == ["auto_email", "wait", "linkedin_connect", "linkedin_message"]
    assert [step["interval"] for step in steps] == [0, 172_800, 21_600, 86_400]
    assert [step["bodyHtml"] for step in steps] == ["<p>Hi {{first_name}},<br>1 &lt; 2</p>", None, None, None]


def test_mails_are_found_by_their_type_alone(outreach, mine):
    assert len(found(outreach, "sequence_steps", **{"filter[stepType]": "auto_email"})) == 1
    assert len(found(outreach, "sequence_steps", **{"filter[stepType]": "linkedin_connect"})) == 1


def test_a_step_of_another_kind_changes_in_its_interval_alone(call, outreach, mine):
    _, _, connect, _ = found(outreach, "sequence_steps")

    for name, value in {"stepType": "auto_email", "subject": "Hi", "bodyHtml": "<p>Hi</p>"}.items():
        assert pointer(change(outreach, "sequence_step", connect, {name: value})) == f"/data/attributes/{name}"
    assert change(outreach, "sequence_step", connect, {"interval": 3600}).status == 200

    assert stored(call, mine).steps[2].delay_minutes == 60
    assert shown(call, mine)["steps"][2] | {"delayDays": 0.25} == shown(call, mine)["steps"][2] | CONNECT


def test_a_mail_that_somebody_else_drafts_takes_no_body(call, outreach):
    cadence(call, steps=[{"kind": "email", "delayDays": 0}])
    (step,) = found(outreach, "sequence_steps")

    assert pointer(change(outreach, "sequence_step", step, {"bodyHtml": "<p>Hi</p>"})) == "/data/attributes/bodyHtml"


def test_a_mail_that_gets_html_there_says_so_here(call, outreach, mine):
    first = found(outreach, "sequence_steps")[0]

    assert change(outreach, "sequence_step", first, {"bodyHtml": "<b>Hi</b>"}).status == 200

    assert shown(call, mine)["steps"][0]["staticBody"] == "<b>Hi</b>"
    assert (stored(call, mine).steps[0].body_html, stored(call, mine).steps[0].text) == ("<b>Hi</b>", None)


def test_a_cadence_is_paused_and_resumed_as_a_campaign(call, mine):
    assert call.func("pause_campaign", campaign_id=mine).status == 200
    assert not shown(call, mine)["enabled"]

    assert call.func("resume_campaign", campaign_id=mine).status == 200
    assert shown(call, mine)["enabled"]


def test_a_cadence_is_stopped_started_and_deleted_as_a_sequence(call, outreach, mine):
    (number,) = found(outreach, "sequences")

    outreach("deactivate_sequence", id=str(number))
    assert not shown(call, mine)["enabled"]
    outreach("activate_sequence", id=str(number))
    assert shown(call, mine)["enabled"]
    assert outreach("delete_sequence", id=str(number)).status == 204
    assert call("get_cadence", cadence_id=mine).status == 404


def test_a_step_that_outreach_appends_is_the_cadence_s_last(call, outreach, mine):
    (number,) = found(outreach, "sequences")
    body = {
        "data": {
            "attributes": {"stepType": "auto_email", "subject": "Bye", "bodyHtml": "<p>Bye</p>", "interval": 60},
            "relationships": {"sequence": {"data": {"type": "sequence", "id": number}}},
        }
    }
    assert outreach("create_sequence_step", body).status == 201

    told = shown(call, mine)["steps"]
    assert [step["kind"] for step in told] == [step["kind"] for step in (EMAIL, WAIT, CONNECT, MESSAGE, EMAIL)]
    assert told[-1]["staticBody"] == "<p>Bye</p>"


def test_our_own_api_knows_its_schedule(call, mine):
    told = call("get_schedule", group="drumbeat", sequence_id=mine).body

    assert (told["business_hours_only"], told["daily_cap"]) == (True, 50)


def test_its_connector_is_nowhere_an_inbox(call, outreach, mine):
    connector = stored(call, mine).connector
    somebody_in(call, mine, sender=connector, bound=True)

    assert found(outreach, "mailboxes") == []
    assert outreach("get_mailbox", id=str(connector)).status == 404
    assert call("list_senders", group="drumbeat", sequence_id=mine).body == []
    (state,) = outreach("list_sequence_states").body["data"]
    assert state["relationships"]["mailbox"]["data"] is None
    (row,) = call.func("list_enrollments", campaign_id=mine).body
    assert row["smtp_credential_id"] is None
