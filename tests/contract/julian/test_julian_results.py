"""Contract 4.7: what the webhook hears of every call, field by field."""

from collections.abc import Iterator

import pytest
from pydantic import TypeAdapter

from drumbeat.domain.times import DAY, HOUR
from tests.cadences import good
from tests.contract.julian.answers import Meeting, ResultPosted, ResultPostedWithCrm, accepted, scheduled
from tests.contract.julian.floor import BUSY, DECLINED, REACHED, VOICEMAIL, Floor
from tests.contract.julian.vendor import WON, Office, contact, made_agent
from tests.listening import deliver, received
from tests.posting import PostRoom
from tests.scripted_web import GOOD, ScriptedWebServer

ACTION = {
    "description": "Send the offer",
    "status": "completed",
    "actionKey": "send_offer",
    "completedAt": "2026-11-21T09:03:00.000Z",
    "metadata": {"template": "renewal", "pages": 2},
}
FULL = REACHED | {
    "summary": "They renew.",
    "extractedVariables": {"budget": "high", "seats": 12},
    "agentActions": [ACTION],
    "humanActions": [ACTION | {"status": "open", "completedAt": None}],
    "transcription": "Agent: Hello.\nJohn: Hello.",
    "followUpMeetingDetails": {
        "startTime": "2026-11-24T15:00:00.000Z",
        "endTime": "2026-11-24T15:30:00.000Z",
        "hostEmail": "ann@acme.example",
    },
    "fromPhoneNumber": "+15550001111",
    "duration": 95,
    "callUrl": "https://dialler.acme.example/calls/1",
    "crmSchedulingDetails": {"ownerId": "7"},
}
RESULT_MEMBERS = (
    "resultType", "summary", "extractedVariables", "agentActions", "humanActions", "transcription", "outcomes",
    "followUpMeetingDetails",
)  # fmt: skip


def heard(floor: Floor, model: type = ResultPosted) -> ResultPosted:
    """The one result that the webhook heard of."""
    (body,) = floor.heard()
    return TypeAdapter(model).validate_python(body)


@pytest.fixture
def john(floor: Floor) -> dict:
    """Somebody whose call was asked for, as the answer to the request tells of them."""
    floor.opens()
    told = scheduled(floor.office.schedule_one(contact(account_id="acme", timezone="America/Chicago")))
    floor.work()
    return told.model_dump(by_alias=True)


def test_every_field_is_told_once_a_call_is_over(floor, john):
    assert floor.heard() == []
    call = floor.call_of("John Doe")

    floor.ended("John Doe", FULL)

    heard(floor, ResultPostedWithCrm)
    assert floor.heard() == [
        {
            "agentId": floor.office.agent,
            "agentName": "Renewals",
            "callId": call["callId"],
            "name": "John Doe",
            "phoneNumber": john["phoneNumber"],
            "phoneNumberExt": "",
            "fromPhoneNumber": "+15550001111",
            "scheduledAt": john["scheduledAt"],
            "timezone": "America/Chicago",
            "direction": "outbound",
            "customInputVariables": {"account_id": "acme"},
            "duration": 95,
            "callUrl": "https://dialler.acme.example/calls/1",
            "rescheduledAt": None,
            "callResult": {name: FULL[name] for name in RESULT_MEMBERS},
            "crmSchedulingDetails": {"ownerId": "7"},
            "sequence": {"sequenceId": john["sequenceId"], "lifecycleStatus": "done"},
        }
    ]


def test_who_tells_little_is_heard_in_full_all_the_same(floor, john):
    floor.ended("John Doe", {"resultType": "Goal Not Completed"})

    told = heard(floor)

    assert (told.from_phone_number, told.phone_number_ext, told.rescheduled_at) == ("", "", None)
    assert told.call_result.outcomes == []
    assert "crmSchedulingDetails" not in floor.heard()[0]


@pytest.mark.parametrize("result_type", ["Goal Completed", "Goal Not Completed", "Voicemail", "Busy", "Wrong Number"])
def test_every_type_of_result_is_told_as_it_came(floor, john, result_type):
    """The vendor's table goes on where we can not read it."""
    floor.ended("John Doe", {"resultType": result_type})

    assert heard(floor).call_result.result_type == result_type


def test_a_call_that_is_put_off_says_until_when_and_goes_on(floor, john):
    at = floor.later(5 * HOUR)

    floor.ended("John Doe", {"resultType": "Goal Not Completed", "rescheduledAt": at})

    told = heard(floor)
    assert (told.rescheduled_at, told.sequence.lifecycle_status) == (at, "in progress")


def test_a_call_that_is_made_again_is_told_under_an_id_of_its_own(floor):
    floor.opens(retries={"Voicemail": {"times": 1, "delaySeconds": 600}})
    floor.office.schedule_one(contact())
    floor.work()

    floor.ended("John Doe", VOICEMAIL)
    floor.work(15)
    floor.ended("John Doe", DECLINED)

    assert [told["callId"] for told in floor.heard()] == [call["callId"] for call in floor.calls()]
    assert len({told["callId"] for told in floor.heard()}) == 2
    assert len({told["sequence"]["sequenceId"] for told in floor.heard()}) == 1
    assert [told["sequence"]["lifecycleStatus"] for told in floor.heard()] == ["in progress", "done"]


def test_the_post_shows_the_key_that_was_given_with_the_agent(floor):
    desk = floor.opens()
    made = made_agent(desk.own, dialler={"url": floor.dialler.url("/calls")}, webhook=floor.listens())
    accepted(Office(desk.ask, made["id"]).schedule([contact()]))
    floor.work()

    floor.ended("John Doe", BUSY)

    (asked,) = floor.webhook.asked
    assert asked.line.startswith("POST /results ")
    assert asked.headers["x-api-key"] == made["webhook"]["secret"]
    assert asked.headers["Content-Type"] == "application/json"


def test_it_is_told_of_calls_and_of_nothing_else(floor):
    desk = floor.opens()
    rows = [contact(name=name, account_id="acme") for name in ("Ann", "Ben")]
    desk.schedule(rows, groupByField="account_id")
    floor.work()
    desk.cancel("account_id", "acme")
    floor.settle()
    floor.work()

    assert floor.heard() == []


def test_a_dialler_that_tells_twice_is_heard_of_once(floor, john):
    call = floor.call_of("John Doe")
    floor.ended("John Doe", DECLINED)

    assert good(floor.tell(call, REACHED)) == {"changed": False}
    floor.settle()

    assert heard(floor).call_result.result_type == "Goal Not Completed"


def test_a_result_that_comes_after_the_sequence_was_cancelled_is_told(floor, john):
    floor.office.cancel("account_id", "acme")
    floor.settle()

    floor.ended("John Doe", DECLINED)

    assert heard(floor).sequence.lifecycle_status == "cancelled"


@pytest.fixture
def picky(floor: Floor) -> Iterator[ScriptedWebServer]:
    """A webhook that takes nothing at first."""
    answers = [f"HTTP/1.1 {status} X\r\nContent-Length: 0\r\n\r\n".encode() for status in (500, 429)]
    with ScriptedWebServer([*answers, GOOD]) as running:
        yield running


def test_what_is_not_acknowledged_comes_again_the_same_to_the_byte(floor, picky):
    floor.webhook = picky
    floor.opens()
    floor.office.schedule_one(contact())
    floor.work()
    good(floor.tell(floor.call_of("John Doe"), FULL))
    assert floor.wire.publish() == []
    deliver(received())
    now = floor.stage.now
    PostRoom(now=now, ticked_at=now).run(now + HOUR)

    assert len(picky.asked) == 3
    assert len({asked.body for asked in picky.asked}) == 1


@pytest.mark.parametrize("status", [200, 201, 202, 204])
def test_any_2xx_acknowledges(floor, john, status):
    floor.webhook._answers = [f"HTTP/1.1 {status} OK\r\nContent-Length: 0\r\n\r\n".encode()]

    floor.ended("John Doe", DECLINED)
    floor.stage.now += DAY
    floor.work()

    assert len(floor.webhook.asked) == 1


def test_two_agents_with_one_webhook_are_told_apart(floor):
    desk = floor.opens()
    second = desk.hire(name="Second", dialler={"url": floor.dialler.url("/calls")}, webhook=floor.listens())
    for one, name in ((desk, "Ann"), (second, "Ben")):
        one.schedule_one(contact(name=name))
    floor.work()
    for name in ("Ann", "Ben"):
        floor.ended(name, DECLINED)

    assert [(told["agentName"], told["agentId"], told["name"]) for told in floor.heard()] == [
        ("Renewals", desk.agent, "Ann"), ("Second", second.agent, "Ben"),
    ]  # fmt: skip


def test_meetings_have_all_their_members(floor, john):
    start = {"startTime": "2026-11-24T15:00:00Z"}
    floor.ended("John Doe", REACHED | {"followUpMeetingDetails": start})

    details = floor.heard()[0]["callResult"]["followUpMeetingDetails"]

    assert set(details) == {field.alias for field in Meeting.model_fields.values()}


def test_the_dialler_hears_which_outcomes_there_are(floor, john):
    assert floor.call_of("John Doe")["outcomes"][0] == {"name": WON["name"], "description": WON["description"]}


def test_a_dialler_is_called_with_a_signature_and_the_same_id_however_often(floor, john):
    (asked,) = floor.dialler.asked

    assert asked.headers["X-Drumbeat-Signature"].startswith("v1=")
    assert asked.headers["X-Drumbeat-Id"] == floor.calls()[0]["id"]
