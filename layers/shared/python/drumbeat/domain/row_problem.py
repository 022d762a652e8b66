"""Why a row of a call is not accepted: stable codes, and what each says to a person."""

from collections.abc import Mapping
from enum import StrEnum

from drumbeat.domain.phone import PhoneProblem


class RowProblem(StrEnum):
    """What is wrong with a row; every code has its own text."""

    NOT_AN_OBJECT = "not_an_object"
    ROW_TOO_LONG = "row_too_long"
    NAME_MISSING = "name_missing"
    NAME_UNFIT = "name_unfit"
    PHONE_MISSING = "phone_missing"
    PHONE_NO_TEXT = "phone_no_text"
    PHONE_WITHOUT_COUNTRY = "phone_without_country"
    PHONE_UNREADABLE = "phone_unreadable"
    PHONE_TOO_SHORT = "phone_too_short"
    PHONE_TOO_LONG = "phone_too_long"
    PHONE_WITHOUT_AREA = "phone_without_area"
    PHONE_OF_WRONG_LENGTH = "phone_of_wrong_length"
    EXTENSION_UNFIT = "extension_unfit"
    EXTENSION_TWICE = "extension_twice"
    ZONE_UNKNOWN = "zone_unknown"
    TIME_UNREADABLE = "time_unreadable"
    TIME_PAST = "time_past"
    TIME_TOO_FAR = "time_too_far"
    TIME_OUTSIDE_WINDOWS = "time_outside_windows"
    EMAIL_MISSING = "email_missing"
    EMAIL_UNFIT = "email_unfit"
    VARIABLES_MISSING = "variables_missing"
    GROUPING_MISSING = "grouping_missing"
    VARIABLE_NAME_UNFIT = "variable_name_unfit"
    VARIABLE_NO_TEXT = "variable_no_text"
    VARIABLE_UNFIT = "variable_unfit"
    VARIABLE_TOO_LONG = "variable_too_long"
    TOO_MANY_VARIABLES = "too_many_variables"
    DUPLICATE = "duplicate"


TEXTS: Mapping[RowProblem, str] = {
    RowProblem.NOT_AN_OBJECT: "The row must be an object.",
    RowProblem.ROW_TOO_LONG: "The row has {size} bytes; {most} are the most.",
    RowProblem.NAME_MISSING: "{field} is missing{hint}",
    RowProblem.NAME_UNFIT: "{field} must be one line of text with {most} characters at most.",
    RowProblem.PHONE_MISSING: "{field} is missing{hint}",
    RowProblem.PHONE_NO_TEXT: '{field} must be text such as "+15551234567".',
    RowProblem.PHONE_WITHOUT_COUNTRY: "{field} must begin with + and the code of a country, such as +15551234567.",
    RowProblem.PHONE_UNREADABLE: "{field} is not a phone number.",
    RowProblem.PHONE_TOO_SHORT: "{field} is too short for a phone number of its country.",
    RowProblem.PHONE_TOO_LONG: "{field} is too long for a phone number of its country.",
    RowProblem.PHONE_WITHOUT_AREA: "{field} can be called only from nearby: its area code is missing.",
    RowProblem.PHONE_OF_WRONG_LENGTH: "{field} has a length that no phone number of its country has.",
    RowProblem.EXTENSION_UNFIT: "{field} must be text of 1 to 20 digits.",
    RowProblem.EXTENSION_TWICE: "{field} is not the extension that stands behind the phone number.",
    RowProblem.ZONE_UNKNOWN: "{field} must be an IANA time zone such as Europe/Berlin.",
    RowProblem.TIME_UNREADABLE: "{field} must be a date and time such as 2026-12-01T09:00:00Z.",
    RowProblem.TIME_PAST: "{field} must lie in the future; it is {now} now.",
    RowProblem.TIME_TOO_FAR: "{field} lies more than a year ahead.",
    RowProblem.TIME_OUTSIDE_WINDOWS: (
        "{field} is outside the call windows ({windows}, in {zone}); they open next at {next}."
    ),
    RowProblem.EMAIL_MISSING: "{field} is missing, and the agent has e-mail steps{hint}",
    RowProblem.EMAIL_UNFIT: "{field} is not an e-mail address that we can use.",
    RowProblem.VARIABLES_MISSING: "Missing custom input variables: {names}.",
    RowProblem.GROUPING_MISSING: "{field} is missing: the rows are grouped by it.",
    RowProblem.VARIABLE_NAME_UNFIT: "A variable's name must be one line of 1 to {most} characters: {field}.",
    RowProblem.VARIABLE_NO_TEXT: "{field} must be text.",
    RowProblem.VARIABLE_UNFIT: "{field} must not hold control characters.",
    RowProblem.VARIABLE_TOO_LONG: "{field} must have {most} characters at most.",
    RowProblem.TOO_MANY_VARIABLES: "The row has {count} variables; {most} are the most.",
    RowProblem.DUPLICATE: "{field} is the number of row {first} too.",
}

MEANT_INSTEAD = "; did you mean the key {key}?"
MEANT_TOO = "Did you mean {field} by the key {key}?"

OF_PHONE: Mapping[PhoneProblem, RowProblem] = {
    PhoneProblem.NO_COUNTRY: RowProblem.PHONE_WITHOUT_COUNTRY,
    PhoneProblem.UNREADABLE: RowProblem.PHONE_UNREADABLE,
    PhoneProblem.TOO_SHORT: RowProblem.PHONE_TOO_SHORT,
    PhoneProblem.TOO_LONG: RowProblem.PHONE_TOO_LONG,
    PhoneProblem.NO_AREA: RowProblem.PHONE_WITHOUT_AREA,
    PhoneProblem.WRONG_LENGTH: RowProblem.PHONE_OF_WRONG_LENGTH,
}
