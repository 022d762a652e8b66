"""Every reason for which a row is rejected, by a row that has it (contract 4.4)."""

from typing import Any

import pytest

from drumbeat.domain.phone import PhoneProblem
from drumbeat.domain.row_problem import OF_PHONE, TEXTS, RowProblem
from tests.unit.julian.rows import AGENT, GOOD, accepted, bulk, good, rejected

LACKING = {key: {name: value for name, value in GOOD.items() if name != key} for key in GOOD}
MAILED = {"needs_email": True}
P = RowProblem

# The problem, a row that has it, what the call asks for, and the text in the answer.
TABLE: list[tuple[RowProblem, Any, dict[str, Any], str]] = [
    (P.NOT_AN_OBJECT, ["+15551234567"], {}, "The row must be an object."),
    (P.NOT_AN_OBJECT, None, {}, "The row must be an object."),
    (P.ROW_TOO_LONG, good(**{f"v{i}": "x" * 990 for i in range(9)}), {}, "The row has 9074 bytes; 8192 are the most."),
    (P.NAME_MISSING, LACKING["name"], {}, "name is missing."),
    (P.NAME_MISSING, good(name=None), {}, "name is missing."),
    (P.NAME_MISSING, good(name="  "), {}, "name is missing."),
    (P.NAME_UNFIT, good(name=7), {}, "name must be one line of text with 200 characters at most."),
    (P.NAME_UNFIT, good(name="x" * 201), {}, "name must be one line of text with 200 characters at most."),
    (P.NAME_UNFIT, good(name="John\nDoe"), {}, "name must be one line of text with 200 characters at most."),
    (P.PHONE_MISSING, LACKING["phoneNumber"], {}, "phoneNumber is missing."),
    (P.PHONE_MISSING, good(phoneNumber=None), {}, "phoneNumber is missing."),
    (P.PHONE_NO_TEXT, good(phoneNumber=15551234567), {}, 'phoneNumber must be text such as "+15551234567".'),
    (
        P.PHONE_WITHOUT_COUNTRY,
        good(phoneNumber="(555) 123-4567"),
        {},
        "phoneNumber must begin with + and the code of a country, such as +15551234567.",
    ),
    (
        P.PHONE_WITHOUT_COUNTRY,
        good(phoneNumber="+999 123456789"),
        {},
        "phoneNumber must begin with + and the code of a country, such as +15551234567.",
    ),
    (P.PHONE_UNREADABLE, good(phoneNumber="unknown"), {}, "phoneNumber is not a phone number."),
    (P.PHONE_UNREADABLE, good(phoneNumber="+15551234567 +15559999999"), {}, "phoneNumber is not a phone number."),
    (P.PHONE_TOO_SHORT, good(phoneNumber="+1911"), {}, "phoneNumber is too short for a phone number of its country."),
    (
        P.PHONE_TOO_LONG,
        good(phoneNumber="+1 555 123 4567 89"),
        {},
        "phoneNumber is too long for a phone number of its country.",
    ),
    (
        P.PHONE_WITHOUT_AREA,
        good(phoneNumber="+1 555 1234"),
        {},
        "phoneNumber can be called only from nearby: its area code is missing.",
    ),
    (
        P.PHONE_OF_WRONG_LENGTH,
        good(phoneNumber="+354 12345678"),
        {},
        "phoneNumber has a length that no phone number of its country has.",
    ),
    (P.EXTENSION_UNFIT, good(phoneNumberExt="12a"), {}, "phoneNumberExt must be text of 1 to 20 digits."),
    (P.EXTENSION_UNFIT, good(phoneNumberExt="1" * 21), {}, "phoneNumberExt must be text of 1 to 20 digits."),
    (P.EXTENSION_UNFIT, good(phoneNumberExt=12), {}, "phoneNumberExt must be text of 1 to 20 digits."),
    (
        P.EXTENSION_TWICE,
        good(phoneNumber="+15551234567 x12", phoneNumberExt="13"),
        {},
        "phoneNumberExt is not the extension that stands behind the phone number.",
    ),
    (P.ZONE_UNKNOWN, good(timezone="Mars/Base"), {}, "timezone must be an IANA time zone such as Europe/Berlin."),
    (P.ZONE_UNKNOWN, good(timezone=2), {}, "timezone must be an IANA time zone such as Europe/Berlin."),
    *(
        (
            P.TIME_UNREADABLE,
            good(scheduledAt=value),
            {},
            "scheduledAt must be a date and time such as 2026-12-01T09:00:00Z.",
        )
        for value in ("tomorrow", "", "2026-12-01", "2026-02-30T10:00:00Z", "2026-12-01T25:00:00Z", 1796115600)
    ),
    (
        P.TIME_PAST,
        good(scheduledAt="2023-11-07T05:31:56Z"),
        {},
        "scheduledAt must lie in the future; it is 2026-11-20T12:00:00.000Z now.",
    ),
    (
        P.TIME_PAST,
        good(scheduledAt="2026-11-20T12:00:00Z"),
        {},
        "scheduledAt must lie in the future; it is 2026-11-20T12:00:00.000Z now.",
    ),
    (P.TIME_TOO_FAR, good(scheduledAt="2027-12-01T15:00:00Z"), {}, "scheduledAt lies more than a year ahead."),
    (
        P.TIME_OUTSIDE_WINDOWS,
        good(scheduledAt="2026-11-21T10:00:00"),
        {},
        "scheduledAt is outside the call windows (Mon-Fri 09:00-17:00, in America/New_York); "
        "they open next at 2026-11-23T09:00:00-05:00.",
    ),
    (P.EMAIL_MISSING, GOOD, MAILED, "toEmailAddress is missing, and the agent has e-mail steps."),
    (
        P.EMAIL_MISSING,
        good(toEmailAddress="[email\xa0protected]"),
        MAILED,
        "toEmailAddress is missing, and the agent has e-mail steps.",
    ),
    (P.EMAIL_UNFIT, good(toEmailAddress="john"), {}, "toEmailAddress is not an e-mail address that we can use."),
    (P.EMAIL_UNFIT, good(toEmailAddress=5), MAILED, "toEmailAddress is not an e-mail address that we can use."),
    (P.VARIABLES_MISSING, LACKING["account_id"], {}, "Missing custom input variables: account_id."),
    (P.VARIABLES_MISSING, good(account_id=None), {}, "Missing custom input variables: account_id."),
    (P.VARIABLES_MISSING, good(account_id=" "), {}, "Missing custom input variables: account_id."),
    (P.GROUPING_MISSING, GOOD, {"groupByField": "team"}, "team is missing: the rows are grouped by it."),
    (P.GROUPING_MISSING, good(team=""), {"groupByField": "team"}, "team is missing: the rows are grouped by it."),
    (
        P.VARIABLE_NAME_UNFIT,
        good(**{"a\nb": "x"}),
        {},
        "A variable's name must be one line of 1 to 100 characters: a?b.",
    ),
    (P.VARIABLE_NO_TEXT, good(age=41), {}, "age must be text."),
    (P.VARIABLE_NO_TEXT, good(tags=["a"]), {}, "tags must be text."),
    (P.VARIABLE_UNFIT, good(note="\x00"), {}, "note must not hold control characters."),
    (P.VARIABLE_UNFIT, good(note="\ud800"), {}, "note must not hold control characters."),
    (P.VARIABLE_TOO_LONG, good(note="x" * 1_001), {}, "note must have 1000 characters at most."),
    (
        P.TOO_MANY_VARIABLES,
        good(**{f"v{i}": "x" for i in range(40)}),
        {},
        "The row has 41 variables; 40 are the most.",
    ),
]


@pytest.mark.parametrize(("problem", "row", "asked", "text"), TABLE)
def test_a_row_is_rejected_for_this_and_for_nothing_else(problem, row, asked, text):
    (told,) = bulk(row, **asked)

    assert rejected(told).problems == (problem,)
    assert rejected(told).text == text


def test_a_number_that_was_there_before_is_rejected():
    told = rejected(bulk(good(), good())[1])

    assert told.problems == (RowProblem.DUPLICATE,)
    assert told.text == "phoneNumber is the number of row 0 too."


def test_every_reason_has_its_row_in_the_table():
    shown = {problem for problem, *_ in TABLE} | {RowProblem.DUPLICATE}

    assert shown == set(RowProblem)
    assert set(TEXTS) == set(RowProblem)
    assert set(OF_PHONE) == set(PhoneProblem)


def test_the_row_of_the_source_document_s_answer():
    """`rejected` has index, number and error: account_id is not there."""
    told = bulk(good(phoneNumber="+12125550100"), LACKING["account_id"])

    assert [row.index for row in told] == [0, 1]
    assert rejected(told[1]).phone == "+15551234567"
    assert rejected(told[1]).text == "Missing custom input variables: account_id."


def test_a_row_is_told_everything_that_is_wrong_with_it():
    told = rejected(bulk({"phoneNumber": "555", "timezone": "here", "age": 5})[0])

    assert told.problems == (
        RowProblem.NAME_MISSING,
        RowProblem.PHONE_WITHOUT_COUNTRY,
        RowProblem.VARIABLE_NO_TEXT,
        RowProblem.VARIABLES_MISSING,
        RowProblem.ZONE_UNKNOWN,
    )
    assert told.text.startswith("name is missing. phoneNumber must begin with + ")


def test_several_variables_are_missed_in_the_order_of_the_agent():
    agent = type(AGENT)(zones=AGENT.zones, required=("b", "a"))

    assert rejected(bulk(good(), agent=agent)[0]).text == "Missing custom input variables: b, a."


def test_what_is_shown_of_a_row_can_be_stored_and_is_short():
    told = rejected(bulk(good(phoneNumber="\ud800\n" + "9" * 500, **{"k" * 5_000: "x"}))[0])

    assert told.phone == "??" + "9" * 98
    assert len(told.text) <= 1_000
    told.text.encode()


def test_good_rows_are_accepted_beside_bad_ones():
    told = bulk({}, good(), None, good(phoneNumber="+12125550100"))

    assert [row.index for row in told] == [0, 1, 2, 3]
    accepted(told[1])
    accepted(told[3])
