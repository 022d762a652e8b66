"""POST /drumbeat/v1/agents: an agent with its dialler and its webhook, all or nothing."""

import pytest

from drumbeat import bootstrap
from drumbeat.domain.agent import Agent, CallRetry, Goal
from drumbeat.domain.ids import Kind, resource_uuid
from drumbeat.domain.schedule import Span
from drumbeat.domain.sequence import SequenceStatus, StepKind
from drumbeat.entrypoints import call_budget
from tests.contract.scene import everything, tenant_of
from tests.faults import Crash, fault
from tests.functional.julian.furniture import (
    DIALLER,
    OFFICE_HOURS,
    OUTCOMES,
    WEBHOOK,
    agent,
    create_agent,
    mailbox,
    sequence_of,
)
from tests.world import new_tenant

MAIL = {"stepType": "EMAIL", "delaySeconds": 3600, "subject": "Hi {{first_name}}", "text": "About {{account_id}}"}
FULL = {
    "timezones": ["America/New_York", "Europe/Berlin"],
    "callWindows": OFFICE_HOURS,
    "requiredVariables": ["account_id"],
    "steps": [{"stepType": "CALL"}, MAIL, {"stepType": "WAIT", "delaySeconds": 60}],
    "retries": {"Busy": {"times": 2, "delaySeconds": 900}},
    "creditsPerCall": 3,
    "titleCasing": True,
    "dailyCallCap": 500,
    "webhook": {"url": WEBHOOK},
}


def connector(call, number):
    found = bootstrap.sequences().sender(tenant_of(call), number)
    assert found is not None
    return found


def refused(answer):
    """The fields that a refusal names."""
    assert (answer.status, answer.body["code"]) == (422, "validation_failed"), answer
    return [entry["field"] for entry in answer.body["errors"]]


def test_a_name_and_a_zone_are_enough(caller):
    answer = caller("create_agent", {"name": "Renewals", "timezones": ["Europe/Berlin"]}, group="drumbeat")

    assert answer.status == 201
    made = answer.body
    assert (made["enabled"], made["callWindows"], made["creditsPerCall"]) == (True, [], 1)
    assert made["steps"] == [{"stepType": "CALL", "delaySeconds": 0, "subject": None, "body": None, "text": None}]
    assert made["dialler"] == made["webhook"] == {"url": None, "secret": None}


def test_all_that_is_asked_for_is_shown_back(caller):
    wanted = FULL | {"senderId": mailbox(caller)}

    made = create_agent(caller, **wanted).body

    steps = [{"subject": None, "body": None, "text": None, "delaySeconds": 0} | step for step in wanted["steps"]]
    webhook = made["webhook"] | {"secret": None}
    assert made | {"webhook": webhook} == made | wanted | {"steps": steps, "webhook": webhook, "outcomes": OUTCOMES}


def test_an_agent_is_a_sequence_that_is_on_with_hours_in_its_first_zone(caller):
    sender = mailbox(caller)

    made = sequence_of(caller, agent(caller, **FULL, senderId=sender))

    assert made.status is SequenceStatus.ACTIVE
    assert [step.kind for step in made.steps] == [StepKind.CALL, StepKind.EMAIL, StepKind.WAIT]
    assert [step.delay_minutes for step in made.steps] == [0, 60, 1]
    assert (made.hours.zone, made.hours.week[0], made.hours.week[5]) == ("America/New_York", (Span(540, 1020),), ())
    assert (made.exit_on_reply, made.exit_on_unsubscribe, made.daily_cap) == (True, True, 500)
    assert made.agent == Agent(
        zones=("America/New_York", "Europe/Berlin"),
        required=("account_id",),
        goals=(
            Goal("Renewed", "They renew for another year.", successful=True),
            Goal("Not interested", None, successful=False),
        ),
        retries={"Busy": CallRetry(2, 15)},
        credits_per_call=3,
        title_cases=True,
        sender=made.agent.sender,
        listener=made.agent.listener,
    )


def test_an_agent_without_windows_calls_at_any_time(caller):
    assert sequence_of(caller, agent(caller, callWindows=[])).hours is None


def test_seconds_are_rounded_up_to_whole_minutes_and_shown_so(caller):
    made = create_agent(caller, steps=[{"stepType": "CALL", "delaySeconds": 61}]).body

    assert made["steps"][0]["delaySeconds"] == 120


def test_each_app_has_a_secret_of_its_own_that_is_sealed_for_it(caller):
    made = create_agent(caller, webhook={"url": WEBHOOK}).body
    sequence = sequence_of(caller, made["id"])

    secrets = [made["dialler"]["secret"], made["webhook"]["secret"]]

    assert len(set(secrets)) == 2
    for secret, url, number in zip(
        secrets, (DIALLER, WEBHOOK), (sequence.connector, sequence.agent.listener), strict=True
    ):
        found = connector(caller, number)
        assert (found.host, found.is_mailbox) == (url, False)
        assert secret.startswith("whsec_")
        assert bootstrap.vault().open(found.sealed_password, tenant=sequence.tenant, sender=number) == secret


def test_the_secrets_are_kept_and_shown_nowhere_else(caller):
    made = create_agent(caller, webhook={"url": WEBHOOK}).body

    kept = str(everything())

    assert made["dialler"]["secret"] not in kept
    assert made["webhook"]["secret"] not in kept


def test_a_repeated_request_makes_one_agent_and_shows_its_secrets_once(caller):
    keyed = {"Idempotency-Key": "agent-1"}
    body = {"name": "Renewals", "timezones": ["UTC"], "dialler": {"url": DIALLER}}

    first = caller("create_agent", body, group="drumbeat", headers=keyed)
    again = caller("create_agent", body, group="drumbeat", headers=keyed)

    assert again.headers["Idempotent-Replayed"] == "true"
    assert again.body == first.body | {"dialler": {"url": DIALLER, "secret": None}}
    assert len(caller("list_agents", group="drumbeat").body) == 1


def test_said_again_after_a_crash_there_is_one_agent_whose_new_secrets_count(caller):
    body = {"name": "Renewals", "timezones": ["UTC"], "dialler": {"url": DIALLER}, "webhook": {"url": WEBHOOK}}
    caller("list_agents", group="drumbeat")
    with fault(0, after=True) as counted:
        caller("create_agent", body, group="drumbeat", headers={"Idempotency-Key": "calm"})
    caller.context.remaining = -1000  # the dead attempt's lock has run out by the time of the retry
    kept_at = counted.calls.index("TransactWriteItems") + 1
    with fault(kept_at, after=True), pytest.raises(Crash):
        caller("create_agent", body, group="drumbeat", headers={"Idempotency-Key": "k"})

    made = caller("create_agent", body, group="drumbeat", headers={"Idempotency-Key": "k"}).body

    assert len(caller("list_agents", group="drumbeat").body) == 2
    sequence = sequence_of(caller, made["id"])
    for app, number in (("dialler", sequence.connector), ("webhook", sequence.agent.listener)):
        sealed = connector(caller, number).sealed_password
        assert bootstrap.vault().open(sealed, tenant=sequence.tenant, sender=number) == made[app]["secret"]


BAD = {
    "timezones": [[], ["Mars/Base"], ["UTC", "UTC"], "UTC"],
    "callWindows": [
        [{"days": [], "start": "09:00", "end": "17:00"}],
        [{"days": ["mon"], "start": "17:00", "end": "09:00"}],
        [{"days": ["someday"], "start": "09:00", "end": "17:00"}],
        [{"days": ["mon"], "start": "9", "end": "17:00"}],
        [*OFFICE_HOURS, {"days": ["tue"], "start": "16:00", "end": "18:00"}],
    ],
    "requiredVariables": [["phoneNumber"], [""], ["a", "a"], ["a\n"]],
    "steps": [
        [],
        [MAIL],
        [{"stepType": "SMS"}],
        [{"stepType": "CALL", "subject": "x"}],
        [{"stepType": "CALL"}, {"stepType": "EMAIL", "subject": "x"}],
        [{"stepType": "CALL"}, {"stepType": "EMAIL", "subject": "x", "body": "y", "text": "y"}],
        [{"stepType": "CALL", "delaySeconds": -1}],
    ],
    "outcomes": [[{"name": "x"}], [{"name": "x", "successful": True}] * 2, [{"name": "", "successful": True}]],
    "retries": [
        {"Goal Completed": {"times": 1, "delaySeconds": 60}},
        {"Busy": {"times": 0, "delaySeconds": 60}},
        {"Busy": {"times": 1, "delaySeconds": 59}},
    ],
    "creditsPerCall": [-1, 1.5, True],
    "dailyCallCap": [0, -1, True],
    "titleCasing": ["yes"],
    "senderId": ["x", 7],
    "dialler": [{"url": "ftp://x"}, {"url": "https://user@x.example"}, {"uri": "https://x.example"}],
    "webhook": [{"url": "x"}],
    "enabled": [1],
    "typo": [1],
}


@pytest.mark.parametrize(("field", "value"), [(field, value) for field, values in BAD.items() for value in values])
def test_what_is_wrong_is_refused_by_its_name_and_leaves_nothing_behind(caller, field, value):
    caller("list_agents", group="drumbeat")  # the key's use is noted once an hour
    before = everything()
    call_budget.budget.forget()

    fields = refused(create_agent(caller, **{field: value}))

    assert all(name.split(".")[0] == field for name in fields)
    assert everything() == before


def test_a_placeholder_that_nobody_is_sure_to_fill_is_refused(caller):
    steps = [{"stepType": "CALL"}, MAIL]

    assert refused(create_agent(caller, steps=steps)) == ["steps.1"]
    assert create_agent(caller, steps=steps, requiredVariables=["account_id"]).status == 201


def test_only_a_mailbox_of_the_tenant_sends_its_mails(caller):
    dialler = sequence_of(caller, agent(caller)).connector

    assert refused(create_agent(caller, senderId=mailbox(new_tenant()))) == ["senderId"]
    assert refused(create_agent(caller, senderId=_sender_id(caller, dialler))) == ["senderId"]
    assert create_agent(caller, senderId=mailbox(caller)).status == 201


def _sender_id(call, number):
    return resource_uuid(Kind.SENDER, tenant_of(call), number)
