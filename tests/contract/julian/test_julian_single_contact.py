"""Contract 4.3: one contact, field by field."""

import pytest

from drumbeat.domain.times import DAY, HOUR, iso
from tests.contract.julian.answers import Usage, read, refused, scheduled
from tests.contract.julian.vendor import WEEKDAYS, contact, mailbox, office

MONDAY_TEN = "2026-11-23T10:00:00Z"
"""Ten in London, five in New York."""


@pytest.fixture
def by_day(stack, time):
    """It calls on weekdays from nine to five, in New York unless somebody lives elsewhere."""
    return office(callWindows=WEEKDAYS)


def test_the_answer_tells_the_whole_sequence(desk):
    row = {
        "name": "John Doe",
        "phoneNumber": "+1 (555) 123-4567",
        "toEmailAddress": "john.doe@corp.example",
        "timezone": "America/Chicago",
        "scheduledAt": "2026-11-23T15:31:56Z",
        "prospect_name": "John",
        "account_id": "acme",
    }

    answer = desk.schedule_one(row)

    told = scheduled(answer)
    assert answer.body["sequence"] == {
        "sequenceId": told.sequence_id,
        "name": "John Doe",
        "phoneNumber": "+15551234567",
        "scheduledAt": "2026-11-23T15:31:56.000Z",
        "toEmailAddress": "john.doe@corp.example",
        "customInputVariables": {"prospect_name": "John", "account_id": "acme"},
        "timezone": "America/Chicago",
        "scheduledBy": "API",
        "steps": [{"stepType": "CALL", "delaySeconds": 0}],
    } | {"phoneNumberExt": "", "lifecycleStatus": "scheduled"}


def test_the_steps_are_the_agent_s(stack, time):
    plain = office()
    steps = [
        {"stepType": "CALL", "delaySeconds": 0},
        {"stepType": "WAIT", "delaySeconds": 3_600},
        {"stepType": "EMAIL", "delaySeconds": 600, "subject": "Sorry to have missed you", "text": "Hello"},
    ]
    desk = plain.hire(steps=steps, senderId=mailbox(plain.own))

    told = scheduled(desk.schedule_one(contact(toEmailAddress="john@corp.example")))

    assert [(step.step_type, step.delay_seconds) for step in told.steps] == [
        ("CALL", 0), ("WAIT", 3_600), ("EMAIL", 600),
    ]  # fmt: skip
    assert "toEmailAddress" in rejection(desk, contact())


def rejection(desk, row):
    """What is said to a contact that is no good; nothing is set aside for it."""
    before = read(desk.usage(), Usage)
    message = refused(desk.schedule_one(row), 400, "VALIDATION_ERROR")["message"]
    assert read(desk.usage(), Usage) == before
    return message


@pytest.mark.parametrize("name", ["name", "phoneNumber"])
@pytest.mark.parametrize("value", [None, "", 5, ["x"]], ids=str)
def test_name_and_number_are_required_texts(desk, name, value):
    assert name in rejection(desk, contact() | {name: value})


@pytest.mark.parametrize("number", ["5551234567", "+1", "call me", "+999123456789", "+1555123456789012"])
def test_a_number_is_one_that_can_be_called_from_anywhere(desk, number):
    assert "phoneNumber" in rejection(desk, contact(phoneNumber=number))


@pytest.mark.parametrize("spelled", ["+15551234567", "+1 (555) 123-4567", "+1.555.123.4567", "+1 555 123 4567"])
def test_any_way_to_spell_a_number_is_told_as_e164(desk, spelled):
    assert scheduled(desk.schedule_one(contact(phoneNumber=spelled))).phone_number == "+15551234567"


@pytest.mark.parametrize("address", ["nobody", "@x", 7, "a b@c.example"])
def test_an_address_is_one(desk, address):
    assert "toEmailAddress" in rejection(desk, contact(toEmailAddress=address))


@pytest.mark.parametrize(
    ("number", "zones", "zone"),
    [
        ("+12125550123", ["America/Los_Angeles"], "America/New_York"),
        ("+14155550123", ["America/New_York"], "America/Los_Angeles"),
        ("+442079460123", ["America/New_York"], "Europe/London"),
        # An 800 number may ring anywhere in the country.
        ("+18005550123", ["America/Chicago", "America/Denver"], "America/Chicago"),
        ("+18005550123", ["Europe/Paris", "America/Denver"], "America/Denver"),
        # Nobody knows the area code.
        ("+15551234567", ["America/Denver"], "America/Denver"),
    ],
)
def test_without_a_zone_it_is_that_of_the_number_then_the_agent_s_first(stack, time, number, zones, zone):
    desk = office(timezones=zones)

    assert scheduled(desk.schedule_one(contact(phoneNumber=number))).timezone == zone
    assert scheduled(desk.schedule_one(contact(phoneNumber=number, timezone="Asia/Tokyo"))).timezone == "Asia/Tokyo"


@pytest.mark.parametrize("zone", ["Mars/Olympus", "EST5", "+01:00", 1, "../etc/passwd"])
def test_a_zone_is_one_of_the_iana_list(desk, zone):
    assert "timezone" in rejection(desk, contact(timezone=zone))


def test_a_time_is_told_as_an_instant_however_it_is_written(desk):
    for spelled in ("2026-11-23T15:00:00Z", "2026-11-23T10:00:00-05:00", "2026-11-23T15:00:00.000+00:00"):
        assert scheduled(desk.schedule_one(contact(scheduledAt=spelled))).scheduled_at == "2026-11-23T15:00:00.000Z"


def test_a_time_without_a_zone_is_one_of_the_callee_s(desk):
    told = scheduled(desk.schedule_one(contact(scheduledAt="2026-11-23T10:00:00", timezone="America/New_York")))

    assert told.scheduled_at == "2026-11-23T15:00:00.000Z"


def test_without_a_time_it_is_as_soon_as_may_be(desk, by_day, time):
    assert scheduled(desk.schedule_one(contact())).scheduled_at == iso(time[0])
    told = scheduled(by_day.schedule_one(contact(timezone="America/New_York")))
    assert told.scheduled_at == "2026-11-23T14:00:00.000Z"


@pytest.mark.parametrize("ahead", [-DAY, -1, 400 * DAY])
def test_a_time_is_to_come(desk, time, ahead):
    assert "scheduledAt" in rejection(desk, contact(scheduledAt=iso(time[0] + ahead)))


@pytest.mark.parametrize("text", ["tomorrow", "2026-11-31T10:00:00Z", "2026-11-23", "10:00", 1_795_424_400_000])
def test_a_time_is_written_as_one(desk, text):
    assert "scheduledAt" in rejection(desk, contact(scheduledAt=text))


def test_a_time_is_looked_at_in_the_zone_in_which_it_is_called(by_day):
    assert scheduled(by_day.schedule_one(contact(scheduledAt=MONDAY_TEN, timezone="Europe/London")))
    assert scheduled(by_day.schedule_one(contact(scheduledAt=MONDAY_TEN, phoneNumber="+442079460123")))
    assert "America/New_York" in rejection(by_day, contact(scheduledAt=MONDAY_TEN))


def test_who_asks_so_is_called_outside_the_hours(by_day, time):
    early = contact(scheduledAt=MONDAY_TEN, bypassAllowedCallWindow=True)

    assert scheduled(by_day.schedule_one(early)).scheduled_at == "2026-11-23T10:00:00.000Z"
    assert scheduled(by_day.schedule_one(contact(bypassAllowedCallWindow=True))).scheduled_at == iso(time[0])
    assert "scheduledAt" in rejection(by_day, contact(scheduledAt=MONDAY_TEN, bypassAllowedCallWindow=False))


@pytest.mark.parametrize("wish", ["true", 1, "yes"])
def test_whether_hours_are_ignored_is_true_or_false(by_day, wish):
    assert by_day.schedule_one(contact(bypassAllowedCallWindow=wish)).status == 400


def test_it_is_never_a_time_that_is_over_whatever_the_hours(desk, time):
    assert "scheduledAt" in rejection(desk, contact(scheduledAt=iso(time[0] - HOUR), bypassAllowedCallWindow=True))


def test_every_other_text_is_a_variable_and_the_agent_names_those_it_needs(stack, time):
    desk = office(requiredVariables=["prospect_name", "account_id"])

    told = scheduled(desk.schedule_one(contact(prospect_name="Ann", account_id="7", shoe="41", phonenumber="x")))
    assert told.custom_input_variables == {"prospect_name": "Ann", "account_id": "7", "shoe": "41", "phonenumber": "x"}
    assert rejection(desk, contact(account_id="7")) == "Missing custom input variables: prospect_name."
    assert rejection(desk, contact()) == "Missing custom input variables: prospect_name, account_id."


@pytest.mark.parametrize("value", [7, True, ["a"], {"a": "b"}], ids=str)
def test_a_variable_is_a_text(desk, value):
    assert "account_id" in rejection(desk, contact(account_id=value))


def test_what_is_null_is_not_said(desk):
    nothing = dict.fromkeys(("timezone", "scheduledAt", "toEmailAddress", "phoneNumberExt", "account_id"))

    told = scheduled(desk.schedule_one(contact(**nothing)))

    assert (told.to_email_address, told.custom_input_variables, told.phone_number_ext) == (None, {}, "")


def test_calls_of_one_group_wait_for_each_other_across_calls(desk):
    def status(**fields):
        return scheduled(desk.schedule_one(contact(**fields))).lifecycle_status

    group = {"groupByField": "account_id"}
    assert [status(account_id="a", **group) for _ in range(3)] == ["scheduled", "waiting", "waiting"]
    assert status(account_id="b", **group) == "scheduled"
    assert status(account_id="a") == "scheduled"


def test_the_grouping_variable_is_one_that_the_contact_has(desk):
    assert "account_id" in rejection(desk, contact(groupByField="account_id"))
    assert desk.schedule_one(contact(groupByField=7, account_id="a")).status == 400


def test_calls_of_different_agents_do_not_wait_for_each_other(desk):
    """A group is one of an agent: its outcomes say what a success is."""
    row = {"groupByField": "account_id", "account_id": "a"}
    told = [scheduled(one.schedule_one(contact(**row))) for one in (desk, desk.hire())]

    assert [sequence.lifecycle_status for sequence in told] == ["scheduled", "scheduled"]


def test_without_credits_nobody_is_scheduled(desk):
    desk.allocate(0)

    body = refused(desk.schedule_one(contact()), 402, "INSUFFICIENT_CREDITS")

    assert (body["needed"], body["available"]) == (1, 0)


def test_an_agent_that_is_off_says_so(desk):
    desk.change(enabled=False)

    refused(desk.schedule_one(contact()), 422, "AGENT_MISCONFIGURED")


def test_the_same_number_may_be_scheduled_again(desk):
    """Contract 4.9: duplicates are looked for within one batch only."""
    row = contact()

    first, second = (scheduled(desk.schedule_one(row)) for _ in range(2))

    assert first.sequence_id != second.sequence_id


def test_a_retry_under_one_key_schedules_one_call(desk):
    first = desk.schedule_one(contact(), key="k")

    again = desk.schedule_one(contact(), key="k")

    assert (again.status, again.body) == (first.status, first.body)
    assert read(desk.usage(), Usage).organization.held_credits == 1
