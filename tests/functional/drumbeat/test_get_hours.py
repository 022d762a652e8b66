"""GET /drumbeat/v1/hours"""

from tests.world import new_tenant


def test_who_has_said_nothing_has_nine_to_five_from_monday_to_friday(caller):
    answer = caller("get_hours", group="drumbeat")

    office = [{"from": "09:00", "to": "17:00"}]
    days = ("monday", "tuesday", "wednesday", "thursday", "friday")
    assert (answer.status, answer.body) == (
        200,
        {
            "time_zone": "UTC",
            "week": dict.fromkeys(days, office) | {"saturday": [], "sunday": []},
            "holidays": {"calendars": [], "dates": []},
        },
    )


def test_everybody_sees_their_own(caller):
    caller("set_hours", {"time_zone": "Asia/Tokyo"}, group="drumbeat")

    assert caller("get_hours", group="drumbeat").body["time_zone"] == "Asia/Tokyo"
    assert new_tenant()("get_hours", group="drumbeat").body["time_zone"] == "UTC"
