"""The worked examples of the source document on bulk-relink, request by request; what stands in it is asked of us."""

import pytest

from drumbeat.domain.enrollment import EnrollmentState
from drumbeat.domain.times import DAY
from drumbeat.entrypoints import clock
from tests.cadences import (
    CONNECT,
    MISSING,
    SESSION,
    Client,
    cadence,
    ended,
    enrolled,
    good,
    inbox,
    new_client,
    patch,
    relink,
    shown,
)
from tests.contract.myagentmail import check_enrollment, check_relinked
from tests.world import operator

NOW = 1_795_251_600_000
JANE = {"leadName": "Jane Doe", "leadLinkedinUrl": "https://www.linkedin.com/in/jane-doe-1a2b3c/"}
JOHN = {"leadName": "John Smith", "leadLinkedinUrl": "https://www.linkedin.com/in/john-smith/"}


@pytest.fixture
def time(monkeypatch):
    """The clock stands still; a test may turn it."""
    now = [NOW]
    monkeypatch.setattr(clock, "now", lambda: now[0])
    return now


@pytest.fixture
def client(stack, time):
    return new_client()


@pytest.fixture
def cadence_id(client):
    """It begins with an invitation, three days after the enrolment."""
    return cadence(client, steps=[CONNECT | {"delayDays": 3}])


@pytest.fixture
def rows(client, cadence_id):
    """Two leads that were enrolled with the wrong payload: nobody knows their profiles."""
    wrong = {"sessionId": SESSION, "leadProfileUrl": "https://www.linkedin.com/in/wrong-field/"}
    return [enrolled(client, cadence_id, external_id, **wrong)["id"] for external_id in ("crm-aaaa", "crm-bbbb")]


def updates(rows):
    return [{"enrollmentId": row} | lead for row, lead in zip(rows, (JANE, JOHN), strict=True)]


def test_the_first_example_repairs_both_rows_and_has_them_tried_again_at_once(client, cadence_id, rows, time):
    before = [shown(client, row) for row in rows]
    time[0] += DAY

    answer = relink(client, cadence_id, *updates(rows), retry_now=True)

    body = check_relinked(good(answer))
    assert (body["ok"], body["succeeded"], body["failed"]) == (True, 2, 0)
    assert [(row["ok"], row["enrollmentId"]) for row in body["results"]] == [(True, row) for row in rows]
    assert answer.headers["Content-Type"] == "application/json"
    due = {"nextStepDueAt": "2026-11-22T09:00:00.000Z"}
    expected = [old | lead | due for old, lead in zip(before, (JANE, JOHN), strict=True)]
    assert [row["enrollment"] for row in body["results"]] == expected
    assert [shown(client, row) for row in rows] == expected


def test_the_second_example_fails_the_row_that_is_over_and_repairs_the_other(client, cadence_id, rows):
    ended(client, rows[1], state=EnrollmentState.REPLIED, replied_at=NOW)
    before = shown(client, rows[1])

    body = check_relinked(good(relink(client, cadence_id, *updates(rows))))

    repaired, refused = body["results"]
    assert {name: body[name] for name in ("ok", "succeeded", "failed")} == {"ok": True, "succeeded": 1, "failed": 1}
    assert repaired["enrollment"]["leadLinkedinUrl"] == JANE["leadLinkedinUrl"]
    assert list(refused.items()) == [
        ("ok", False),
        ("enrollmentId", rows[1]),
        ("code", "ENROLLMENT_TERMINAL_STATE"),
        ("error", "Enrollment is in terminal state 'replied'; lead identity cannot be modified."),
        ("detail", {"state": "replied"}),
    ]
    assert shown(client, rows[1]) == before


def test_without_retry_now_nothing_is_tried_earlier(client, cadence_id, rows):
    before = [shown(client, row)["nextStepDueAt"] for row in rows]

    unasked = good(relink(client, cadence_id, *updates(rows)))
    refused = good(relink(client, cadence_id, *updates(rows), retry_now=False))

    assert before == ["2026-11-24T09:00:00.000Z"] * 2
    for body in (unasked, refused):
        assert [row["enrollment"]["nextStepDueAt"] for row in body["results"]] == before


def test_only_the_fields_that_are_there_are_touched_and_an_explicit_null_clears(client, cadence_id, rows):
    good(relink(client, cadence_id, {"enrollmentId": rows[0]} | JANE | {"leadProfileUrn": "urn:li:jane"}))

    body = good(relink(client, cadence_id, {"enrollmentId": rows[0], "leadName": None, "leadProfileUrn": "urn:li:2"}))

    (row,) = check_relinked(body)["results"]
    lead = {name: row["enrollment"][name] for name in ("leadName", "leadLinkedinUrl", "leadProfileUrn")}
    assert lead == {"leadName": None, "leadLinkedinUrl": JANE["leadLinkedinUrl"], "leadProfileUrn": "urn:li:2"}


def test_a_row_shows_the_enrollment_as_the_single_patch_does(client, cadence_id, rows):
    (row,) = good(relink(client, cadence_id, {"enrollmentId": rows[0]} | JANE))["results"]

    patched = good(patch(client, rows[0], **JANE))

    assert patched["enrollment"] == check_enrollment(row["enrollment"])
    assert list(patched["enrollment"]) == list(row["enrollment"])


def test_every_documented_field_is_taken_in_its_documented_format(client, cadence_id, rows):
    update = JANE | {
        "leadEmail": "jane@doe.example",
        "leadProfileUrn": "urn:li:fsd_profile:ACoAAB",
        "leadExternalId": "crm-cccc",
        "inboxId": None,
        "sessionId": "5e551050-0000-4000-8000-00000000000f",
    }

    (row,) = check_relinked(good(relink(client, cadence_id, {"enrollmentId": rows[0]} | update)))["results"]

    assert {name: row["enrollment"][name] for name in update} == update


def test_a_row_that_points_at_a_different_cadence_is_refused(client, rows):
    other = cadence(client, steps=[CONNECT])

    body = check_relinked(good(relink(client, other, *updates(rows))))

    assert [row["code"] for row in body["results"]] == ["CADENCE_MISMATCH"] * 2
    assert (body["ok"], body["succeeded"], body["failed"]) == (True, 0, 2)


def test_the_status_is_200_even_when_every_row_fails(client, cadence_id):
    answer = relink(client, cadence_id, {"enrollmentId": MISSING}, {"enrollmentId": "01HZ…aaaa"})

    assert answer.status == 200
    assert [row["code"] for row in check_relinked(answer.body)["results"]] == ["NOT_FOUND"] * 2


def test_a_hundred_updates_are_taken_and_one_more_is_not(client, cadence_id, rows):
    many = [{"enrollmentId": rows[place % 2], "leadName": f"Lead {place}"} for place in range(101)]

    taken = check_relinked(good(relink(client, cadence_id, *many[:100])))
    refused = relink(client, cadence_id, *many)

    assert (taken["succeeded"], len(taken["results"])) == (100, 100)
    assert refused.status == 400
    assert {"error", "code"} <= set(refused.body)
    assert [shown(client, row)["leadName"] for row in rows] == ["Lead 98", "Lead 99"]


@pytest.mark.parametrize("header", ["X-API-Key", "Authorization"])
def test_the_key_goes_into_either_header(client, cadence_id, rows, header):
    headers = {header: client.key if header == "X-API-Key" else f"Bearer {client.key}"}

    assert good(relink(client, cadence_id, *updates(rows), headers=headers))["succeeded"] == 2


def test_every_prefix_of_the_key_table_is_accepted(stack, time):
    """A key of the whole account, of a workspace, of an inbox, and the operator's."""
    made = good(Client(operator().key)("POST", "/tenants", {"name": "Acme", "email": "ops@acme.example"}), 201)
    account = Client(made["key"]["key"])
    workspace = good(account("POST", "/workspaces", {"name": "North"}), 201)["workspace"]["id"]
    of_workspace = Client(good(account("POST", "/keys", {"name": "x", "workspaceId": workspace}), 201)["key"]["key"])
    inbox_id = inbox(of_workspace)
    of_inbox = Client(good(account("POST", "/keys", {"name": "y", "inboxId": inbox_id}), 201)["key"]["key"])
    cadence_id = cadence(of_workspace)
    row = enrolled(of_inbox, cadence_id, "crm-1", inboxId=inbox_id)["id"]
    keys = {client.key[:3]: {"X-API-Key": client.key} for client in (account, of_workspace, of_inbox)}
    keys["sa_"] = {"X-API-Key": operator().key, "X-Tenant-Id": made["tenant"]["id"]}

    answers = {
        prefix: good(relink(account, cadence_id, {"enrollmentId": row, "leadName": prefix}, headers=headers))
        for prefix, headers in keys.items()
    }

    assert set(answers) == {"tk_", "wk_", "ak_", "sa_"}
    assert {prefix: body["results"][0]["enrollment"]["leadName"] for prefix, body in answers.items()} == {
        prefix: prefix for prefix in keys
    }


def test_a_key_of_another_workspace_sees_neither_the_cadence_nor_its_rows(client, cadence_id, rows):
    workspace = good(client("POST", "/workspaces", {"name": "South"}), 201)["workspace"]["id"]
    confined = Client(good(client("POST", "/keys", {"name": "x", "workspaceId": workspace}), 201)["key"]["key"])
    theirs = cadence(confined, steps=[CONNECT])

    foreign = relink(confined, cadence_id, *updates(rows))
    body = check_relinked(good(relink(confined, theirs, *updates(rows))))

    assert foreign.status == 404
    assert [row["code"] for row in body["results"]] == ["NOT_FOUND"] * 2


def test_the_path_is_served_as_it_is_printed_and_as_it_is_written_about(client, cadence_id, rows):
    bare = Client(client.key, prefix="")

    printed = good(relink(bare, cadence_id, *updates(rows)))
    written = good(relink(client, cadence_id, *updates(rows)))

    assert printed == written
