"""Who reaches what of MyAgentMail's API: every function, with keys of every reach (contract 3.1, docs/adr/0029)."""

import json
from functools import partial

import pytest

from tests.architecture.stack import api_functions
from tests.functional.myagentmail.two_workspaces import CALLERS, Account, furnished, kept
from tests.world import new_tenant

ANSWERS = {
    "list_workspaces": (200, 200, 200, 200, 200, 200, 400, 200),
    "create_workspace": (201, 403, 403, 403, 403, 403, 400, 201),
    "get_workspace": (200, 200, 404, 200, 200, 404, 400, 200),
    "list_keys": (200, 200, 200, 403, 403, 403, 400, 200),
    "create_key": (201, 201, 201, 403, 403, 403, 400, 201),
    "delete_key": (200, 200, 404, 403, 403, 403, 400, 200),
    "create_tenant": (403, 403, 403, 403, 403, 403, 201, 201),
    "list_inboxes": (200, 200, 200, 200, 200, 200, 400, 200),
    "create_inbox": (201, 201, 201, 403, 403, 403, 400, 201),
    "get_inbox": (200, 200, 404, 200, 404, 404, 400, 200),
    "update_inbox": (200, 200, 404, 403, 403, 403, 400, 200),
    "delete_inbox": (409, 409, 404, 403, 403, 403, 400, 409),
    "list_cadences": (200, 200, 200, 200, 200, 200, 400, 200),
    "create_cadence": (201, 201, 201, 403, 403, 403, 400, 201),
    "get_cadence": (200, 200, 404, 200, 200, 404, 400, 200),
    "update_cadence": (200, 200, 404, 403, 403, 404, 400, 200),
    "replace_cadence_steps": (200, 200, 404, 403, 403, 404, 400, 200),
    "run_cadence": (200, 200, 404, 403, 403, 404, 400, 200),
    "list_enrollments": (200, 200, 404, 200, 200, 404, 400, 200),
    "create_enrollment": (200, 200, 404, 200, 400, 404, 400, 200),
    "get_enrollment": (200, 200, 404, 200, 404, 404, 400, 200),
    "update_enrollment": (200, 200, 404, 200, 404, 404, 400, 200),
    "bulk_relink": (200, 200, 404, 200, 200, 404, 400, 200),
    "delete_cadence": (409, 409, 404, 403, 403, 404, 400, 409),
}
CASES = [
    (operation, caller, answer)
    for operation in ANSWERS
    for caller, answer in zip(CALLERS, ANSWERS[operation], strict=True)
]


@pytest.fixture
def account(stack):
    return furnished()


def test_every_function_is_in_the_table():
    functions = {f.name.partition("/")[2] for f in api_functions() if f.name.startswith("myagentmail/")}

    assert functions == set(ANSWERS)


@pytest.mark.parametrize(("operation", "caller", "status"), CASES, ids=[f"{o}-{c}" for o, c, _ in CASES])
def test_a_key_reaches_what_it_is_for_and_nothing_else(account, operation, caller, status):
    before = kept(account)

    answer = account.ask(operation, caller)

    assert answer.status == status, answer
    asked, told = json.dumps(account.body_of(operation)), json.dumps(answer.body)
    assert not [spelled for spelled in account.unseen.get(caller, ()) if spelled in told and spelled not in asked]
    assert status < 300 or kept(account) == before


@pytest.mark.parametrize("operation", [operation for operation in ANSWERS if 404 in ANSWERS[operation]])
def test_what_is_out_of_reach_is_worded_like_what_is_not_there(account, operation):
    stranger = Account({"stranger": partial(new_tenant(), group="myagentmail")}, account.path, {})

    foreign, missing = account.ask(operation, "other_workspace"), stranger.ask(operation, "stranger")

    assert (foreign.status, foreign.body) == (missing.status, missing.body)


def test_a_row_of_a_bulk_call_that_is_out_of_reach_is_missing_and_stays(account):
    before = kept(account)

    (row,) = account.ask("bulk_relink", "inbox_beside").body["results"]

    assert (row["ok"], row["code"]) == (False, "NOT_FOUND")
    assert kept(account) == before


@pytest.mark.parametrize("elsewhere", [None, "inbox_beside"])
def test_a_key_of_an_inbox_gives_no_enrollment_away(account, elsewhere):
    other = account.callers["inbox_beside"]("list_inboxes").body["items"][0]["id"]
    wanted = {"inboxId": None if elsewhere is None else other}
    before = kept(account)

    (row,) = account.ask(
        "bulk_relink", "inbox", body={"updates": [account.body_of("bulk_relink")["updates"][0] | wanted]}
    ).body["results"]

    assert (row["ok"], row["code"]) == (False, "PATCH_FAILED")
    assert kept(account) == before


def test_a_lead_that_another_inbox_has_is_not_shown_to_a_key_of_an_inbox(account):
    mine = account.callers["inbox_beside"]("list_inboxes").body["items"][0]["id"]
    lead = {"leadExternalId": "crm-1", "leadEmail": "al@corp.example", "inboxId": mine}
    again = [lead, lead | {"leadExternalId": "another"}]

    answers = [account.ask("create_enrollment", "inbox_beside", body=body) for body in again]

    assert [answer.status for answer in answers] == [409] * 2
    assert account.path["enrollment_id"] not in json.dumps([answer.body for answer in answers])


def test_an_inbox_of_one_workspace_carries_no_cadence_of_another(account):
    foreign = account.callers["other_workspace"]("list_inboxes").body["items"][0]["id"]

    answer = account.ask(
        "create_enrollment", "account", body=account.body_of("create_enrollment") | {"inboxId": foreign}
    )

    assert (answer.status, answer.body["details"][0]["field"]) == (400, "inboxId")
