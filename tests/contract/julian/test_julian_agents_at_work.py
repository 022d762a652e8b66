"""What an agent is told holds for its calls, also once it is changed: steps, hours, caps, prices, dialler, webhook."""

from email import message_from_bytes

from drumbeat.domain.times import DAY, HOUR
from tests.contract.julian.answers import Organization, Usage, accepted, read, scheduled
from tests.contract.julian.floor import BUSY, DECLINED, VOICEMAIL, Floor
from tests.contract.julian.vendor import WEEKDAYS, Office, contact, contacts, mailbox, office
from tests.scripted_smtp import ScriptedServer
from tests.stage import recipients

CALL = {"stepType": "CALL", "delaySeconds": 0}
REFUSES = b"HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n"


def credits(desk: Office) -> Organization:
    return read(desk.usage(), Usage).organization


def test_a_mail_follows_a_call_that_was_in_vain_and_names_the_callee_and_their_variables(floor: Floor):
    mail = {"stepType": "EMAIL", "delaySeconds": 90, "subject": "Hi {{first_name}}", "text": "About {{account_id}}"}
    dialler = {"url": floor.dialler.url("/calls")}
    with ScriptedServer() as server:
        plain = floor.opens()
        sender = mailbox(plain.own, server.port)
        desk = plain.hire(
            steps=[CALL, mail], requiredVariables=["account_id"], senderId=sender, dialler=dialler,
            webhook=floor.listens(),
        )  # fmt: skip
        accepted(desk.schedule([contact(name="Ann Lee", account_id="acme", toEmailAddress="ann@corp.example")]))
        floor.work()
        floor.ended("Ann Lee", DECLINED)
        told = floor.heard()[0]["sequence"]["lifecycleStatus"]
        floor.work(10)

        assert told == "in progress"
        assert recipients(server) == ["ann@corp.example"]
        assert message_from_bytes(server.taken[0])["Subject"] == "Hi Ann"
        assert b"About acme" in server.taken[0]
        assert len(floor.heard()) == 1


def test_waits_come_before_what_follows_them(floor: Floor):
    floor.opens(steps=[{"stepType": "WAIT", "delaySeconds": 600}, CALL])
    accepted(floor.office.schedule([contact(name="Ann")]))

    floor.work(8)
    assert floor.called() == []
    floor.work(8)

    assert floor.called() == ["Ann"]


def test_each_type_of_result_is_called_again_as_often_as_the_agent_says(floor: Floor):
    rules = {"Busy": {"times": 2, "delaySeconds": 60}, "Voicemail": {"times": 1, "delaySeconds": 60}}
    floor.opens(retries=rules)
    accepted(floor.office.schedule([contact(name="Ann"), contact(name="Ben")]))
    floor.work()

    for _ in range(3):
        floor.ended("Ann", BUSY)
        floor.work()
    for _ in range(2):
        floor.ended("Ben", VOICEMAIL)
        floor.work()

    assert (floor.called().count("Ann"), floor.called().count("Ben")) == (3, 2)
    assert [told["sequence"]["lifecycleStatus"] for told in floor.heard() if told["name"] == "Ann"] == [
        "in progress", "in progress", "done",
    ]  # fmt: skip


def test_a_call_that_is_put_off_to_the_night_is_made_when_the_hours_begin(floor: Floor):
    floor.opens(callWindows=WEEKDAYS)
    floor.stage.now += 2 * DAY + 6 * HOUR  # Monday at ten in New York
    accepted(floor.office.schedule([contact(name="Ann")]))
    floor.work()

    floor.ended("Ann", {"resultType": "Goal Not Completed", "rescheduledAt": "2026-11-24T03:00:00Z"})
    floor.stage.now += 13 * HOUR
    floor.work()
    assert floor.called() == ["Ann"]
    floor.stage.now += 10 * HOUR
    floor.work()

    assert floor.called() == ["Ann", "Ann"]


def test_who_is_to_be_called_outside_the_hours_is(floor: Floor):
    desk = floor.opens(callWindows=WEEKDAYS)
    scheduled(desk.schedule_one(contact(name="Ann", bypassAllowedCallWindow=True, scheduledAt=floor.later(HOUR))))
    scheduled(desk.schedule_one(contact(name="Ben")))

    floor.work()
    assert floor.called() == []
    floor.stage.now += HOUR
    floor.work()

    assert floor.called() == ["Ann"]


def test_hours_that_are_changed_hold_for_those_who_are_scheduled_already(floor: Floor):
    desk = floor.opens()
    accepted(desk.schedule([contact(name="Ann")]))

    desk.change(callWindows=WEEKDAYS)
    floor.work()

    assert floor.called() == []


def test_no_more_than_the_cap_are_called_in_a_day(floor: Floor):
    floor.opens(dailyCallCap=2)
    accepted(floor.office.schedule(contacts(4)))

    floor.work(30)
    assert len(floor.called()) == 2
    floor.stage.now += DAY
    floor.work(30)

    assert len(floor.called()) == 4


def test_calls_that_are_made_again_count_for_the_cap_of_the_day_too(floor: Floor):
    floor.opens(dailyCallCap=2, retries={"Busy": {"times": 5, "delaySeconds": 60}})
    accepted(floor.office.schedule([contact(name="Ann")]))

    for _ in range(30):
        before = len(floor.called())
        floor.work(1)
        if len(floor.called()) > before:
            floor.ended("Ann", BUSY)

    assert len(floor.called()) == 2


def test_an_agent_that_is_off_calls_nobody_until_it_is_on_again(floor: Floor):
    desk = floor.opens()
    accepted(desk.schedule([contact(name="Ann")]))
    floor.work(0)

    desk.change(enabled=False)
    floor.work(5)
    assert floor.called() == []
    desk.change(enabled=True)
    floor.work(5)

    assert floor.called() == ["Ann"]


def test_a_first_call_costs_what_was_set_aside_for_it_and_a_later_one_what_it_costs_then(floor: Floor):
    desk = floor.opens(creditsPerCall=2, retries={"Busy": {"times": 1, "delaySeconds": 60}})
    accepted(desk.schedule([contact()]))
    floor.work()

    desk.change(creditsPerCall=7)
    floor.ended("John Doe", BUSY)
    first = credits(desk)
    floor.work()
    floor.ended("John Doe", BUSY)

    assert (first.spent_credits, first.held_credits) == (2, 0)
    assert (credits(desk).spent_credits, credits(desk).held_credits) == (9, 0)


def test_a_webhook_that_moves_is_posted_to_at_its_new_place_with_its_new_secret(floor: Floor):
    desk = floor.opens()
    accepted(desk.schedule([contact(name="Ann")]))
    floor.work()
    change = {"webhook": {"url": floor.webhook.url("/moved"), "rotateSecret": True}}
    told = desk.own("update_agent", change, group="drumbeat", agent_id=desk.agent)

    floor.ended("Ann", DECLINED)

    (asked,) = floor.webhook.asked
    assert asked.line.startswith("POST /moved ")
    assert asked.headers["x-api-key"] == told.body["webhook"]["secret"]


def test_a_webhook_that_is_added_later_hears_of_what_ends_from_then_on(floor: Floor):
    floor.office = office(dialler={"url": floor.dialler.url("/calls")})
    accepted(floor.office.schedule([contact(name="Ann"), contact(name="Ben")]))
    floor.work()
    floor.ended("Ann", DECLINED)

    floor.office.change(webhook=floor.listens())
    floor.ended("Ben", DECLINED)

    assert [told["name"] for told in floor.heard()] == ["Ben"]


def test_a_dialler_that_is_broken_for_a_while_is_asked_again_for_the_same_call(floor: Floor):
    floor.dialler._answers[:0] = [REFUSES, REFUSES]
    floor.opens()
    accepted(floor.office.schedule([contact(name="Ann")]))

    floor.work(60)

    assert len(floor.calls()) == 3
    assert len({call["callId"] for call in floor.calls()}) == 1
    floor.ended("Ann", DECLINED)
    assert len(floor.heard()) == 1
    assert credits(floor.office).spent_credits == 1
