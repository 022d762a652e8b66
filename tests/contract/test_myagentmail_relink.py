"""Contract 3.4 and 3.5: every code with its detail, null, absent and value of every field, rows in their order."""

import json
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drumbeat.domain.enrollment import EnrollmentState
from drumbeat.domain.ids import Kind, resource_uuid
from drumbeat.domain.times import DAY, MINUTE
from drumbeat.entrypoints import clock
from tests.cadences import (
    CONNECT,
    EMAIL,
    MISSING,
    SESSION,
    Client,
    cadence,
    codes,
    ended,
    enrolled,
    good,
    inbox,
    kept,
    new_client,
    patch,
    relink,
    relinked,
    shown,
    suppressed,
)
from tests.contract.myagentmail import LEAD_FIELDS, TERMINAL, TERMINAL_ERROR, check_enrollment, check_relinked

NOW = 1_795_251_600_000
WAIT = [{"kind": "wait", "delayDays": 1}]
SECOND_SESSION = "5e551050-0000-4000-8000-000000000002"
VALUES = {
    "leadName": ("Jane Doe", "John Smith"),
    "leadEmail": ("jane@lead.example", "john@lead.example"),
    "leadLinkedinUrl": ("https://www.linkedin.com/in/jane/", "https://www.linkedin.com/in/john/"),
    "leadProfileUrn": ("urn:li:fsd_profile:jane", "urn:li:fsd_profile:john"),
    "leadExternalId": ("crm-jane", "crm-john"),
    "sessionId": (SESSION, SECOND_SESSION),
}
# How each terminal state of the contract is kept.
KEPT = {
    "completed": {"state": EnrollmentState.FINISHED},
    "replied": {"state": EnrollmentState.REPLIED, "replied_at": NOW},
    "bounced": {"state": EnrollmentState.BOUNCED, "bounced_at": NOW},
    "unsubscribed": {"state": EnrollmentState.UNSUBSCRIBED, "unsubscribed_at": NOW},
    "unenrolled": {"state": EnrollmentState.REMOVED},
    "failed": {"state": "failed"},
}


@pytest.fixture(autouse=True)
def time(monkeypatch):
    """The clock stands still; a test may turn it."""
    now = [NOW]
    monkeypatch.setattr(clock, "now", lambda: now[0])
    return now


@pytest.fixture
def client(stack):
    return new_client()


@pytest.fixture
def cadence_id(client):
    """It asks for neither an inbox nor a session."""
    return cadence(client, steps=WAIT)


@pytest.fixture
def values(client):
    """Two values for every field of a row."""
    return VALUES | {"inboxId": (inbox(client), inbox(client))}


@pytest.fixture
def leads(client, cadence_id):
    """Makes enrollments with the external ids that are given."""
    return lambda *external_ids: [enrolled(client, cadence_id, each)["id"] for each in external_ids]


# Null, absent, value


@pytest.mark.parametrize("single", [False, True], ids=["bulk", "patch"])
@pytest.mark.parametrize("name", LEAD_FIELDS)
def test_a_value_sets_null_clears_and_absence_keeps(client, cadence_id, values, name, single):
    full = {field: pair[0] for field, pair in values.items()}
    (row,) = [enrolled(client, cadence_id, full.pop("leadExternalId"), **full)["id"]]
    start = shown(client, row)

    def change(fields):
        if single:
            return good(patch(client, row, **fields))["enrollment"]
        ((result),) = relinked(client, cadence_id, {"enrollmentId": row} | fields)
        return result["enrollment"]

    steps = [{}, {name: values[name][1]}, {}, {name: None}, {}, {name: None}, {name: values[name][0]}]
    answers = [change(fields) for fields in steps]

    was, second = values[name][0], values[name][1]
    expected = [start | {name: value} for value in (was, second, second, None, None, None, was)]
    assert [check_enrollment(answer) for answer in answers] == expected
    assert shown(client, row) == start


def test_all_fields_at_once(client, cadence_id, values):
    row = enrolled(client, cadence_id, "crm-0")["id"]
    start, full = shown(client, row), {field: pair[1] for field, pair in values.items()}

    filled = relinked(client, cadence_id, {"enrollmentId": row} | full)
    cleared = relinked(client, cadence_id, {"enrollmentId": row} | dict.fromkeys(full))

    assert [result["enrollment"] for result in filled] == [start | full]
    assert [result["enrollment"] for result in cleared] == [start | dict.fromkeys(full)]


def test_an_enrolment_shows_what_it_was_given(client, cadence_id, values):
    full = {field: pair[0] for field, pair in values.items()}
    external_id = full.pop("leadExternalId")

    row = enrolled(client, cadence_id, external_id, **full, context={"company": "Acme", "tags": ["a", 1, None]})

    assert {name: row[name] for name in full} == full
    assert (row["leadExternalId"], row["cadenceId"], row["state"]) == (external_id, cadence_id, "active")
    assert row["context"] == {"company": "Acme", "tags": ["a", 1, None]}
    assert check_enrollment(shown(client, row["id"])) == check_enrollment(row)


def test_the_same_lead_is_enrolled_once_and_the_second_call_changes_nothing(client, cadence_id, values):
    first = good(client("POST", f"/cadences/{cadence_id}/enrollments", {"leadExternalId": "crm-1", "leadName": "A"}))

    again = good(client("POST", f"/cadences/{cadence_id}/enrollments", {"leadExternalId": "crm-1", "leadName": "B"}))

    assert (first["created"], again["created"]) == (True, False)
    assert again["enrollment"] == first["enrollment"]
    assert first["enrollment"]["leadName"] == "A"


def test_the_same_external_id_is_free_in_another_cadence(client, cadence_id, leads):
    leads("crm-1")

    assert enrolled(client, cadence(client, steps=WAIT), "crm-1")["leadExternalId"] == "crm-1"


# The codes


def not_found(client):
    """Ids that name no enrollment of the client, and why."""
    other = new_client()
    theirs = enrolled(other, cadence(other, steps=WAIT), "crm-1")["id"]
    return {
        "never made": MISSING,
        "another tenant's": theirs,
        "of another kind": cadence(client, steps=WAIT),
        "no contact of ours": resource_uuid(Kind.CONTACT, client.tenant, 1),
        "no uuid": "01HZ…aaaa",
        "empty": "",
        "long": "x" * 5_000,
    }


def test_an_enrollment_that_is_none_of_ours_is_not_found(client, cadence_id):
    named = not_found(client)

    answer = relink(client, cadence_id, *({"enrollmentId": each, "leadName": "x"} for each in named.values()))

    results = check_relinked(good(answer))["results"]
    assert codes(results) == ["NOT_FOUND"] * len(named)
    assert [row["enrollmentId"] for row in results] == list(named.values())
    assert len({row["error"] for row in results}) == 1


def test_a_foreign_enrollment_is_left_as_it_is(client, cadence_id):
    other = new_client()
    theirs = enrolled(other, cadence(other, steps=WAIT), "crm-1", leadEmail="p@lead.example")
    before = kept(other)

    relink(client, cadence_id, {"enrollmentId": theirs["id"], "leadName": "x", "leadEmail": "q@lead.example"})

    assert kept(other) == before


def test_an_enrollment_of_another_cadence_is_a_mismatch_whatever_its_state(client, cadence_id, leads):
    ids = leads("crm-1", "crm-2")
    ended(client, ids[1], state=EnrollmentState.REPLIED)
    other = cadence(client, steps=WAIT)
    before = kept(client)

    answer = relink(client, other, *({"enrollmentId": each, "leadExternalId": "crm-2"} for each in ids))

    assert codes(check_relinked(good(answer))["results"]) == ["CADENCE_MISMATCH"] * 2
    assert kept(client) == before


@pytest.mark.parametrize("state", TERMINAL)
def test_one_that_is_over_is_refused_with_its_state(client, cadence_id, leads, state):
    (row,) = leads("crm-1")
    ended(client, row, **(KEPT[state] | {"state": EnrollmentState(KEPT[state]["state"])}))
    before = kept(client)

    (result,) = check_relinked(good(relink(client, cadence_id, {"enrollmentId": row, "leadName": "x"})))["results"]

    assert (result["code"], result["detail"]) == ("ENROLLMENT_TERMINAL_STATE", {"state": state})
    assert result["error"] == TERMINAL_ERROR.format(state=state)
    assert shown(client, row)["state"] == state
    assert kept(client) == before


def test_every_identity_field_of_one_that_is_over_is_refused(client, cadence_id, leads, values):
    (row,) = leads("crm-1")
    ended(client, row, state=EnrollmentState.REPLIED)
    before = kept(client)

    changes = [{name: value} for name, pair in values.items() for value in (pair[1], None)]
    results = relinked(client, cadence_id, *({"enrollmentId": row} | change for change in changes), retry_now=True)

    assert set(codes(results)) == {"ENROLLMENT_TERMINAL_STATE"}
    assert kept(client) == before


def test_a_taken_external_id_is_a_conflict_and_nothing_of_its_row_is_done(client, cadence_id, leads):
    _, row = leads("crm-1", "crm-2")
    before = kept(client)

    update = {"enrollmentId": row, "leadName": "x", "leadEmail": "x@lead.example", "leadExternalId": "crm-1"}
    (result,) = check_relinked(good(relink(client, cadence_id, update)))["results"]

    assert (result["code"], result["detail"]) == ("LEAD_EXTERNAL_ID_CONFLICT", {"conflictingExternalId": "crm-1"})
    assert kept(client) == before


def test_an_external_id_that_is_over_is_still_taken(client, cadence_id, leads):
    holder, row = leads("crm-1", "crm-2")
    ended(client, holder, state=EnrollmentState.REPLIED)

    assert codes(relinked(client, cadence_id, {"enrollmentId": row, "leadExternalId": "crm-1"})) == [
        "LEAD_EXTERNAL_ID_CONFLICT"
    ]


def test_its_own_external_id_is_no_conflict(client, cadence_id, leads):
    (row,) = leads("crm-1")

    assert codes(relinked(client, cadence_id, {"enrollmentId": row, "leadExternalId": "crm-1"})) == [None]


def test_external_ids_are_told_apart_by_every_character(client, cadence_id, leads):
    row, *_ = leads("crm-1", "CRM-1", " crm-1", "crm-1\u0301", "crm-\u0661")

    results = relinked(
        client, cadence_id, *({"enrollmentId": row, "leadExternalId": each} for each in ("Crm-1", "CRM-1"))
    )

    assert codes(results) == [None, "LEAD_EXTERNAL_ID_CONFLICT"]


def test_an_inbox_that_is_not_there_fails_its_row_alone(client, cadence_id, leads):
    first, second = leads("crm-1", "crm-2")
    theirs = inbox(new_client())
    before = shown(client, first)

    answer = relink(
        client,
        cadence_id,
        {"enrollmentId": first, "leadName": "x", "inboxId": MISSING},
        {"enrollmentId": first, "leadName": "x", "inboxId": theirs},
        {"enrollmentId": second, "leadName": "y"},
    )

    results = check_relinked(good(answer))["results"]
    assert codes(results) == ["PATCH_FAILED", "PATCH_FAILED", None]
    assert shown(client, first) == before


def test_one_whose_mail_is_on_its_way_is_not_changed_meanwhile(client, cadence_id, leads):
    """Its mail may be leaving to the old address while we say that it goes to the new one."""
    (row,) = leads("crm-1")
    ended(client, row, owner="somebody", lease=NOW + MINUTE)
    before = kept(client)

    answer = relink(client, cadence_id, {"enrollmentId": row, "leadEmail": "new@lead.example"}, retry_now=True)

    assert codes(check_relinked(good(answer))["results"]) == ["PATCH_FAILED"]
    assert kept(client) == before


def test_nobody_who_opted_out_is_relinked_into_being_mailed(client, cadence_id, leads):
    (row,) = leads("crm-1")
    suppressed(client, "gone@lead.example")
    before = shown(client, row)

    answer = relink(client, cadence_id, {"enrollmentId": row, "leadEmail": "Gone@lead.example"}, retry_now=True)

    assert codes(check_relinked(good(answer))["results"]) == ["PATCH_FAILED"]
    assert shown(client, row) == before


# The whole call


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"updates": None},
        {"updates": {}},
        {"updates": "x"},
        {"updates": [None]},
        {"updates": ["x"]},
        {"updates": [[]]},
        {"updates": [{}]},
        {"updates": [{"leadName": "x"}]},
        {"updates": [{"enrollmentId": None}]},
        {"updates": [{"enrollmentId": 7}]},
        {"updates": [{"enrollmentId": MISSING}] * 101},
    ],
    ids=lambda body: json.dumps(body)[:40],
)
def test_a_body_of_another_shape_is_refused_as_a_whole(client, cadence_id, body):
    answer = client("POST", f"/cadences/{cadence_id}/enrollments/bulk-relink", body)

    assert answer.status == 400
    assert isinstance(answer.body["error"], str)


WRONG = [
    {"leadEmail": "nobody"},
    {"leadEmail": "a@b@c.example"},
    {"leadEmail": "a@b.example\r\nBcc: c@d.example"},
    {"leadEmail": 7},
    {"leadName": 7},
    {"leadName": ["x"]},
    {"leadName": "x" * 10_000},
    {"leadLinkedinUrl": "not a url"},
    {"leadLinkedinUrl": True},
    {"inboxId": "no-uuid"},
    {"inboxId": 1},
    {"sessionId": 7},
    {"leadExternalId": 7},
    {"leadExternalId": ""},
    {"leadExternalId": "x" * 10_000},
    {"leadProfileUrn": {}},
]


@pytest.mark.parametrize("change", WRONG, ids=lambda change: repr(change)[:40])
def test_a_wrong_value_fails_its_row_alone_and_leaves_nothing_of_it_behind(client, cadence_id, leads, change):
    """The document: a single bad row does not fail the whole batch."""
    first, second = leads("crm-1", "crm-2")
    before = shown(client, first)
    good_parts = {"leadName": "x", "leadEmail": "new@lead.example", "leadExternalId": "crm-3"}
    everything_before = len(kept(client))

    results = relinked(
        client,
        cadence_id,
        {"enrollmentId": first} | good_parts | change,
        {"enrollmentId": second, "leadName": "y"},
        retry_now=True,
    )

    assert codes(results) == ["PATCH_FAILED", None]
    assert next(iter(change)) in results[0]["error"]
    assert shown(client, first) == before
    assert (shown(client, second)["leadName"], len(kept(client))) == ("y", everything_before)


@pytest.mark.parametrize("change", WRONG, ids=lambda change: repr(change)[:40])
def test_a_wrong_value_in_the_single_patch_is_a_400(client, leads, change):
    (row,) = leads("crm-1")
    before = kept(client)

    answer = patch(client, row, **({"leadName": "x", "leadEmail": "new@lead.example"} | change))

    assert answer.status == 400
    assert next(iter(change)) in json.dumps(answer.body)
    assert kept(client) == before


def test_a_hundred_and_one_rows_write_nothing(client, cadence_id, leads):
    (row,) = leads("crm-1")
    before = kept(client)

    answer = relink(client, cadence_id, *({"enrollmentId": row, "leadName": str(n)} for n in range(101)))

    assert answer.status == 400
    assert kept(client) == before


@pytest.mark.parametrize("value", ["maybe", "2", "TRUE ", "null"])
def test_a_retry_now_that_is_neither_true_nor_false_is_refused(client, cadence_id, leads, value):
    (row,) = leads("crm-1")
    before = kept(client)
    path = f"/cadences/{cadence_id}/enrollments/bulk-relink"

    answer = client("POST", path, {"updates": [{"enrollmentId": row, "leadName": "x"}]}, query={"retryNow": value})

    assert answer.status == 400
    assert kept(client) == before


def test_an_unknown_cadence_and_another_tenant_s_are_not_found_alike(client, leads):
    other = new_client()
    ids = (MISSING, "01HY…", cadence(other, steps=WAIT), leads("crm-1")[0])

    answers = [relink(client, each, {"enrollmentId": MISSING}) for each in ids]

    assert [answer.status for answer in answers] == [404] * len(ids)
    assert len({json.dumps(answer.body) for answer in answers}) == 1


def test_an_empty_list_answers_with_zeros(client, cadence_id):
    body = check_relinked(good(relink(client, cadence_id, retry_now=True)))

    assert body == {"ok": True, "succeeded": 0, "failed": 0, "results": []}


def test_a_field_that_nobody_knows_is_told_and_does_no_harm(client, cadence_id, leads):
    (row,) = leads("crm-1")

    answer = relink(client, cadence_id, {"enrollmentId": row, "leadName": "x", "leadProfileUrl": "https://x.example/"})

    assert codes(check_relinked(good(answer))["results"]) == [None]
    assert "leadProfileUrl" in answer.headers["X-Unknown-Fields"]
    assert shown(client, row)["leadLinkedinUrl"] is None


@pytest.mark.parametrize("key", ["", "nonsense", "tk_0000"])
@pytest.mark.parametrize("header", ["X-API-Key", "Authorization"])
def test_without_a_key_nothing_is_told(client, cadence_id, leads, header, key):
    (row,) = leads("crm-1")
    headers = {header: key if header == "X-API-Key" else f"Bearer {key}"}

    answer = relink(client, cadence_id, {"enrollmentId": row, "leadName": "x"}, headers=headers)

    assert answer.status == 401
    assert row not in json.dumps(answer.body)


def test_a_call_with_an_idempotency_key_is_done_once(client, cadence_id, leads):
    """What the first call was answered stands, though its conflict would be none by now."""
    first, second = leads("crm-1", "crm-2")
    headers = {"X-API-Key": client.key, "Idempotency-Key": "k1"}
    rows = [{"enrollmentId": first, "leadExternalId": "crm-2"}, {"enrollmentId": second, "leadExternalId": "crm-3"}]

    answers = [relink(client, cadence_id, *rows, headers=headers) for _ in range(2)]

    assert good(answers[0]) == good(answers[1])
    assert answers[1].headers["Idempotent-Replayed"] == "true"
    assert shown(client, first)["leadExternalId"] == "crm-1"


# Rows in their order


def test_one_enrollment_twice_is_changed_twice_in_order(client, cadence_id, leads):
    (row,) = leads("crm-1")
    url = "https://www.linkedin.com/in/x/"
    changes = [
        {"leadName": "A", "leadExternalId": "crm-2"},
        {"leadLinkedinUrl": url},
        {"leadName": None, "leadEmail": "one@lead.example"},
        {"leadName": "B", "leadEmail": "two@lead.example", "leadExternalId": "crm-1"},
    ]

    results = relinked(client, cadence_id, *({"enrollmentId": row} | change for change in changes))

    names = ("leadName", "leadLinkedinUrl", "leadEmail", "leadExternalId")
    assert [tuple(result["enrollment"][name] for name in names) for result in results] == [
        ("A", None, None, "crm-2"),
        ("A", url, None, "crm-2"),
        (None, url, "one@lead.example", "crm-2"),
        ("B", url, "two@lead.example", "crm-1"),
    ]
    assert shown(client, row) == results[-1]["enrollment"]
    assert codes(relinked(client, cadence_id, {"enrollmentId": leads("crm-2")[0]})) == [None]


def test_a_good_row_stands_though_a_later_one_of_the_same_enrollment_fails(client, cadence_id, leads):
    _, row = leads("crm-1", "crm-2")

    results = relinked(
        client,
        cadence_id,
        {"enrollmentId": row, "leadName": "A"},
        {"enrollmentId": row, "leadName": "B", "leadExternalId": "crm-1"},
        {"enrollmentId": row, "leadProfileUrn": "urn:li:x"},
    )

    assert codes(results) == [None, "LEAD_EXTERNAL_ID_CONFLICT", None]
    assert (shown(client, row)["leadName"], shown(client, row)["leadProfileUrn"]) == ("A", "urn:li:x")
    assert shown(client, row) == results[2]["enrollment"]


def test_ids_are_the_same_in_capitals_and_are_answered_as_they_were_asked(client, cadence_id, leads):
    (row,) = leads("crm-1")

    results = relinked(
        client,
        cadence_id,
        {"enrollmentId": row.upper(), "leadName": "A"},
        {"enrollmentId": row, "leadProfileUrn": "urn:li:x"},
    )

    assert [result["enrollmentId"] for result in results] == [row.upper(), row]
    assert [result["enrollment"]["id"] for result in results] == [row, row]
    assert (shown(client, row)["leadName"], shown(client, row)["leadProfileUrn"]) == ("A", "urn:li:x")


def test_two_rows_that_swap_their_ids_conflict_as_rows_go_one_by_one(client, cadence_id, leads):
    first, second = leads("crm-1", "crm-2")
    before = kept(client)

    results = relinked(
        client,
        cadence_id,
        {"enrollmentId": first, "leadExternalId": "crm-2"},
        {"enrollmentId": second, "leadExternalId": "crm-1"},
    )

    assert codes(results) == ["LEAD_EXTERNAL_ID_CONFLICT"] * 2
    assert [result["detail"]["conflictingExternalId"] for result in results] == ["crm-2", "crm-1"]
    assert kept(client) == before


def test_a_chain_that_frees_each_id_first_goes_through(client, cadence_id, leads):
    ids = leads("crm-1", "crm-2", "crm-3")
    names = ("crm-4", "crm-1", "crm-2")

    results = relinked(
        client,
        cadence_id,
        *({"enrollmentId": row, "leadExternalId": name} for row, name in zip(ids, names, strict=True)),
    )

    assert codes(results) == [None] * 3
    assert [shown(client, row)["leadExternalId"] for row in ids] == list(names)
    assert enrolled(client, cadence_id, "crm-3")["leadExternalId"] == "crm-3"


def test_a_swap_over_a_third_name_goes_through(client, cadence_id, leads):
    first, second = leads("crm-1", "crm-2")
    moves = [(first, "crm-x"), (second, "crm-1"), (first, "crm-2")]

    results = relinked(client, cadence_id, *({"enrollmentId": row, "leadExternalId": name} for row, name in moves))

    assert codes(results) == [None] * 3
    assert [shown(client, row)["leadExternalId"] for row in (first, second)] == ["crm-2", "crm-1"]
    assert enrolled(client, cadence_id, "crm-x")


def test_an_id_that_is_cleared_is_free_for_the_next_row_and_for_an_enrolment(client, cadence_id, leads):
    first, second = leads("crm-1", "crm-2")

    results = relinked(
        client,
        cadence_id,
        {"enrollmentId": first, "leadExternalId": None},
        {"enrollmentId": second, "leadExternalId": "crm-1"},
    )

    assert codes(results) == [None] * 2
    assert enrolled(client, cadence_id, "crm-2")["id"] not in (first, second)


def test_a_row_that_fails_frees_nothing(client, cadence_id, leads):
    over, row = leads("crm-1", "crm-2")
    ended(client, over, state=EnrollmentState.REPLIED)

    results = relinked(
        client,
        cadence_id,
        {"enrollmentId": over, "leadExternalId": "crm-3"},
        {"enrollmentId": row, "leadExternalId": "crm-1"},
    )

    assert codes(results) == ["ENROLLMENT_TERMINAL_STATE", "LEAD_EXTERNAL_ID_CONFLICT"]


def test_two_rows_that_want_one_id_give_it_to_the_first(client, cadence_id, leads):
    first, second = leads("crm-1", "crm-2")

    results = relinked(
        client,
        cadence_id,
        {"enrollmentId": second, "leadExternalId": "crm-3"},
        {"enrollmentId": first, "leadExternalId": "crm-3"},
    )

    assert codes(results) == [None, "LEAD_EXTERNAL_ID_CONFLICT"]
    assert [shown(client, row)["leadExternalId"] for row in (first, second)] == ["crm-1", "crm-3"]


def test_two_rows_with_one_new_address_share_its_contact(client, cadence_id, leads):
    ids = leads("crm-1", "crm-2")

    results = relinked(
        client, cadence_id, *({"enrollmentId": row, "leadEmail": f"{name}@lead.example"} for row, name in
                              zip(ids, ("New", "new"), strict=True))
    )  # fmt: skip

    assert codes(results) == [None] * 2
    people = client.others("list_prospects", group="outreach").body["data"]
    assert len([person for person in people if person["attributes"]["emails"] == ["New@lead.example"]]) == 1


# Mixed rows


@dataclass(frozen=True)
class Mixture:
    """What rows of every kind can be made of. The good ones never change their external ids."""

    client: Client
    cadence_id: str
    rows: dict[str, list[str]]


@pytest.fixture(scope="module")
def mixture(stack):
    client = new_client()
    mine, other = cadence(client, steps=WAIT), cadence(client, steps=WAIT)
    stranger = new_client()
    theirs = enrolled(stranger, cadence(stranger, steps=WAIT), "x")["id"]
    good_ones = [enrolled(client, mine, f"good-{n}")["id"] for n in range(6)]
    over = enrolled(client, mine, "over")["id"]
    ended(client, over, state=EnrollmentState.REPLIED)
    return Mixture(
        client,
        mine,
        {
            "good": good_ones,
            "NOT_FOUND": [MISSING, theirs, "01HZ…aaaa"],
            "CADENCE_MISMATCH": [enrolled(client, other, "elsewhere")["id"]],
            "ENROLLMENT_TERMINAL_STATE": [over],
            "LEAD_EXTERNAL_ID_CONFLICT": good_ones,
            "PATCH_FAILED": good_ones,
        },
    )


_SPOILED = {"LEAD_EXTERNAL_ID_CONFLICT": {"leadExternalId": "over"}, "PATCH_FAILED": {"inboxId": MISSING}}
_KINDS = ("good", "NOT_FOUND", "CADENCE_MISMATCH", "ENROLLMENT_TERMINAL_STATE", *_SPOILED)


@settings(derandomize=True, max_examples=60, deadline=None, database=None)
@given(data=st.data())
def test_results_mirror_any_mixture_of_rows_one_by_one(mixture, data):
    kinds = data.draw(st.lists(st.sampled_from(_KINDS), max_size=100))
    updates = [
        {"enrollmentId": data.draw(st.sampled_from(mixture.rows[kind])), "leadName": f"Lead {place}"}
        | _SPOILED.get(kind, {})
        for place, kind in enumerate(kinds)
    ]
    before = {row: shown(mixture.client, row)["leadName"] for row in mixture.rows["good"]}

    body = check_relinked(good(relink(mixture.client, mixture.cadence_id, *updates)))

    assert codes(body["results"]) == [None if kind == "good" else kind for kind in kinds]
    assert [row["enrollmentId"] for row in body["results"]] == [update["enrollmentId"] for update in updates]
    changed = {
        update["enrollmentId"]: update["leadName"]
        for update, kind in zip(updates, kinds, strict=True)
        if kind == "good"
    }
    assert {row: shown(mixture.client, row)["leadName"] for row in mixture.rows["good"]} == before | changed


# One row and many


@pytest.mark.parametrize("retry_now", [None, False, True])
def test_a_patch_is_a_bulk_of_one(client, values, time, retry_now):
    """Twins in two cadences: one is patched, one relinked; they stay twins."""
    twins = []
    for _ in range(2):
        cadence_id = cadence(client, steps=[EMAIL | {"delayDays": 3}, CONNECT])
        fields = {"inboxId": values["inboxId"][0], "sessionId": SESSION}
        twins.append((cadence_id, enrolled(client, cadence_id, "crm-0", **fields)["id"]))
    (_, patched), (cadence_id, bulked) = twins
    time[0] += DAY
    for name in LEAD_FIELDS:
        for value in (values[name][1], None):
            one = good(patch(client, patched, retry_now=retry_now, **{name: value}))["enrollment"]
            (row,) = relinked(client, cadence_id, {"enrollmentId": bulked, name: value}, retry_now=retry_now)
            theirs = {"id": one["id"], "cadenceId": one["cadenceId"]}
            assert row["enrollment"] | theirs == one, (name, value)
    assert one["nextStepDueAt"] == ("2026-11-22T09:00:00.000Z" if retry_now else "2026-11-24T09:00:00.000Z")


def test_a_patch_is_refused_with_the_code_that_a_row_would_have(client, cadence_id, leads):
    _, row, over = leads("crm-1", "crm-2", "crm-3")
    ended(client, over, state=EnrollmentState.REPLIED)
    asked = {
        "NOT_FOUND": (MISSING, {"leadName": "x"}, 404),
        "ENROLLMENT_TERMINAL_STATE": (over, {"leadName": "x"}, 409),
        "LEAD_EXTERNAL_ID_CONFLICT": (row, {"leadExternalId": "crm-1"}, 409),
    }
    before = kept(client)

    answers = {code: patch(client, each, **fields) for code, (each, fields, _) in asked.items()}

    assert {code: answer.status for code, answer in answers.items()} == {code: at[2] for code, at in asked.items()}
    assert kept(client) == before
    terminal = answers["ENROLLMENT_TERMINAL_STATE"].body
    assert (terminal["code"], terminal["error"]) == (
        "ENROLLMENT_TERMINAL_STATE",
        TERMINAL_ERROR.format(state="replied"),
    )
    assert answers["LEAD_EXTERNAL_ID_CONFLICT"].body["code"] == "LEAD_EXTERNAL_ID_CONFLICT"


@pytest.mark.parametrize("state", ["paused", "active", "unenrolled"])
def test_a_patch_sets_the_states_that_a_user_may_set(client, cadence_id, leads, state):
    (row,) = leads("crm-1")

    first = good(patch(client, row, state="paused"))["enrollment"]
    second = good(patch(client, row, state=state, leadName="Jane"))["enrollment"]

    assert first["state"] == "paused"
    assert (second["state"], second["leadName"]) == (state, "Jane")
    assert check_enrollment(shown(client, row)) == second


@pytest.mark.parametrize("state", ["replied", "completed", "bounced", "unsubscribed", "failed", "", None, 7, "ACTIVE"])
def test_a_patch_sets_no_other_state(client, cadence_id, leads, state):
    (row,) = leads("crm-1")
    before = kept(client)

    assert patch(client, row, state=state).status == 400
    assert kept(client) == before


def test_one_that_somebody_ended_stays_ended(client, cadence_id, leads):
    (row,) = leads("crm-1")

    over = good(patch(client, row, state="unenrolled", exitReason="asked to stop"))["enrollment"]
    again = [patch(client, row, state=state).status for state in ("active", "paused")]

    assert (over["state"], over["exitReason"]) == ("unenrolled", "asked to stop")
    assert again == [409, 409]
    assert shown(client, row) == over


# Trying again


def test_only_rows_that_went_well_are_tried_again(client, values, time):
    cadence_id = cadence(client, steps=[EMAIL | {"delayDays": 3}])
    one, two, paused = (enrolled(client, cadence_id, f"crm-{n}", inboxId=values["inboxId"][0])["id"] for n in (1, 2, 3))
    good(patch(client, paused, state="paused"))
    time[0] += DAY

    results = relinked(
        client,
        cadence_id,
        {"enrollmentId": one, "leadName": "x"},
        {"enrollmentId": two, "leadExternalId": "crm-1"},
        {"enrollmentId": paused, "leadName": "y"},
        retry_now=True,
    )

    assert codes(results) == [None, "LEAD_EXTERNAL_ID_CONFLICT", None]
    assert shown(client, one)["nextStepDueAt"] == "2026-11-22T09:00:00.000Z"
    assert shown(client, two)["nextStepDueAt"] == "2026-11-24T09:00:00.000Z"
    assert shown(client, paused)["state"] == "paused"


def test_a_row_without_any_change_may_be_tried_again(client, values, time):
    cadence_id = cadence(client, steps=[EMAIL | {"delayDays": 3}])
    row = enrolled(client, cadence_id, "crm-1", inboxId=values["inboxId"][0])["id"]
    time[0] += DAY

    (result,) = relinked(client, cadence_id, {"enrollmentId": row}, retry_now=True)

    assert result["enrollment"]["nextStepDueAt"] == "2026-11-22T09:00:00.000Z"
