"""PATCH /drumbeat/v1/agents/{agent_id}: what is there changes, and nothing else."""

import pytest

from drumbeat import bootstrap
from drumbeat.domain.sequence import SequenceStatus
from tests.functional.drumbeat.test_create_agent import BAD, FULL, refused
from tests.functional.julian.furniture import DIALLER, OFFICE_HOURS, WEBHOOK, agent, create_agent, mailbox, sequence_of
from tests.world import new_tenant

ELSEWHERE = "https://other.acme.example/calls"
CHANGES = {
    "name": "Winbacks",
    "callWindows": [{"days": ["sat"], "start": "10:00", "end": "24:00"}],
    "requiredVariables": ["account_id", "product"],
    "steps": [{"stepType": "CALL", "delaySeconds": 60, "subject": None, "body": None, "text": None}],
    "outcomes": [{"name": "Won", "description": None, "successful": True}],
    "retries": {"No Answer": {"times": 1, "delaySeconds": 120}},
    "creditsPerCall": 0,
    "titleCasing": False,
    "senderId": None,
    "dailyCallCap": None,
    "enabled": False,
}


def changed(call, agent_id, **fields):
    answer = call("update_agent", fields, group="drumbeat", agent_id=agent_id)
    assert answer.status == 200, answer
    return answer.body


def shown(call, agent_id):
    return call("get_agent", group="drumbeat", agent_id=agent_id).body


def secret_of(call, agent_id, which):
    """The secret that an app's requests are signed with."""
    sequence = sequence_of(call, agent_id)
    number = sequence.connector if which == "dialler" else sequence.agent.listener
    sealed = bootstrap.sequences().sender(sequence.tenant, number).sealed_password
    return bootstrap.vault().open(sealed, tenant=sequence.tenant, sender=number)


@pytest.mark.parametrize("field", CHANGES)
def test_one_field_changes_and_all_others_stay(caller, field):
    made = agent(caller, **FULL, senderId=mailbox(caller))
    before = shown(caller, made)
    wanted = {field: CHANGES[field]}

    told = changed(caller, made, **wanted)

    assert told == shown(caller, made)
    assert told == before | wanted | {"updatedAt": told["updatedAt"]}


def test_the_zone_of_the_hours_is_the_first_zone_whatever_else_stays(caller):
    made = agent(caller, callWindows=OFFICE_HOURS)
    week = sequence_of(caller, made).hours.week

    changed(caller, made, timezones=["Asia/Tokyo", "UTC"])

    hours = sequence_of(caller, made).hours
    assert (hours.zone, hours.week) == ("Asia/Tokyo", week)


@pytest.mark.parametrize("windows", [[], None])
def test_without_windows_it_calls_at_any_time(caller, windows):
    made = agent(caller, callWindows=OFFICE_HOURS)

    assert changed(caller, made, callWindows=windows)["callWindows"] == []
    assert sequence_of(caller, made).hours is None


def test_an_agent_that_is_off_sends_nothing_until_it_is_on_again(caller):
    made = agent(caller)

    changed(caller, made, enabled=False)
    assert sequence_of(caller, made).status is SequenceStatus.PAUSED

    changed(caller, made, enabled=True)
    assert sequence_of(caller, made).status is SequenceStatus.ACTIVE


@pytest.mark.parametrize("which", ["dialler", "webhook"])
def test_an_app_that_moves_keeps_its_secret(caller, which):
    made = create_agent(caller, webhook={"url": WEBHOOK}).body

    told = changed(caller, made["id"], **{which: {"url": ELSEWHERE}})

    assert told[which] == {"url": ELSEWHERE, "secret": None}
    assert secret_of(caller, made["id"], which) == made[which]["secret"]


@pytest.mark.parametrize("which", ["dialler", "webhook"])
def test_a_secret_is_another_one_when_that_is_asked_for_and_shown_once(caller, which):
    made = create_agent(caller, webhook={"url": WEBHOOK}).body

    told = changed(caller, made["id"], **{which: {"rotateSecret": True}})

    assert told[which]["url"] == made[which]["url"]
    assert told[which]["secret"] not in {None, made[which]["secret"]}
    assert secret_of(caller, made["id"], which) == told[which]["secret"]
    assert shown(caller, made["id"])[which]["secret"] is None


def test_the_first_webhook_brings_its_secret(caller):
    made = agent(caller)

    told = changed(caller, made, webhook={"url": WEBHOOK})

    assert told["webhook"]["secret"] == secret_of(caller, made, "webhook")
    assert told["dialler"] == {"url": DIALLER, "secret": None}


def test_an_app_that_listens_nowhere_has_no_secret(caller):
    made = create_agent(caller, webhook={"url": WEBHOOK}).body["id"]

    assert changed(caller, made, webhook=None)["webhook"] == {"url": None, "secret": None}
    assert changed(caller, made, webhook={"rotateSecret": True})["webhook"] == {"url": None, "secret": None}


def test_a_retry_under_one_key_shows_no_secret_again(caller):
    made, keyed = agent(caller), {"Idempotency-Key": "rotate"}
    body = {"dialler": {"rotateSecret": True}}

    first = caller("update_agent", body, group="drumbeat", headers=keyed, agent_id=made)
    again = caller("update_agent", body, group="drumbeat", headers=keyed, agent_id=made)

    assert (again.body["dialler"]["secret"], again.headers["Idempotent-Replayed"]) == (None, "true")
    assert secret_of(caller, made, "dialler") == first.body["dialler"]["secret"]


@pytest.mark.parametrize(("field", "value"), [(field, value) for field, values in BAD.items() for value in values])
def test_what_is_wrong_is_refused_by_its_name_and_changes_nothing(caller, field, value):
    made = agent(caller)
    before = shown(caller, made)

    fields = refused(caller("update_agent", {field: value}, group="drumbeat", agent_id=made))

    assert all(name.split(".")[0] == field for name in fields)
    assert shown(caller, made) == before


def test_a_variable_that_a_mail_names_stays_required(caller):
    made = agent(caller, **FULL)

    answer = caller("update_agent", {"requiredVariables": []}, group="drumbeat", agent_id=made)

    assert refused(answer) == ["steps.1"]
    assert shown(caller, made)["requiredVariables"] == ["account_id"]


def test_another_tenant_s_agent_is_missing_and_stays_as_it_is(caller):
    other = new_tenant()
    made = agent(other)
    before = shown(other, made)

    answer = caller("update_agent", {"name": "Mine"}, group="drumbeat", agent_id=made)

    assert (answer.status, answer.body["title"]) == (404, "No such agent.")
    assert shown(other, made) == before
