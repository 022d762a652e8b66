"""From nothing to a mail, through MyAgentMail's API alone: key, inbox, cadence, enrolment, and some minutes."""

from functools import partial

import pytest

from functions.admin.create_tenant import handler as create_tenant
from tests.functional.myagentmail.account import SMTP, inbox, with_key, workspace
from tests.functional.myagentmail.furniture import EMAIL, cadence
from tests.stage import recipients
from tests.world import Caller, Context

LEAD = {"leadExternalId": "crm-1", "leadName": "Bo Ek", "leadEmail": "bo@corp.example"}


@pytest.fixture
def newcomer(stage):
    """Has nothing but the key that the operator's first call gives."""
    made = create_tenant({"name": "Acme", "email": "ops@acme.example"}, Context())
    return partial(Caller(made["api_key"]), group="myagentmail")


def _server(server):
    return {"smtp": SMTP | {"host": "127.0.0.1", "port": server.port}}


def test_a_newcomer_mails_somebody(newcomer, stage, server):
    sender = inbox(newcomer, **_server(server))
    spring = cadence(newcomer, steps=[EMAIL], businessHoursOnly=False)

    answer = newcomer("create_enrollment", LEAD | {"inboxId": sender}, cadence_id=spring)
    stage.run(5)

    assert (answer.status, answer.body["created"]) == (200, True)
    assert recipients(server) == ["bo@corp.example"]


def test_so_does_one_who_splits_the_account_and_gives_a_program_a_key_of_its_inbox(newcomer, stage, server):
    inside = with_key(newcomer, workspaceId=workspace(newcomer))
    sender = inbox(inside, **_server(server))
    spring = cadence(inside, steps=[EMAIL], businessHoursOnly=False)
    program = with_key(inside, inboxId=sender)

    made = program("create_enrollment", LEAD | {"inboxId": sender}, cadence_id=spring).body["enrollment"]["id"]
    stage.run(5)

    assert recipients(server) == ["bo@corp.example"]
    assert program("get_enrollment", enrollment_id=made).body["enrollment"]["state"] == "completed"
