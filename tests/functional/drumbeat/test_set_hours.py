"""PUT /drumbeat/v1/hours"""

import pytest

from drumbeat import bootstrap
from drumbeat.domain.ids import Kind, resource_number
from drumbeat.entrypoints import http
from functions.workers import run_batch_chunk
from tests.contract.scene import everything, queued, tenant_of
from tests.faults import Crash, fault
from tests.world import Context, started

NIGHT = {"week": {"sunday": [{"from": "22:00", "to": "24:00"}, {"from": "00:00", "to": "06:30"}]}}


def _set(caller, hours):
    return caller("set_hours", hours, group="drumbeat")


def _schedule(caller, campaign, schedule=None):
    operation = "get_schedule" if schedule is None else "set_schedule"
    answer = caller(operation, schedule, group="drumbeat", sequence_id=campaign)
    assert answer.status == 200, answer
    return answer.body


def _zone(caller, campaign):
    return (_schedule(caller, campaign)["hours"] or {}).get("time_zone")


def test_what_is_set_is_shown_in_order(caller):
    wanted = {"time_zone": "Europe/Berlin", "holidays": {"calendars": ["DE-BE", "AT"], "dates": ["2026-12-24"]}}

    answer = _set(caller, wanted | NIGHT)

    assert answer.status == 200
    assert answer.body == caller("get_hours", group="drumbeat").body
    assert answer.body["holidays"] == {"calendars": ["AT", "DE-BE"], "dates": ["2026-12-24"]}
    assert answer.body["week"]["sunday"] == [{"from": "00:00", "to": "06:30"}, {"from": "22:00", "to": "24:00"}]
    assert answer.body["week"]["monday"] == []


def test_what_is_left_out_is_as_at_first(caller):
    first = caller("get_hours", group="drumbeat").body
    _set(caller, {"time_zone": "Europe/Berlin"} | NIGHT)

    assert _set(caller, {}).body == first


def test_sequences_that_inherit_follow_and_others_do_not(caller):
    inherits, asks, never = started(caller), started(caller), started(caller)
    _schedule(caller, inherits, {"business_hours_only": True})
    _schedule(caller, asks, {"business_hours_only": True, "time_zone": "Europe/Paris"})

    _set(caller, {"time_zone": "Asia/Tokyo"} | NIGHT)

    assert _zone(caller, inherits) == "Asia/Tokyo"
    assert _schedule(caller, inherits)["hours"]["week"]["monday"] == []
    assert _zone(caller, asks) == "Europe/Paris"
    assert _schedule(caller, asks)["hours"]["week"]["monday"] == []
    assert _zone(caller, never) is None


def test_the_lanes_of_those_that_follow_are_woken(scene):
    scene.call("dispatch_campaign")
    _schedule(scene.caller, scene.campaign_id, {"business_hours_only": True})
    before = _woken(scene)

    _set(scene.caller, {"time_zone": "Asia/Tokyo"})
    followed = _woken(scene)
    _set(scene.caller, {"time_zone": "Asia/Tokyo"})

    assert followed > before
    assert _woken(scene) == followed


def _woken(scene):
    tenant = tenant_of(scene.caller)
    number = resource_number(Kind.SENDER, tenant, scene.credential_id)
    (revision,) = [
        int(item["revision"]["N"])
        for item in everything()
        if item.get("PK", {}).get("S") == f"T#{tenant}#LANE" and int(item["SK"]["S"]) == number
    ]
    return revision


def test_what_does_not_fit_the_time_goes_on_in_the_background(caller, monkeypatch):
    campaigns = [started(caller) for _ in range(3)]
    for campaign in campaigns:
        _schedule(caller, campaign, {"business_hours_only": True})
    waiting = queued("BatchQueue")
    with monkeypatch.context() as patch:
        patch.setattr(http, "TIME_FOR_WORK", -1)
        assert _set(caller, {"time_zone": "Asia/Tokyo"}).status == 200

    assert queued("BatchQueue") == waiting + 1
    assert [_zone(caller, campaign) for campaign in campaigns] == ["UTC"] * 3
    message = f'{{"v": 1, "kind": "apply_hours", "tenant": {tenant_of(caller)}}}'
    record = {"messageId": "1", "body": message, "eventSource": "aws:sqs"}
    assert run_batch_chunk.handler({"Records": [record]}, Context(remaining=120_000)) == {"batchItemFailures": []}
    assert [_zone(caller, campaign) for campaign in campaigns] == ["Asia/Tokyo"] * 3


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("nth", range(1, 6))
def test_a_call_that_dies_anywhere_is_finished_by_the_same_call(caller, nth, after):
    campaigns = [started(caller) for _ in range(2)]
    for campaign in campaigns:
        _schedule(caller, campaign, {"business_hours_only": True})

    with fault(nth, after=after), pytest.raises(Crash):
        _set(caller, {"time_zone": "Asia/Tokyo"})
    assert _set(caller, {"time_zone": "Asia/Tokyo"}).status == 200

    assert [_zone(caller, campaign) for campaign in campaigns] == ["Asia/Tokyo"] * 2


def test_a_schedule_written_from_hours_that_changed_meanwhile_is_worked_out_again(caller):
    campaign = started(caller)
    tenant = tenant_of(caller)
    store = bootstrap.sequences()
    number = resource_number(Kind.SEQUENCE, tenant, campaign)
    old = store.get(tenant, number)
    _set(caller, {"time_zone": "Asia/Tokyo"})

    assert not store.set_schedule(old, old, hours_revision=0)
    assert _schedule(caller, campaign, {"business_hours_only": True})["hours"]["time_zone"] == "Asia/Tokyo"


WEEKDAY = "week.monday"


@pytest.mark.parametrize(
    ("hours", "field"),
    [
        ({"time_zone": "Berlin"}, "time_zone"),
        ({"time_zone": None}, "time_zone"),
        ({"timezone": "Europe/Berlin"}, "timezone"),
        ({"week": {}}, "week"),
        ({"week": {"monday": []}}, "week"),
        ({"week": {"mon": [{"from": "09:00", "to": "17:00"}]}}, "week.mon"),
        ({"week": {"monday": [{"from": "9:00", "to": "17:00"}]}}, f"{WEEKDAY}.0.from"),
        ({"week": {"monday": [{"from": "09:00", "to": "24:01"}]}}, f"{WEEKDAY}.0.to"),
        ({"week": {"monday": [{"from": "09:00"}]}}, f"{WEEKDAY}.0.to"),
        ({"week": {"monday": [{"from": "17:00", "to": "09:00"}]}}, f"{WEEKDAY}.0"),
        ({"week": {"monday": [{"from": "09:00", "to": "09:00"}]}}, f"{WEEKDAY}.0"),
        ({"week": {"monday": [{"from": "09:00", "to": "12:00"}, {"from": "11:59", "to": "13:00"}]}}, WEEKDAY),
        ({"holidays": {"calendars": ["XX"]}}, "holidays.calendars.0"),
        ({"holidays": {"calendars": ["DE\n"]}}, "holidays.calendars.0"),
        ({"holidays": {"dates": ["2026-02-30"]}}, "holidays.dates.0"),
        ({"holidays": {"dates": ["24.12.2026"]}}, "holidays.dates.0"),
        ({"holidays": {"dates": [20261224]}}, "holidays.dates.0"),
    ],
)
def test_hours_that_make_no_sense_are_refused_by_field_and_nothing_changes(caller, hours, field):
    _set(caller, {"time_zone": "Asia/Tokyo"} | NIGHT)
    before = caller("get_hours", group="drumbeat").body

    answer = _set(caller, hours)

    assert (answer.status, answer.body["code"]) == (422, "validation_failed")
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert [error["field"] for error in answer.body["errors"]] == [field]
    assert caller("get_hours", group="drumbeat").body == before
