"""Architecture §10, counted at our own AWS client: enrolling in bulk, and repeating it."""

import pytest

from drumbeat.adapters.aws import ledger
from tests.world import Caller, imported, people, started

ROWS = 2_000
_WRITES = {"PutItem", "UpdateItem", "TransactWriteItems", "BatchExecuteStatement", "DeleteItem", "BatchWriteItem"}


def _enroll(caller: Caller, rows: str, campaign: str) -> None:
    answer = caller("enroll", {"contact_import_id": rows}, campaign_id=campaign)
    assert answer.status == 200, answer


@pytest.mark.ministack
def test_a_row_costs_a_tenth_of_a_request_and_about_two_write_units(bulk_caller):
    rows, campaign = imported(bulk_caller, people(ROWS)), started(bulk_caller)

    _enroll(bulk_caller, rows, campaign)

    # MiniStack counts a statement's item and leaves its place in the index out: one more unit per row on AWS.
    units = sum(ledger.write_units.values()) + ROWS
    assert ledger.datastore_requests() / ROWS <= 0.1
    assert 2 <= units / ROWS <= 2.1


@pytest.mark.ministack
def test_hours_and_time_zones_cost_nothing_more(bulk_caller):
    zones = ("America/Argentina/ComodRivadavia", "Asia/Tokyo", "Europe/Berlin")
    people_of_the_world = [row | {"time_zone": zones[place % 3]} for place, row in enumerate(people(ROWS))]
    rows, campaign = imported(bulk_caller, people_of_the_world), started(bulk_caller)
    schedule = {"business_hours_only": True, "holidays": {"calendars": ["DE", "US"]}}
    assert bulk_caller("set_schedule", schedule, group="drumbeat", sequence_id=campaign).status == 200

    _enroll(bulk_caller, rows, campaign)

    assert ledger.datastore_requests() / ROWS <= 0.1
    assert 2 <= (sum(ledger.write_units.values()) + ROWS) / ROWS <= 2.1


@pytest.mark.ministack
def test_a_repeated_call_writes_no_enrollment(bulk_caller):
    rows, campaign = imported(bulk_caller, people(ROWS)), started(bulk_caller)
    _enroll(bulk_caller, rows, campaign)

    _enroll(bulk_caller, rows, campaign)

    assert ledger.requests["dynamodb.BatchExecuteStatement"] == 0
    assert ledger.requests["dynamodb.TransactWriteItems"] == 0
    assert ledger.datastore_requests() / ROWS <= 0.1


@pytest.mark.ministack
def test_a_second_repeat_changes_no_item_count(bulk_caller):
    rows, campaign = imported(bulk_caller, people(300)), started(bulk_caller)
    for _ in range(2):
        _enroll(bulk_caller, rows, campaign)
    skipped = bulk_caller("list_skips", campaign_id=campaign, query={"limit": "1000"}).body

    _enroll(bulk_caller, rows, campaign)

    assert len(bulk_caller("list_skips", campaign_id=campaign, query={"limit": "1000"}).body) == len(skipped) == 300


@pytest.mark.ministack
def test_cost_per_row_does_not_grow_with_the_list(bulk_caller):
    small, large = imported(bulk_caller, people(500)), imported(bulk_caller, people(4_000, start=500))
    campaign = started(bulk_caller)
    _enroll(bulk_caller, small, campaign)
    per_small = ledger.datastore_requests() / 500

    _enroll(bulk_caller, large, campaign)

    assert ledger.datastore_requests() / 4_000 <= 1.2 * per_small
