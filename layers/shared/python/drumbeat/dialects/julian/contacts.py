"""The rows of a call: which keys they have, and which of their values stand for none (contract 4.3, 4.4)."""

from typing import Any

from drumbeat.domain.row_rules import RowKeys

KEYS = RowKeys(
    name="name",
    phone="phoneNumber",
    extension="phoneNumberExt",
    zone="timezone",
    scheduled_at="scheduledAt",
    email="toEmailAddress",
    aliases={
        "name": frozenset({"fullname", "contactname", "customername", "firstname"}),
        "phoneNumber": frozenset({"phone", "mobile", "mobilephone", "telephone", "tel", "number", "cell", "e164"}),
        "phoneNumberExt": frozenset({"extension", "ext", "phoneext", "phoneextension"}),
        "timezone": frozenset({"tz", "zone", "timezoneid"}),
        "scheduledAt": frozenset({"scheduleat", "schedule", "scheduledfor", "scheduledtime", "callat", "startat"}),
        "toEmailAddress": frozenset({"email", "emailaddress", "mail", "toemail", "to"}),
    },
)
_PLACEHOLDERS = {
    KEYS.extension: {"<string>"},
    KEYS.zone: {"<string>"},
    KEYS.email: {"<string>", "[email protected]", "[email\xa0protected]"},
}
"""What the reference pages print where a caller may put something: whoever sends their example as it is means nothing
by it. A name, a number or a time has no such value: nobody is called for one."""


def without_placeholders(row: Any) -> Any:
    """The row without the fields that hold what the reference pages print in them."""
    if not isinstance(row, dict):
        return row
    return {key: value for key, value in row.items() if not _is_placeholder(key, value)}


def _is_placeholder(key: str, value: Any) -> bool:
    return isinstance(value, str) and value in _PLACEHOLDERS.get(key, ())
