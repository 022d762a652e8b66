"""What calls of MyAgentMail's API cost in requests to the datastore (architecture §10); the container knows the key."""

import pytest

from drumbeat import bootstrap
from drumbeat.entrypoints import call_budget
from tests.cadences import EMAIL, cadence, codes, enrol, enrolled, good, inbox, new_client, patch, relink

ROWS = 100
PER_ROW, PER_CALL = 0.15, 2
PER_ROW_WITH_IDS = 1.2
# An Idempotency-Key adds two, a container that does not know the key one, and so does every tenth call of a key.
COSTS = {
    "enrol": 5, "enrol again": 3, "get": 2, "patch a name": 3, "patch an address": 5, "patch an external id": 3,
    "patch a state": 3,
}  # fmt: skip


@pytest.fixture(scope="module")
def client(stack):
    return new_client()


@pytest.fixture(scope="module")
def inboxes(client):
    return [inbox(client), inbox(client)]


@pytest.fixture
def cadence_id(client):
    return cadence(client, steps=[EMAIL | {"delayDays": 3}])


@pytest.fixture
def rows(client, cadence_id, inboxes):
    return [enrolled(client, cadence_id, f"crm-{n}", inboxId=inboxes[0])["id"] for n in range(ROWS)]


def requests_of(answer):
    """What the last call took; it went well."""
    assert answer.status == 200, answer
    return bootstrap.ledger.datastore_requests()


def relink_costs(client, cadence_id, updates):
    answer = relink(client, cadence_id, *updates, retry_now=True)
    assert codes(answer.body["results"]) == [None] * len(updates)
    return requests_of(answer)


def updates_of(rows, tag, inbox_id, **fields):
    return [
        {
            "enrollmentId": row,
            "leadName": f"Lead {tag} {place}",
            "leadLinkedinUrl": f"https://www.linkedin.com/in/{tag}-{place}/",
            "leadProfileUrn": f"urn:li:{tag}:{place}",
            "sessionId": "5e551050-0000-4000-8000-000000000003",
            "inboxId": inbox_id,
        }
        | {name: value.format(place) for name, value in fields.items()}
        for place, row in enumerate(rows)
    ]


def test_a_hundred_rows_with_every_field_but_the_external_id(client, cadence_id, rows, inboxes):
    assert relink_costs(client, cadence_id, updates_of(rows, "a", inboxes[1])) <= PER_ROW * ROWS + PER_CALL


def test_a_hundred_rows_with_new_addresses_too(client, cadence_id, rows, inboxes):
    updates = updates_of(rows, "b", inboxes[1], leadEmail="b{}@lead.example")

    assert relink_costs(client, cadence_id, updates) <= PER_ROW * ROWS + PER_CALL


def test_a_hundred_rows_with_known_addresses(client, cadence_id, rows, inboxes):
    relink_costs(client, cadence_id, updates_of(rows, "c", inboxes[0], leadEmail="c{}@lead.example"))
    known = [f"c{place}@lead.example" for place in range(ROWS)][::-1]
    updates = [{"enrollmentId": row, "leadEmail": email} for row, email in zip(rows, known, strict=True)]

    assert relink_costs(client, cadence_id, updates) <= PER_ROW * ROWS + PER_CALL


def test_a_hundred_rows_that_change_their_external_ids(client, cadence_id, rows, inboxes):
    updates = updates_of(rows, "d", inboxes[1], leadEmail="d{}@lead.example", leadExternalId="d-{}")

    assert relink_costs(client, cadence_id, updates) <= PER_ROW_WITH_IDS * ROWS


def test_a_hundred_rows_that_are_all_refused(client, cadence_id, rows):
    updates = [{"enrollmentId": row, "leadExternalId": f"crm-{(n + 1) % ROWS}"} for n, row in enumerate(rows)]

    answer = relink(client, cadence_id, *updates)

    assert set(codes(answer.body["results"])) == {"LEAD_EXTERNAL_ID_CONFLICT"}
    assert requests_of(answer) <= PER_ROW * ROWS + PER_CALL


def test_a_relink_that_changes_nothing_costs_no_more(client, cadence_id, rows, inboxes):
    updates = updates_of(rows, "e", inboxes[1], leadEmail="e{}@lead.example", leadExternalId="e-{}")
    relink_costs(client, cadence_id, updates)

    assert relink_costs(client, cadence_id, updates) <= PER_ROW * ROWS + PER_CALL


def test_one_row_costs_few_requests(client, cadence_id, inboxes):
    lead = {"leadEmail": "one@lead.example", "inboxId": inboxes[0]}
    costs = {}
    enrolled(client, cadence_id, "warm", inboxId=inboxes[0])
    call_budget.budget.forget()  # every tenth call of a key is counted in the table: not one of these

    made = enrol(client, cadence_id, leadExternalId="one", **lead)
    costs["enrol"] = requests_of(made)
    costs["enrol again"] = requests_of(enrol(client, cadence_id, leadExternalId="one", **lead))
    row = made.body["enrollment"]["id"]
    costs["get"] = requests_of(client("GET", f"/enrollments/{row}"))
    costs["patch a name"] = requests_of(patch(client, row, leadName="Jane"))
    costs["patch an address"] = requests_of(patch(client, row, leadEmail="two@lead.example"))
    costs["patch an external id"] = requests_of(patch(client, row, leadExternalId="two"))
    costs["patch a state"] = requests_of(patch(client, row, state="paused"))

    told = {name: costs[name] - COSTS[name] for name in COSTS}
    assert sum(told.values()) <= 1, costs
    assert set(told.values()) <= {0, 1}, costs


SHARDS = 16


def test_a_page_of_a_cadence_is_read_from_its_shards(client, cadence_id, rows):
    page = client("GET", f"/cadences/{cadence_id}/enrollments", query={"limit": "50"})

    assert len(good(page)["items"]) == 50
    assert requests_of(page) <= SHARDS + 4
