"""A key that nearly is a field's is a variable, and is told where the field is missed (contract 4.9)."""

import pytest

from drumbeat.domain.agent import Agent
from tests.unit.julian.rows import AGENT, GOOD, accepted, bulk, good, rejected

NAMELESS = {key: value for key, value in GOOD.items() if key != "name"}
UNREACHABLE = {key: value for key, value in GOOD.items() if key != "phoneNumber"}


@pytest.mark.parametrize("key", ["phone_number", "phone", "PhoneNumber", "Phone Number", "mobile", "phonenumbr", "tel"])
def test_the_key_that_was_meant_for_the_number_is_told(key):
    (told,) = bulk(UNREACHABLE | {key: "+15551234567"})

    assert rejected(told).text == f"phoneNumber is missing; did you mean the key {key}?"


def test_a_value_that_is_no_text_counts_too():
    (told,) = bulk(UNREACHABLE | {"phone": 15551234567})

    assert rejected(told).text == "phoneNumber is missing; did you mean the key phone? phone must be text."


@pytest.mark.parametrize("key", ["Name", "full_name", "fullName"])
def test_the_key_that_was_meant_for_the_name_is_told(key):
    assert rejected(bulk(NAMELESS | {key: "John"})[0]).text == f"name is missing; did you mean the key {key}?"


@pytest.mark.parametrize("key", ["email", "to_email_address", "emailAddress", "toEmailAdress"])
def test_the_key_that_was_meant_for_the_address_is_told(key):
    (told,) = bulk(good(**{key: "john@example.com"}), needs_email=True)

    text = f"toEmailAddress is missing, and the agent has e-mail steps; did you mean the key {key}?"
    assert rejected(told).text == text


@pytest.mark.parametrize(
    ("key", "field"),
    [
        ("schedule_at", "scheduledAt"),
        ("scheduled_at", "scheduledAt"),
        ("time_zone", "timezone"),
        ("tz", "timezone"),
        ("extension", "phoneNumberExt"),
    ],
)
def test_a_row_that_is_rejected_is_told_what_else_it_may_have_meant(key, field):
    (told,) = bulk(UNREACHABLE | {key: "x"})

    assert rejected(told).text == f"phoneNumber is missing. Did you mean {field} by the key {key}?"


def test_nothing_is_guessed_for_a_field_that_is_there():
    (told,) = bulk(good(phone="+1", timezone="here", tz="there"))

    assert rejected(told).text == "timezone must be an IANA time zone such as Europe/Berlin."


def test_what_the_agent_asks_for_is_no_slip():
    agent = Agent(zones=AGENT.zones, required=("mobile",))

    (told,) = bulk(UNREACHABLE | {"mobile": "yes"}, agent=agent)

    assert rejected(told).text == "phoneNumber is missing."


def test_such_a_key_is_a_variable_like_any_other():
    (told,) = bulk(good(phone="+1", schedule_at="noon"))

    assert accepted(told).callee.variables == {"account_id": "acc-1", "phone": "+1", "schedule_at": "noon"}
