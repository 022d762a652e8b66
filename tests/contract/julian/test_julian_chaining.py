"""Contract 4.5, end to end: scheduled, asked for, called, and what that means to the next of the group."""

import pytest

from drumbeat.domain.times import DAY, HOUR
from tests.cadences import good
from tests.contract.julian.answers import accepted, scheduled
from tests.contract.julian.floor import BUSY, DECLINED, REACHED, VOICEMAIL, Floor
from tests.contract.julian.vendor import WEEKDAYS, contact

EVERYBODY = ("Ann", "Ben", "Cho")


def chained(floor: Floor, *names: str, account_id: str = "acme", **fields: object) -> str:
    """The batch of a group of people, who are called one after the other."""
    rows = [contact(name=name, account_id=account_id, **fields) for name in names]
    batch = accepted(floor.office.schedule(rows, groupByField="account_id")).batch_id
    floor.work()
    return batch


def test_everything_that_a_row_says_reaches_who_calls(floor):
    desk = floor.opens()
    row = {
        "name": "John Doe",
        "phoneNumber": "+1 (555) 123-4567",
        "phoneNumberExt": "12",
        "timezone": "America/Chicago",
        "scheduledAt": floor.later(30 * HOUR),
        "toEmailAddress": "john.doe@corp.example",
    }
    accepted(desk.schedule([row | {"account_id": "acme", "prospect_name": "John"}]))

    floor.work()
    assert floor.calls() == []
    floor.stage.now += 30 * HOUR
    floor.work()

    (call,) = floor.calls()
    wanted = {name: row[name] for name in row if name != "scheduledAt"} | {"phoneNumber": "+15551234567"}
    assert call["contact"] == wanted
    assert call["scheduledAt"] == row["scheduledAt"]
    assert call["customInputVariables"] == {"account_id": "acme", "prospect_name": "John"}
    assert (call["type"], call["agentId"], call["agentName"]) == ("call.requested", desk.agent, "Renewals")


def test_only_the_first_valid_contact_of_a_group_is_called_at_once(floor):
    floor.opens()
    rows = [contact(name="Nobody", account_id="acme", phoneNumber="0")]
    rows += [contact(name=name, account_id="acme") for name in EVERYBODY]
    rows += [contact(name="Dan", account_id="other")]

    batch = accepted(floor.office.schedule(rows, groupByField="account_id"))
    floor.work(30)

    assert batch.accepted == 4
    assert sorted(floor.called()) == ["Ann", "Dan"]
    assert floor.lifecycles(batch.batch_id) == [None, "in progress", "waiting", "waiting", "in progress"]


def test_the_next_is_called_when_a_call_ends_without_success_until_nobody_is_left(floor):
    floor.opens()
    batch = chained(floor, *EVERYBODY)

    for place, name in enumerate(EVERYBODY):
        assert floor.called() == list(EVERYBODY[: place + 1])
        floor.ended(name, DECLINED)
        floor.work()

    assert floor.called() == list(EVERYBODY)
    assert floor.lifecycles(batch) == ["done"] * 3


@pytest.mark.parametrize("result", [DECLINED, BUSY, VOICEMAIL, {"resultType": "No Answer"}], ids=str)
def test_whatever_is_no_success_lets_the_next_be_called(floor, result):
    floor.opens()
    chained(floor, "Ann", "Ben")

    floor.ended("Ann", result)
    floor.work()

    assert floor.called() == ["Ann", "Ben"]


def test_success_stops_the_chain(floor):
    floor.opens()
    batch = chained(floor, *EVERYBODY)
    floor.ended("Ann", DECLINED)
    floor.work()

    floor.ended("Ben", REACHED)
    floor.stage.now += 2 * DAY
    floor.work(30)

    assert floor.called() == ["Ann", "Ben"]
    assert floor.lifecycles(batch) == ["done", "done", "cancelled"]


def test_whoever_is_called_again_keeps_the_others_waiting(floor):
    floor.opens(retries={"Busy": {"times": 1, "delaySeconds": 1_800}})
    batch = chained(floor, "Ann", "Ben")

    floor.ended("Ann", BUSY)
    floor.work(10)
    assert floor.called() == ["Ann"]
    assert floor.lifecycles(batch) == ["in progress", "waiting"]
    floor.work(30)
    assert floor.called() == ["Ann", "Ann"]
    first, second = floor.calls()
    assert (first["attempt"], second["attempt"]) == (1, 2)
    assert first["callId"] != second["callId"]
    assert first["sequenceId"] == second["sequenceId"]

    floor.ended("Ann", BUSY)
    floor.work()
    assert floor.called() == ["Ann", "Ann", "Ben"]


def test_a_call_that_is_put_off_keeps_the_others_waiting_until_it_was_made(floor):
    floor.opens()
    chained(floor, "Ann", "Ben")

    floor.ended("Ann", DECLINED | {"outcomes": [], "rescheduledAt": floor.later(5 * HOUR)})
    floor.work(10)
    assert floor.called() == ["Ann"]
    floor.stage.now += 5 * HOUR
    floor.work()

    assert floor.called() == ["Ann", "Ann"]


def test_groups_are_made_of_several_calls_to_the_api(floor):
    desk = floor.opens()
    chained(floor, "Ann", "Ben")

    told = scheduled(desk.schedule_one(contact(name="Cho", account_id="acme", groupByField="account_id")))
    chained(floor, "Dan")

    assert told.lifecycle_status == "waiting"
    for name in ("Ann", "Ben", "Cho"):
        floor.ended(name, DECLINED)
        floor.work()
    assert floor.called() == ["Ann", "Ben", "Cho", "Dan"]


def test_who_comes_once_a_chain_is_over_begins_another(floor):
    floor.opens()
    chained(floor, "Ann", "Ben")
    floor.ended("Ann", REACHED)
    floor.work()

    chained(floor, "Cho")

    assert floor.called() == ["Ann", "Cho"]


def test_a_group_is_of_one_value_of_one_variable(floor):
    desk = floor.opens()
    for value in ("acme", "ACME"):
        chained(floor, f"Ann of {value}", account_id=value)
    accepted(desk.schedule([contact(name="Cho", owner="acme")], groupByField="owner"))
    accepted(desk.schedule([contact(name="Dan", account_id="acme")]))
    floor.work()

    assert sorted(floor.called()) == ["Ann of ACME", "Ann of acme", "Cho", "Dan"]


def test_agents_have_groups_of_their_own(floor):
    first = floor.opens()
    second = first.hire(name="Second", dialler={"url": floor.dialler.url("/calls")})
    for desk, name in ((first, "Ann"), (second, "Ben")):
        accepted(desk.schedule([contact(name=name, account_id="acme")], groupByField="account_id"))
    floor.work()

    assert sorted(floor.called()) == ["Ann", "Ben"]


def test_cancelling_the_one_who_is_called_stops_the_chain(floor):
    """Somebody decided: whoever waits with them is not called in their place."""
    desk = floor.opens()
    rows = [contact(name=name, account_id="acme", person=name) for name in EVERYBODY]
    batch = accepted(desk.schedule(rows, groupByField="account_id")).batch_id
    floor.work()

    assert desk.cancel("person", "Ann").body == {"success": True}
    floor.settle()
    floor.work(10)

    assert floor.called() == ["Ann"]
    assert floor.lifecycles(batch) == ["cancelled"] * 3


def test_cancelling_one_who_waits_leaves_the_others_in_their_order(floor):
    desk = floor.opens()
    rows = [contact(name=name, account_id="acme", person=name) for name in EVERYBODY]
    accepted(desk.schedule(rows, groupByField="account_id"))
    floor.work()

    desk.cancel("person", "Ben")
    floor.settle()
    floor.ended("Ann", DECLINED)
    floor.work()

    assert floor.called() == ["Ann", "Cho"]


def test_a_result_that_comes_days_late_still_decides(floor):
    floor.opens()
    batch = chained(floor, "Ann", "Ben")
    floor.stage.now += 3 * DAY
    floor.work(5)
    assert floor.called() == ["Ann"]

    floor.ended("Ann", REACHED)
    floor.work()

    assert floor.called() == ["Ann"]
    assert floor.lifecycles(batch) == ["done", "cancelled"]


def test_a_call_that_can_not_be_made_at_all_lets_the_next_be_called(floor):
    floor.opens()
    batch = chained(floor, "Ann", "Ben")

    answer = floor.fail(floor.call_of("Ann"), {"reason": "The number does not exist.", "retry": False})
    floor.settle()
    floor.work()

    assert answer.status == 200, answer
    assert floor.called() == ["Ann", "Ben"]
    assert floor.lifecycles(batch) == ["failed", "in progress"]


def test_whoever_waits_is_called_in_the_hours_and_not_before_the_time_that_was_named_for_them(floor):
    floor.opens(callWindows=WEEKDAYS)
    monday, tuesday = "2026-11-23T15:00:00Z", "2026-11-24T15:00:00Z"
    rows = [contact(name="Ann", scheduledAt=monday, account_id="a"), contact(name="Ben", scheduledAt=tuesday)]
    rows[1]["account_id"] = "a"
    accepted(floor.office.schedule(rows, groupByField="account_id"))
    floor.work()
    floor.stage.now += 2 * DAY + 6 * HOUR
    floor.work()
    assert floor.called() == ["Ann"]

    floor.ended("Ann", DECLINED)
    floor.work(5)
    assert floor.called() == ["Ann"]
    floor.stage.now += DAY
    floor.work()

    assert floor.called() == ["Ann", "Ben"]


def test_a_success_ends_the_later_steps_and_anything_else_goes_on_to_them(floor):
    floor.opens(steps=[{"stepType": "CALL", "delaySeconds": 0}, {"stepType": "CALL", "delaySeconds": 600}])
    accepted(floor.office.schedule([contact(name="Ann"), contact(name="Ben")]))
    floor.work()

    floor.ended("Ann", REACHED)
    floor.ended("Ben", DECLINED)
    floor.work(20)

    assert floor.called().count("Ann") == 1
    assert floor.called().count("Ben") == 2


def test_who_was_accepted_while_a_chain_ran_and_is_made_once_it_is_over_belongs_to_it(floor):
    desk = floor.opens()
    chained(floor, "Ann")
    late = accepted(desk.schedule([contact(name="Ben", account_id="acme")], groupByField="account_id"))
    floor.stage.now += 1_000

    floor.ended("Ann", REACHED)
    floor.work()

    assert floor.called() == ["Ann"]
    assert floor.lifecycles(late.batch_id) == ["cancelled"]


def test_a_success_that_is_told_once_the_next_is_called_stops_the_chain_all_the_same(floor):
    """Its dialler had given the call up, and reached them after all."""
    floor.opens()
    batch = chained(floor, *EVERYBODY)
    first = floor.call_of("Ann")
    floor.fail(first, {"reason": "The line is down.", "retry": False})
    floor.settle()
    floor.work()
    assert floor.called() == ["Ann", "Ben"]

    assert floor.tell(first, REACHED).status == 200
    floor.settle()
    floor.work(10)

    assert floor.called() == ["Ann", "Ben"]
    assert floor.lifecycles(batch)[1:] == ["cancelled", "cancelled"]
    assert not floor.is_open(floor.call_of("Ben"))


def test_whoever_opts_out_or_is_deleted_makes_room_for_the_next(floor):
    desk = floor.opens()
    rows = [contact(name=name, account_id="a", toEmailAddress=f"{name}@corp.example") for name in EVERYBODY]
    batch = accepted(desk.schedule(rows, groupByField="account_id")).batch_id
    floor.work()

    good(desk.own("suppress", {"emails": ["ann@corp.example"]}, group="drumbeat"))
    floor.settle()
    floor.work()
    assert floor.called() == ["Ann", "Ben"]
    assert floor.lifecycles(batch) == ["cancelled", "in progress", "waiting"]
    people = good(desk.own("list_prospects", group="outreach"))["data"]
    (ben,) = [one["id"] for one in people if one["attributes"]["firstName"] == "Ben"]
    assert desk.own("delete_prospect", group="outreach", id=str(ben)).status == 204
    floor.settle()
    floor.work()

    assert floor.called() == list(EVERYBODY)
