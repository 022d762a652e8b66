"""Whom an accepted row calls, and what is known of them; which of equal numbers wins (contract 4.3, 4.4)."""

import pytest

from drumbeat.domain.agent import Agent
from drumbeat.domain.row_problem import RowProblem
from tests.unit.julian.rows import AGENT, GOOD, NOW, accepted, bulk, good, rejected, single

TITLING = Agent(zones=AGENT.zones, title_cases=True)


def test_a_row_says_whom_to_call_and_what_to_know_about_them():
    row = accepted(bulk(good(phoneNumberExt="12", toEmailAddress="John@Example.COM", team="red"))[0])

    assert (row.index, row.email, row.anytime) == (0, "John@example.com", False)
    assert row.callee.name == "John Doe"
    assert (row.callee.phone, row.callee.extension) == ("+15551234567", "12")
    assert row.callee.variables == {"account_id": "acc-1", "team": "red"}
    assert (row.callee.zone, row.callee.scheduled_at, row.callee.group_by) == ("America/New_York", None, None)


@pytest.mark.parametrize("spelled", ["+1 (555) 123-4567", "+1-555-123-4567", "tel:+15551234567", " +1.555.123.4567 "])
def test_two_spellings_of_one_number_collide_and_the_first_wins(spelled):
    told = bulk(good(), good(name="Jane", phoneNumber=spelled))

    assert accepted(told[0]).callee.name == "John Doe"
    assert rejected(told[1]).problems == (RowProblem.DUPLICATE,)
    assert rejected(told[1]).phone == spelled


def test_one_number_may_be_called_twice_where_duplicates_are_allowed():
    told = bulk(good(), good(phoneNumber="+1 (555) 123-4567"), allowDuplicates=True)

    assert [accepted(row).callee.phone for row in told] == ["+15551234567"] * 2


def test_a_row_that_is_rejected_does_not_take_the_number_from_a_good_one():
    told = bulk(good(name=None), good(), good())

    assert rejected(told[0]).problems == (RowProblem.NAME_MISSING,)
    assert accepted(told[1])
    assert rejected(told[2]).text == "phoneNumber is the number of row 1 too."


def test_an_extension_does_not_make_another_number():
    told = bulk(good(phoneNumberExt="1"), good(phoneNumberExt="2"))

    assert rejected(told[1]).problems == (RowProblem.DUPLICATE,)


@pytest.mark.parametrize(
    ("spelled", "number", "extension"),
    [
        ("+1 555 123 4567 ext. 89", "+15551234567", "89"),
        ("+44 (0)20 7946 0958", "+442079460958", ""),
        ("+39 06 12345678", "+390612345678", ""),
        ("+800 12345678", "+80012345678", ""),
        ("\uff0b\uff11 555 123 4567", "+15551234567", ""),
    ],
)
def test_numbers_are_read_as_people_write_them(spelled, number, extension):
    callee = accepted(bulk(good(phoneNumber=spelled))[0]).callee

    assert (callee.phone, callee.extension) == (number, extension)


def test_an_extension_may_be_said_twice_if_it_is_the_same():
    assert accepted(bulk(good(phoneNumber="+15551234567 x12", phoneNumberExt="12"))[0]).callee.extension == "12"


@pytest.mark.parametrize("key", ["phoneNumberExt", "timezone", "scheduledAt", "toEmailAddress", "note"])
def test_null_is_as_good_as_nothing(key):
    assert bulk(good(**{key: None})) == bulk(GOOD)


@pytest.mark.parametrize("key", ["phoneNumberExt", "timezone", "toEmailAddress"])
def test_blank_text_is_as_good_as_nothing(key):
    assert bulk(good(**{key: " "})) == bulk(GOOD)


def test_the_most_that_a_row_may_hold():
    row = good(name="x" * 200, **{f"v{i}": "x" * 100 for i in range(38)}, note="x" * 1_000)

    assert len(accepted(bulk(row)[0]).callee.variables) == 40


@pytest.mark.parametrize(
    ("row", "asked", "wanted"),
    [
        ({"timezone": "Europe/Berlin"}, {"timezone": "Asia/Tokyo"}, "Europe/Berlin"),
        ({}, {"timezone": "Asia/Tokyo"}, "Asia/Tokyo"),
        ({}, {}, "America/New_York"),
        ({"phoneNumber": "+493012345678"}, {}, "America/New_York"),
    ],
)
def test_the_zone_in_bulk_is_the_row_s_the_call_s_or_the_agent_s_first(row, asked, wanted):
    assert accepted(bulk(good(**row), **asked)[0]).callee.zone == wanted


@pytest.mark.parametrize(
    ("row", "wanted"),
    [
        ({"phoneNumber": "+493012345678", "timezone": "Asia/Tokyo"}, "Asia/Tokyo"),
        ({"phoneNumber": "+493012345678"}, "Europe/Berlin"),
        ({"phoneNumber": "+13125550100"}, "America/Chicago"),
        # A toll-free number is in all zones of the country: the first of the agent's that is among them.
        ({"phoneNumber": "+18005550100"}, "America/New_York"),
        # Moscow's mobiles are in all of Russia, and the agent is not.
        ({"phoneNumber": "+79161234567"}, "America/New_York"),
        # No area has this code.
        ({"phoneNumber": "+15551234567"}, "America/New_York"),
    ],
)
def test_the_zone_of_one_contact_is_their_own_the_number_s_or_the_agent_s_first(row, wanted):
    assert accepted(single(good(**row))).callee.zone == wanted


def test_of_a_number_s_zones_the_agent_s_is_taken_though_it_is_not_its_first():
    agent = Agent(zones=("Europe/Berlin", "America/Denver", "America/Chicago"))

    assert accepted(single(good(phoneNumber="+18005550100"), agent)).callee.zone == "America/Denver"


def test_the_single_call_s_own_fields_are_no_variables():
    row = accepted(single(good(bypassAllowedCallWindow=True, groupByField="account_id")))

    assert row.callee.variables == {"account_id": "acc-1"}
    assert row.callee.group_by == "account_id"
    assert row.anytime


@pytest.mark.parametrize("bypass", [None, False])
def test_nobody_is_called_out_of_the_windows_unless_that_is_asked_for(bypass):
    assert not accepted(single(good(bypassAllowedCallWindow=bypass))).anytime


def test_outside_the_windows_if_they_are_bypassed():
    row = accepted(single(good(scheduledAt="2026-11-21T03:00:00", bypassAllowedCallWindow=True)))

    assert row.callee.scheduled_at == NOW + 20 * 3_600_000
    assert row.anytime


def test_bulk_knows_no_bypass():
    """It is no field of bulk (contract 4.4), so it is a variable, and no text."""
    assert rejected(bulk(good(bypassAllowedCallWindow=True))[0]).text == "bypassAllowedCallWindow must be text."


def test_variables_are_title_cased_where_the_agent_allows_it():
    row = good(prospect_name="MARY-ANN O'NEIL", team="RED")
    asked = {"normalizeFields": ["prospect_name", "unknown"]}

    allowed = accepted(bulk(row, agent=TITLING, **asked)[0]).callee.variables
    ignored = accepted(bulk(row, agent=AGENT, **asked)[0]).callee.variables

    assert (allowed["prospect_name"], allowed["team"]) == ("Mary-Ann O'Neil", "RED")
    assert ignored["prospect_name"] == "MARY-ANN O'NEIL"


def test_rows_are_grouped_by_what_the_variable_has_become():
    rows = [good(phoneNumber=f"+1212555010{i}", account_id=name) for i, name in enumerate(("ACME", "acme", "Acme"))]

    told = bulk(*rows, agent=TITLING, normalizeFields=["account_id"], groupByField="account_id")

    assert {accepted(row).callee.variables["account_id"] for row in told} == {"Acme"}
    assert {accepted(row).callee.group_by for row in told} == {"account_id"}


def test_an_address_is_read_though_nobody_mails():
    assert accepted(bulk(good(toEmailAddress="j@example.com"))[0]).email == "j@example.com"
