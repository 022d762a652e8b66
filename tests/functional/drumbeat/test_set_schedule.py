"""PUT /drumbeat/v1/sequences/{sequence_id}/schedule"""

from datetime import datetime

import pytest

from drumbeat import bootstrap
from drumbeat.domain.ids import Kind, enrollment_key, resource_number
from drumbeat.domain.schedule import is_open
from drumbeat.domain.times import DAY, SECOND, iso
from drumbeat.entrypoints import clock
from tests.contract.scene import MISSING, everything, tenant_of
from tests.world import new_tenant

OFFICE = {"business_hours_only": True}


def _set(caller, sequence, schedule, **headers):
    return caller("set_schedule", schedule, group="drumbeat", sequence_id=sequence, **headers)


def _shown(scene):
    answer = scene.caller("get_schedule", group="drumbeat", sequence_id=scene.campaign_id)
    return {name: value for name, value in answer.body.items() if name != "next_open_at"}


def _sequence(scene):
    tenant = tenant_of(scene.caller)
    return bootstrap.sequences().get(tenant, resource_number(Kind.SEQUENCE, tenant, scene.campaign_id))


def _instant(text):
    return int(datetime.fromisoformat(text).timestamp() * SECOND)


def _enrollment(scene, body):
    tenant = tenant_of(scene.caller)
    return bootstrap.enrollments().get(tenant, enrollment_key(tenant, body["id"]))


def test_what_is_asked_for_and_what_it_comes_to_are_shown(scene):
    asked = {
        "business_hours_only": True,
        "time_zone": "America/New_York",
        "week": {"friday": [{"from": "10:00", "to": "11:00"}]},
        "holidays": {"calendars": ["US"], "dates": []},
        "not_before": "2026-01-05T09:00:00+01:00",
        "daily_cap": 200,
    }

    answer = _set(scene.caller, scene.campaign_id, asked)

    assert answer.status == 200
    shown = _shown(scene)
    assert shown == {name: value for name, value in answer.body.items() if name != "next_open_at"}
    assert shown["not_before"] == "2026-01-05T08:00:00.000Z"
    assert {name: shown[name] for name in ("time_zone", "holidays", "daily_cap")} == {
        name: asked[name] for name in ("time_zone", "holidays", "daily_cap")
    }
    assert shown["hours"]["time_zone"] == "America/New_York"
    assert shown["hours"]["week"] == shown["week"]
    assert any(day.endswith("-12-25") for day in shown["hours"]["holidays"])
    sequence = _sequence(scene)
    assert sequence.daily_cap == 200
    opens = _instant(answer.body["next_open_at"])
    assert is_open(opens, sequence.hours, None)
    assert datetime.fromisoformat(answer.body["next_open_at"]).weekday() == 4


def test_another_schedule_takes_the_place_of_the_first(scene):
    _set(scene.caller, scene.campaign_id, OFFICE | {"time_zone": "Asia/Tokyo", "daily_cap": 7})

    _set(scene.caller, scene.campaign_id, {})

    shown = _shown(scene)
    assert (shown["business_hours_only"], shown["time_zone"], shown["daily_cap"]) == (False, None, None)
    assert shown["hours"] is None
    assert _sequence(scene).hours is None


def test_the_lanes_look_again_at_once(scene):
    scene.call("dispatch_campaign")
    before = _sequence(scene)

    _set(scene.caller, scene.campaign_id, OFFICE)

    assert _sequence(scene).status == before.status
    awake = [item for item in everything() if item.get("PK", {}).get("S") == f"T#{tenant_of(scene.caller)}#LANE"]
    assert [int(item["revision"]["N"]) for item in awake] == [2]


def test_who_is_enrolled_waits_for_the_start_and_is_shown_when(scene):
    start = clock.now() // SECOND * SECOND + 10 * DAY
    _set(scene.caller, scene.campaign_id, {"not_before": iso(start)})

    enrolled = scene.call("enroll_contact").body

    kept = _enrollment(scene, enrolled)
    assert (kept.due, kept.timed, kept.zone) == (start, True, None)
    told = scene.caller("explain_enrollment", group="drumbeat", enrollment_id=enrolled["id"]).body
    assert told["due_at"] == iso(start)


def test_the_contact_s_zone_decides_when_its_office_opens(scene):
    _set(scene.caller, scene.campaign_id, OFFICE | {"time_zone": "Europe/Berlin", "week": _daily("09:00", "09:01")})
    scene.call("update_contact", contact_id=scene.other_contact_id, body={"contact": {"time_zone": "Asia/Tokyo"}})

    kept = _enrollment(scene, scene.call("enroll_contact").body)

    assert kept.zone == "Asia/Tokyo"
    assert is_open(kept.due, _sequence(scene).hours, "Asia/Tokyo")
    assert not is_open(kept.due, _sequence(scene).hours, None)


def _daily(start, end):
    days = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
    return {day: [{"from": start, "to": end}] for day in days}


def test_the_same_request_is_done_once(scene):
    again = {"headers": {"Idempotency-Key": "schedule-1"}}
    first = _set(scene.caller, scene.campaign_id, OFFICE, **again)
    _set(scene.caller, scene.campaign_id, {})

    replayed = _set(scene.caller, scene.campaign_id, OFFICE, **again)

    assert (replayed.body, replayed.headers["Idempotent-Replayed"]) == (first.body, "true")
    assert _sequence(scene).hours is None


@pytest.mark.parametrize(
    ("schedule", "field"),
    [
        ({"business_hours_only": "yes"}, "business_hours_only"),
        ({"business_hours_only": None}, "business_hours_only"),
        ({"week": {"monday": [{"from": "09:00", "to": "17:00"}]}}, "week"),
        (OFFICE | {"week": {"monday": []}}, "week"),
        (OFFICE | {"time_zone": "Mars/Olympus"}, "time_zone"),
        (OFFICE | {"holidays": {"calendars": ["DE-XX"]}}, "holidays.calendars.0"),
        (OFFICE | {"businessHours": True}, "businessHours"),
        ({"not_before": "2026-12-01T09:00:00"}, "not_before"),
        ({"not_before": "tomorrow"}, "not_before"),
        ({"not_before": 1_795_251_600}, "not_before"),
        ({"not_before": "2099-12-01T09:00:00Z"}, "not_before"),
        ({"daily_cap": 0}, "daily_cap"),
        ({"daily_cap": True}, "daily_cap"),
        ({"daily_cap": 2.5}, "daily_cap"),
    ],
)
def test_a_schedule_that_makes_no_sense_is_refused_by_field_and_nothing_changes(scene, schedule, field):
    before = _shown(scene)

    answer = _set(scene.caller, scene.campaign_id, schedule)

    assert (answer.status, answer.body["code"]) == (422, "validation_failed")
    assert [error["field"] for error in answer.body["errors"]] == [field]
    assert _shown(scene) == before


@pytest.mark.parametrize("spelled", [MISSING, "x"])
def test_what_is_no_sequence_is_not_found_and_nothing_is_written(caller, spelled):
    caller("list_campaigns")
    before = everything()

    assert _set(caller, spelled, OFFICE).status == 404
    assert everything() == before


def test_another_tenant_s_sequence_is_not_found_and_keeps_its_schedule(scene):
    before = _shown(scene)

    assert _set(new_tenant(), scene.campaign_id, OFFICE).status == 404
    assert _shown(scene) == before


def test_a_sequence_whose_enrollments_are_bound_to_mailboxes_takes_a_daily_cap(scene):
    bootstrap.sequences().add_mailbox(_sequence(scene), 5)

    answer = _set(scene.caller, scene.campaign_id, {"daily_cap": 10})

    assert (answer.status, _shown(scene)["daily_cap"]) == (200, 10)
