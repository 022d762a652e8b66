"""Architecture §10, counted at our own AWS client: a bulk-relink of a hundred rows, and its external ids."""

import pytest

from drumbeat.adapters.aws import ledger
from tests.cadences import Client, cadence, codes, enrolled, listed, relinked, shown
from tests.world import Caller

ROWS = 100
WAIT = [{"kind": "wait", "delayDays": 1}]


def _cadence_with_leads(caller: Caller, leads: int) -> tuple[Client, str, list[str]]:
    client = Client(caller.key)
    cadence_id = cadence(client, steps=WAIT)
    return client, cadence_id, [enrolled(client, cadence_id, f"crm-{n}")["id"] for n in range(leads)]


@pytest.mark.ministack
def test_a_hundred_rows_take_few_requests(bulk_caller):
    client, cadence_id, rows = _cadence_with_leads(bulk_caller, ROWS)
    updates = [
        {"enrollmentId": row, "leadName": f"Lead {n}", "leadEmail": f"p{n}@lead.example", "leadProfileUrn": f"urn:{n}"}
        for n, row in enumerate(rows)
    ]

    first = relinked(client, cadence_id, *updates, retry_now=True)
    with_new_addresses = ledger.datastore_requests()
    again = relinked(client, cadence_id, *updates, retry_now=True)
    with_known_addresses = ledger.datastore_requests()

    assert codes(first) == codes(again) == [None] * ROWS
    assert with_new_addresses <= 0.15 * ROWS + 2
    assert with_known_addresses <= 0.15 * ROWS + 2
    assert sorted(row["leadEmail"] for row in listed(client, cadence_id)) == sorted(
        f"p{n}@lead.example" for n in range(ROWS)
    )


@pytest.mark.ministack
def test_external_ids_move_through_a_chain_and_two_never_meet(bulk_caller):
    client, cadence_id, rows = _cadence_with_leads(bulk_caller, ROWS)
    chain = [{"enrollmentId": row, "leadExternalId": f"crm-{n - 1}" if n else "free"} for n, row in enumerate(rows)]

    results = relinked(client, cadence_id, *chain)
    requests = ledger.datastore_requests()
    swap = relinked(
        client,
        cadence_id,
        {"enrollmentId": rows[0], "leadExternalId": "crm-0"},
        {"enrollmentId": rows[1], "leadExternalId": "free"},
    )

    assert codes(results) == [None] * ROWS
    assert requests <= 1.2 * ROWS
    assert codes(swap) == ["LEAD_EXTERNAL_ID_CONFLICT"] * 2
    assert [shown(client, row)["leadExternalId"] for row in rows[:3]] == ["free", "crm-0", "crm-1"]
    assert enrolled(client, cadence_id, f"crm-{ROWS - 1}")["id"] not in rows
