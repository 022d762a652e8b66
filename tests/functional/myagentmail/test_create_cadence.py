"""POST /v1/cadences"""

import pytest

from drumbeat import bootstrap
from drumbeat.adapters.dynamodb.connectors import ConnectorStore
from drumbeat.domain.sequence import SenderKind, SequenceStatus
from tests.contract.scene import setting
from tests.functional.myagentmail.furniture import (
    CONNECT,
    EMAIL,
    MESSAGE,
    STEPS,
    WAIT,
    cadence,
    connector_of,
    created,
    refused,
    shown,
    step_as_shown,
    stored,
)
from tests.world import confined

URL = "https://app.example/hooks?for=drumbeat"


def test_a_name_is_enough_and_the_rest_is_as_the_contract_has_it(call):
    body = created(call)

    told = body["cadence"]
    assert body == {"ok": True, "cadence": told, "steps": []}
    assert told | {"id": None, "createdAt": None, "updatedAt": None} == {
        "id": None,
        "name": "Spring",
        "description": None,
        "enabled": True,
        "businessHoursOnly": True,
        "exitOnReply": True,
        "exitOnUnsubscribe": True,
        "trackClicks": False,
        "dailySendCap": 50,
        "webhookUrl": None,
        "webhookSecret": None,
        "createdAt": None,
        "updatedAt": None,
        "steps": [],
    }
    assert shown(call, told["id"]) == told


def test_everything_that_is_given_comes_back(call):
    given = {
        "description": "Two\nlines",
        "businessHoursOnly": False,
        "exitOnReply": False,
        "exitOnUnsubscribe": False,
        "dailySendCap": None,
        "enabled": False,
    }

    told = created(call, **given)["cadence"]

    assert told | given == told
    assert shown(call, told["id"]) == told


def test_steps_come_back_as_they_were_given_inside_the_cadence_and_beside_it(call):
    body = created(call, steps=STEPS)

    assert body["steps"] == body["cadence"]["steps"] == [step_as_shown(step) for step in STEPS]
    assert shown(call, body["cadence"]["id"])["steps"] == body["steps"]


@pytest.mark.parametrize("days", [0, 1, 0.25, 0.5, 0.1, 1 / 3, 7.0, 364.9, 365])
def test_a_delay_is_shown_as_it_was_given(call, days):
    (step,) = created(call, steps=[EMAIL | {"delayDays": days}])["steps"]

    assert step["delayDays"] == pytest.approx(days, abs=1e-12)
    assert isinstance(step["delayDays"], int) == float(days).is_integer()


@pytest.mark.parametrize(("days", "minutes"), [(0.0001, 1), (0.25, 360), (1 / 1440, 1), (1.0001, 1441)])
def test_no_step_is_sooner_than_asked_for(call, days, minutes):
    made = stored(call, cadence(call, steps=[EMAIL | {"delayDays": days}]))

    assert made.steps[0].delay_minutes == minutes


def test_it_sends_from_the_start_when_it_has_steps_and_is_not_asked_to_wait(call):
    made = {
        name: stored(call, cadence(call, **fields)).status
        for name, fields in {
            "steps": {"steps": STEPS},
            "none": {},
            "off": {"steps": STEPS, "enabled": False},
        }.items()
    }

    assert made == {"steps": SequenceStatus.ACTIVE, "none": SequenceStatus.PENDING, "off": SequenceStatus.PENDING}


def test_business_hours_are_the_tenant_s(call):
    call("set_hours", {"time_zone": "Asia/Tokyo"}, group="drumbeat")

    made = stored(call, cadence(call))

    assert made.hours.zone == "Asia/Tokyo"
    assert [len(day) for day in made.hours.week] == [1, 1, 1, 1, 1, 0, 0]
    assert stored(call, cadence(call, businessHoursOnly=False)).hours is None


def test_its_pace_is_a_mail_in_20_to_60_seconds(call):
    made = stored(call, cadence(call))

    assert (made.min_wait_seconds, made.max_wait_seconds) == (20, 60)


def test_it_has_a_connector_whose_secret_is_sealed_and_shown_once(call):
    body = created(call, webhookUrl=URL)

    secret = body["cadence"]["webhookSecret"]
    connector = connector_of(stored(call, body["cadence"]["id"]))
    assert secret.startswith("whsec_")
    assert len(secret) == 46
    assert (connector.kind, connector.host) == (SenderKind.CONNECTOR, URL)
    opened = bootstrap.vault().open(connector.sealed_password, tenant=connector.tenant, sender=connector.number)
    assert opened == secret
    assert shown(call, body["cadence"]["id"]) == body["cadence"] | {"webhookSecret": None}


def test_without_an_app_there_is_a_connector_that_leads_nowhere(call):
    connector = connector_of(stored(call, cadence(call)))

    assert (connector.kind, connector.host, connector.sealed_password) == (SenderKind.CONNECTOR, "", "")


def test_a_connector_is_no_inbox_of_anybody(call):
    created(call, webhookUrl=URL)

    assert call("list_mailboxes", group="outreach").body["data"] == []


def test_a_repeated_request_makes_one_cadence_and_never_tells_the_secret_again(call):
    key = {"Idempotency-Key": "once"}

    first = call("create_cadence", {"name": "Spring", "webhookUrl": URL}, headers=key)
    second = call("create_cadence", {"name": "Spring", "webhookUrl": URL}, headers=key)

    assert first.body["cadence"]["webhookSecret"]
    assert second.body["cadence"] == first.body["cadence"] | {"webhookSecret": None}
    assert len(call("list_cadences").body["items"]) == 1


def test_an_attempt_that_came_to_nothing_for_its_caller_gets_a_secret_that_counts(call, monkeypatch):
    ask = {"headers": {"Idempotency-Key": "lost"}}
    body = {"name": "Spring", "webhookUrl": URL}
    with monkeypatch.context() as patch:
        patch.setattr("functions.myagentmail.create_cadence.written_body", lambda told: 1 / 0)
        assert call("create_cadence", body, **ask).status == 500

    answer = call("create_cadence", body, **ask)

    (row,) = call("list_cadences").body["items"]
    connector = connector_of(stored(call, row["id"]))
    opened = bootstrap.vault().open(connector.sealed_password, tenant=connector.tenant, sender=connector.number)
    assert (answer.status, answer.body["cadence"]["webhookSecret"]) == (201, opened)


@pytest.mark.parametrize(
    "url",
    [
        "ftp://app.example",
        "https://user:pass@app.example/",
        "https://",
        "app.example",
        "https://app.example/ä",
        "https://app.example:99999/",
        "https://app.example/" + "x" * 3000,
        7,
        "",
    ],
)
def test_an_address_that_is_none_is_refused_by_its_field(call, url):
    assert refused(call("create_cadence", {"name": "Spring", "webhookUrl": url})) == ["webhookUrl"]


def test_plain_http_is_for_the_local_stack_only(call):
    url = "http://127.0.0.1:8080/hooks"

    assert created(call, webhookUrl=url)["cadence"]["webhookUrl"] == url
    with setting(PRIVATE_SERVERS_ALLOWED="false"):
        assert refused(call("create_cadence", {"name": "Spring", "webhookUrl": url})) == ["webhookUrl"]


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"name": None}, "name"),
        ({"name": ""}, "name"),
        ({"name": "x" * 300}, "name"),
        ({"dailySendCap": 0}, "dailySendCap"),
        ({"dailySendCap": True}, "dailySendCap"),
        ({"dailySendCap": 2.5}, "dailySendCap"),
        ({"enabled": "yes"}, "enabled"),
        ({"businessHoursOnly": None}, "businessHoursOnly"),
        ({"exitOnReply": 1}, "exitOnReply"),
        ({"steps": {}}, "steps"),
        ({"steps": [EMAIL, "x"]}, "steps.1"),
        ({"steps": [EMAIL] * 51}, "steps"),
        ({"steps": [{"kind": "fax", "delayDays": 0}]}, "steps.0.kind"),
        ({"steps": [{"kind": "call", "delayDays": 0}]}, "steps.0.kind"),
        ({"steps": [{"kind": "email"}]}, "steps.0.delayDays"),
        ({"steps": [EMAIL | {"delayDays": -1}]}, "steps.0.delayDays"),
        ({"steps": [EMAIL | {"delayDays": 366}]}, "steps.0.delayDays"),
        ({"steps": [EMAIL | {"condition": "sometimes"}]}, "steps.0.condition"),
        ({"steps": [EMAIL | {"draftStrategy": "human"}]}, "steps.0.draftStrategy"),
        ({"steps": [EMAIL | {"staticSubject": "{{nickname}}"}]}, "steps.0.staticSubject"),
        ({"steps": [EMAIL | {"staticSubject": "two\nlines"}]}, "steps.0.staticSubject"),
        ({"steps": [WAIT | {"condition": "never_replied"}]}, "steps.0"),
        ({"steps": [EMAIL | {"staticBody": None}]}, "steps.0"),
        ({"steps": [EMAIL | {"staticSubject": None}]}, "steps.0"),
        ({"steps": [MESSAGE | {"draftStrategy": "static", "condition": None}]}, "steps.0"),
        ({"steps": [EMAIL, MESSAGE]}, "steps"),
        ({"steps": [MESSAGE, CONNECT]}, "steps"),
    ],
)
def test_what_cannot_be_is_refused_by_its_field_and_nothing_is_made(call, fields, named):
    assert refused(call("create_cadence", {"name": "Spring"} | fields)) == [named]
    assert call("list_cadences").body["items"] == []


def test_an_invitation_may_come_without_a_word(call):
    assert created(call, steps=[CONNECT | {"draftStrategy": "static"}])["steps"][0]["staticBody"] is None


def test_unknown_fields_are_taken_and_named(call):
    answer = call("create_cadence", {"name": "Spring", "colour": "red", "steps": [EMAIL | {"a": 1}, EMAIL | {"a": 2}]})

    assert answer.status == 201
    assert answer.headers["X-Unknown-Fields"] == "colour, steps.a"


def test_unknown_fields_are_named_where_the_rest_is_wrong(call):
    answer = call("create_cadence", {"title": "Spring"})

    assert refused(answer) == ["name"]
    assert answer.headers["X-Unknown-Fields"] == "title"


def test_more_text_than_a_sequence_holds_is_refused(call):
    steps = [EMAIL | {"staticBody": "x" * 90_000}] * 4

    assert call("create_cadence", {"name": "Spring", "steps": steps}).status == 400


def test_what_a_workspace_s_key_makes_is_its_workspace_s(call):
    inside = confined(call.func, workspace=3)

    made = inside("create_cadence", {"name": "Spring"}, group="myagentmail")

    assert made.status == 201
    assert stored(call, made.body["cadence"]["id"]).workspace == 3


def test_a_key_of_one_inbox_makes_none(call):
    answer = confined(call.func, workspace=3, sender=4)("create_cadence", {"name": "Spring"}, group="myagentmail")

    assert (answer.status, answer.body["code"]) == (403, "scope_missing")
    assert call("list_cadences").body["items"] == []


def test_hours_that_change_at_the_same_moment_are_the_ones_that_count(call, monkeypatch):
    create, seen = ConnectorStore.create, []

    def overtaken(store, *args, **options):
        if not seen:
            seen.append(call("set_hours", {"time_zone": "Asia/Tokyo"}, group="drumbeat").status)
        return create(store, *args, **options)

    monkeypatch.setattr(ConnectorStore, "create", overtaken)

    assert stored(call, cadence(call)).hours.zone == "Asia/Tokyo"
    assert seen == [200]
