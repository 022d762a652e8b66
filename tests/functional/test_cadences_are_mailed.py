"""What a relink means for the mails: the runner sends at its next tick, to whom the lead is now, and to nobody else."""

from email import message_from_bytes

import pytest

from drumbeat.domain.times import DAY, MINUTE
from tests.cadence_stage import answer, request_in
from tests.cadences import (
    CONNECT,
    EMAIL,
    SESSION,
    Client,
    cadence,
    codes,
    enrolled,
    good,
    inbox,
    listed,
    new_client,
    relinked,
    shown,
)
from tests.cadences import patch as patched
from tests.cadences import suppressed as suppress
from tests.functional.myagentmail.disturbed import interleaved, meanwhile
from tests.scripted_smtp import ScriptedServer
from tests.scripted_web import ScriptedWebServer
from tests.stage import START, recipients
from tests.world import imported, new_tenant, people, started

IN_THREE_DAYS = [EMAIL | {"delayDays": 3}]


@pytest.fixture
def client(stage):
    return new_client()


@pytest.fixture
def inbox_id(client, server):
    return inbox(client, server.port)


@pytest.fixture
def late(client):
    """A cadence that mails for the first time after three days."""
    return cadence(client, steps=IN_THREE_DAYS)


def subjects(server):
    return [message_from_bytes(mail)["Subject"] for mail in server.taken]


def test_nothing_leaves_inside_the_call_and_the_next_tick_sends(client, stage, server, inbox_id, late):
    row = enrolled(client, late, "crm-1", leadEmail="wrong@lead.example", inboxId=inbox_id)["id"]
    stage.run(10)

    good_one = {"enrollmentId": row, "leadEmail": "jane@lead.example", "leadName": "Jane Doe"}
    assert codes(relinked(client, late, good_one, retry_now=True)) == [None]
    stage.now += MINUTE
    inside = recipients(server)
    assert stage.due() == []
    stage.run(1)

    assert inside == []
    assert recipients(server) == ["jane@lead.example"]
    assert subjects(server) == ["Hello Jane"]
    assert stage.now < START + DAY


def test_without_retry_now_the_mail_leaves_when_it_was_due_anyway(client, stage, server, inbox_id, late):
    row = enrolled(client, late, "crm-1", leadEmail="wrong@lead.example", inboxId=inbox_id)["id"]

    relinked(client, late, {"enrollmentId": row, "leadEmail": "jane@lead.example"})
    stage.run(10)
    before = recipients(server)
    stage.now = START + 3 * DAY
    stage.run(5)

    assert before == []
    assert recipients(server) == ["jane@lead.example"]


def test_trying_again_opens_no_business_hours(client, stage, server, inbox_id):
    """It is a Saturday: what is due now leaves on Monday morning."""
    cadence_id = cadence(client, steps=IN_THREE_DAYS, businessHoursOnly=True)
    row = enrolled(client, cadence_id, "crm-1", leadEmail="wrong@lead.example", inboxId=inbox_id)["id"]

    relinked(client, cadence_id, {"enrollmentId": row, "leadEmail": "jane@lead.example"}, retry_now=True)
    stage.run(10)
    on_saturday = recipients(server)
    stage.now = START + 2 * DAY
    stage.run(5)

    assert on_saturday == []
    assert recipients(server) == ["jane@lead.example"]


def test_a_row_that_failed_is_not_tried_earlier(client, stage, server, inbox_id, late):
    ids = [
        enrolled(client, late, f"crm-{n}", leadEmail=f"p{n}@lead.example", inboxId=inbox_id)["id"] for n in (1, 2, 3)
    ]

    results = relinked(
        client,
        late,
        {"enrollmentId": ids[0], "leadExternalId": "crm-2"},
        {"enrollmentId": ids[1], "leadName": "Jane"},
        {"enrollmentId": ids[2], "leadEmail": "no address"},
        retry_now=True,
    )
    stage.run(10)

    assert codes(results) == ["LEAD_EXTERNAL_ID_CONFLICT", None, "PATCH_FAILED"]
    assert recipients(server) == ["p2@lead.example"]


def test_a_lead_without_an_address_waits_and_is_sent_once_it_is_repaired(client, stage, server, inbox_id):
    """The document's recovery flow: enrolled with the wrong payload, repaired, tried again."""
    cadence_id = cadence(client)
    row = enrolled(client, cadence_id, "crm-1", leadName="Jane Doe", inboxId=inbox_id)["id"]
    stage.run(10)
    stuck = shown(client, row)

    relinked(client, cadence_id, {"enrollmentId": row, "leadEmail": "jane@lead.example"}, retry_now=True)
    stage.run(2)

    assert (stuck["state"], stuck["currentStepIndex"]) == ("active", 0)
    assert stuck["lastError"]
    assert recipients(server) == ["jane@lead.example"]
    assert (shown(client, row)["state"], shown(client, row)["lastError"]) == ("completed", None)


def test_a_lead_whose_address_is_taken_away_is_not_mailed(client, stage, server, inbox_id):
    cadence_id = cadence(client)
    row = enrolled(client, cadence_id, "crm-1", leadEmail="jane@lead.example", inboxId=inbox_id)["id"]

    relinked(client, cadence_id, {"enrollmentId": row, "leadEmail": None}, retry_now=True)
    stage.run(10)

    assert recipients(server) == []
    assert shown(client, row)["state"] == "active"


def test_a_mail_leaves_from_the_inbox_that_the_row_names(client, stage, server, inbox_id, late):
    row = enrolled(client, late, "crm-1", leadEmail="jane@lead.example", inboxId=inbox_id)["id"]
    with ScriptedServer() as other:
        second = inbox(client, other.port)

        relinked(client, late, {"enrollmentId": row, "inboxId": second}, retry_now=True)
        stage.run(2)

        assert (recipients(server), recipients(other)) == ([], ["jane@lead.example"])


def test_a_lead_without_an_inbox_waits_for_one(client, stage, server, inbox_id):
    cadence_id = cadence(client)
    row = enrolled(client, cadence_id, "crm-1", leadEmail="jane@lead.example", inboxId=inbox_id)["id"]

    relinked(client, cadence_id, {"enrollmentId": row, "inboxId": None}, retry_now=True)
    stage.run(10)
    without, stuck = recipients(server), shown(client, row)
    relinked(client, cadence_id, {"enrollmentId": row, "inboxId": inbox_id}, retry_now=True)
    stage.run(2)

    assert (without, stuck["state"]) == ([], "active")
    assert stuck["lastError"]
    assert recipients(server) == ["jane@lead.example"]


@pytest.mark.parametrize("who", ["old", "new"])
def test_an_opt_out_stops_the_address_that_is_mailed_and_no_other(client, stage, server, inbox_id, late, who):
    row = enrolled(client, late, "crm-1", leadEmail="old@lead.example", inboxId=inbox_id)["id"]
    relinked(client, late, {"enrollmentId": row, "leadEmail": "new@lead.example"})

    suppress(client, f"{who}@lead.example")
    results = relinked(client, late, {"enrollmentId": row}, retry_now=True)
    stage.run(5)

    assert codes(results) == [None if who == "old" else "ENROLLMENT_TERMINAL_STATE"]
    assert recipients(server) == ([] if who == "new" else ["new@lead.example"])


def test_a_contact_that_is_deleted_is_not_mailed_by_whoever_was_relinked_to_it(client, stage, server, inbox_id, late):
    row = enrolled(client, late, "crm-1", leadEmail="old@lead.example", inboxId=inbox_id)["id"]
    relinked(client, late, {"enrollmentId": row, "leadEmail": "new@lead.example"}, retry_now=True)
    query = {"filter[emails]": "new@lead.example"}
    ((person),) = client.others("list_prospects", group="outreach", query=query).body["data"]

    client.others("delete_prospect", group="outreach", id=str(person["id"]))
    stage.run(5)

    assert recipients(server) == []
    assert shown(client, row)["state"] == "unenrolled"


def test_a_second_mail_goes_to_the_address_that_the_lead_has_by_then(client, stage, server, inbox_id):
    cadence_id = cadence(client, steps=[EMAIL, EMAIL | {"delayDays": 1, "staticSubject": "Again"}])
    row = enrolled(client, cadence_id, "crm-1", leadEmail="old@lead.example", inboxId=inbox_id)["id"]
    stage.run(3)

    relinked(client, cadence_id, {"enrollmentId": row, "leadEmail": "new@lead.example"}, retry_now=True)
    stage.run(3)

    assert recipients(server) == ["old@lead.example", "new@lead.example"]


def test_a_hundred_rows_are_tried_once_each(client, stage, server, inbox_id, late):
    ids = [enrolled(client, late, f"crm-{n}", inboxId=inbox_id)["id"] for n in range(100)]
    updates = [{"enrollmentId": row, "leadEmail": f"p{n}@lead.example"} for n, row in enumerate(ids)]

    relinked(client, late, *updates, retry_now=True)
    relinked(client, late, *updates, retry_now=True)
    stage.run(10, copies=2)

    assert sorted(recipients(server)) == sorted(f"p{n}@lead.example" for n in range(100))


@pytest.mark.parametrize("call", range(1, 9))
def test_who_opts_out_while_being_relinked_to_is_not_mailed(client, stage, server, inbox_id, late, call):
    """The opt-out comes whole, before any one of the requests that the relink makes."""
    row = enrolled(client, late, "crm-1", leadEmail="old@lead.example", inboxId=inbox_id)["id"]
    order = [True] * call + [False] * 40

    interleaved(
        lambda: relinked(client, late, {"enrollmentId": row, "leadEmail": "new@lead.example"}, retry_now=True),
        lambda: suppress(client, "new@lead.example"),
        order,
    )
    stage.run(5)

    assert "new@lead.example" not in recipients(server)


@pytest.mark.parametrize("at", range(1, 8))
@pytest.mark.parametrize("retry_now", [False, True])
def test_who_is_relinked_while_a_worker_is_at_it_is_mailed_at_one_address(
    client, stage, server, inbox_id, at, retry_now
):
    """A row that went well is never followed by a mail to the address that it replaced."""
    cadence_id = cadence(client)
    row = enrolled(client, cadence_id, "crm-1", leadEmail="old@lead.example", inboxId=inbox_id)["id"]
    hints = stage.hinted()
    told = []

    def repair():
        change = {"enrollmentId": row, "leadEmail": "new@lead.example"}
        told.append((relinked(client, cadence_id, change, retry_now=retry_now)[0]["ok"], recipients(server)))

    with meanwhile(at, repair):
        stage.work(hints)
    stage.run(10)

    ((went_well, mailed_by_then),) = told or [(False, [])]
    old, new = "old@lead.example", "new@lead.example"
    assert recipients(server) == (mailed_by_then or [new] if went_well else [old])


# Steps that the tenant's app does

CONNECT_AT_ONCE = CONNECT | {"delayDays": 0}
URL = "https://www.linkedin.com/in/jane-doe-1a2b3c/"


@pytest.fixture
def app():
    with ScriptedWebServer() as running:
        yield running


def asked_of(app):
    """What the app was asked, request by request."""
    return [request_in(asked) for asked in app.asked]


def test_the_document_s_repair_has_an_invitation_sent_to_the_right_profile(client, stage, app):
    """Enrolled with the wrong payload shape, fixed with retryNow: the app is asked at the next tick."""
    cadence_id = cadence(client, steps=[CONNECT_AT_ONCE], webhookUrl=app.url())
    row = enrolled(client, cadence_id, "crm-1", sessionId=SESSION)["id"]
    stage.run(5)
    stuck, before = shown(client, row), asked_of(app)

    relinked(client, cadence_id, {"enrollmentId": row, "leadName": "Jane Doe", "leadLinkedinUrl": URL}, retry_now=True)
    inside = asked_of(app)
    stage.run(1)
    waiting = shown(client, row)
    done = answer(app.asked[0], "done")
    stage.run(1)

    assert (stuck["state"], before, inside) == ("active", [], [])
    assert stuck["lastError"]
    (request,) = asked_of(app)
    assert (request["type"], request["enrollmentId"]) == ("cadence.step.requested", row)
    assert (request["lead"]["linkedinUrl"], request["lead"]["name"]) == (URL, "Jane Doe")
    assert (waiting["awaiting"], waiting["lastError"], done.status) == ("step", None, 200)
    assert shown(client, row)["state"] == "completed"


def test_who_is_tried_again_while_the_app_is_at_it_is_asked_for_anew_and_the_old_answer_is_late(client, stage, app):
    cadence_id = cadence(client, steps=[CONNECT_AT_ONCE], webhookUrl=app.url())
    row = enrolled(client, cadence_id, "crm-1", sessionId=SESSION, leadLinkedinUrl="https://wrong.example/")["id"]
    stage.run(2)

    relinked(client, cadence_id, {"enrollmentId": row, "leadLinkedinUrl": URL}, retry_now=True)
    stage.run(2)
    late = answer(app.asked[0], "done")
    after_late = shown(client, row)
    answer(app.asked[1], "done")

    assert [request["lead"]["linkedinUrl"] for request in asked_of(app)] == ["https://wrong.example/", URL]
    assert len({request["id"] for request in asked_of(app)}) == 2
    assert (late.status, after_late["awaiting"]) == (409, "step")
    assert shown(client, row)["state"] == "completed"


def test_a_draft_for_the_old_lead_is_not_mailed_to_the_new_one(client, stage, server, app, inbox_id):
    drafted = EMAIL | {"draftStrategy": "ai", "staticSubject": None, "staticBody": None, "promptHint": "be brief"}
    cadence_id = cadence(client, steps=[drafted], webhookUrl=app.url())
    row = enrolled(client, cadence_id, "crm-1", leadEmail="old@lead.example", inboxId=inbox_id)["id"]
    stage.run(2)

    relinked(client, cadence_id, {"enrollmentId": row, "leadEmail": "new@lead.example", "leadName": "Jane Doe"})
    late = answer(app.asked[0], "draft", {"subject": "Dear old one", "text": "You are old."})
    stage.run(5)
    fresh = answer(app.asked[1], "draft", {"subject": "Dear Jane", "text": "You are new."})
    stage.run(5)

    assert [request["lead"]["email"] for request in asked_of(app)] == ["old@lead.example", "new@lead.example"]
    assert (late.status, fresh.status) == (409, 200)
    assert (recipients(server), subjects(server)) == (["new@lead.example"], ["Dear Jane"])


# A campaign of AmpOut


def test_a_campaign_shows_up_as_a_cadence_and_its_enrolments_are_relinked(stage, server):
    caller = new_tenant()
    login = {"smtp_host": "127.0.0.1", "smtp_port": server.port, "smtp_username": "ann", "smtp_password": "x"}
    credential = login | {"from_name": "Ann", "from_email": "ann@acme.example", "daily_limit": 100}
    first, second = (
        {"position": 1, "subject": "Hello {{first_name}}", "body_html": "<p>Hi</p>"},
        {"position": 2, "subject": "Again", "body_html": "<p>Still there?</p>", "delay_minutes": 60 * 24 * 3},
    )
    campaign_id = started(caller, smtp_credentials=[credential], sequence_steps=[first, second], min_wait_seconds=0,
                          max_wait_seconds=1)  # fmt: skip
    caller("enroll", {"contact_import_id": imported(caller, people(2))}, campaign_id=campaign_id)
    caller("dispatch_campaign", campaign_id=campaign_id)
    stage.run(5)
    sent_before = sorted(recipients(server))
    client = Client(caller.key)

    (listed_one,) = good(client("GET", "/cadences"))["items"]
    shown_one = good(client("GET", f"/cadences/{campaign_id}"))["cadence"]
    rows = {row["leadEmail"]: row for row in listed(client, campaign_id)}
    results = relinked(
        client,
        campaign_id,
        {"enrollmentId": rows["p0@corp.example"]["id"], "leadEmail": "new@corp.example", "leadExternalId": "crm-0"},
        {"enrollmentId": rows["p1@corp.example"]["id"], "leadExternalId": "crm-0"},
        retry_now=True,
    )
    stage.run(5)

    assert (listed_one["id"], listed_one["stepsCount"], listed_one["enabled"]) == (campaign_id, 2, True)
    assert [step["kind"] for step in shown_one["steps"]] == ["email", "email"]
    assert [row["state"] for row in rows.values()] == ["active", "active"]
    assert codes(results) == [None, "LEAD_EXTERNAL_ID_CONFLICT"]
    assert sent_before == ["p0@corp.example", "p1@corp.example"]
    assert recipients(server)[2:] == ["new@corp.example"]
    spelled = {row["id"] for row in caller("list_enrollments", campaign_id=campaign_id).body}
    assert {row["id"] for row in rows.values()} == spelled


def test_a_paused_lead_is_sent_when_it_is_active_again(client, stage, server, inbox_id):
    cadence_id = cadence(client)
    row = enrolled(client, cadence_id, "crm-1", leadEmail="old@lead.example", inboxId=inbox_id)["id"]
    good(patched(client, row, state="paused"))

    relinked(client, cadence_id, {"enrollmentId": row, "leadEmail": "new@lead.example"}, retry_now=True)
    stage.run(5)
    while_paused = recipients(server)
    good(patched(client, row, state="active"))
    stage.run(5)

    assert while_paused == []
    assert recipients(server) == ["new@lead.example"]
