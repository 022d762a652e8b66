"""Phone numbers by Google's numbering plans (the package `phonenumbers`)."""

from phonenumbers import (
    NumberParseException,
    PhoneNumberFormat,
    ValidationResult,
    format_number,
    is_possible_number_with_reason,
    parse,
)
from phonenumbers.timezone import UNKNOWN_TIMEZONE, time_zones_for_number

from drumbeat.domain.phone import Phone, PhoneProblem

_UNPARSED = {
    NumberParseException.INVALID_COUNTRY_CODE: PhoneProblem.NO_COUNTRY,
    NumberParseException.TOO_SHORT_AFTER_IDD: PhoneProblem.TOO_SHORT,
    NumberParseException.TOO_SHORT_NSN: PhoneProblem.TOO_SHORT,
    NumberParseException.TOO_LONG: PhoneProblem.TOO_LONG,
}
_IMPOSSIBLE = {
    ValidationResult.INVALID_COUNTRY_CODE: PhoneProblem.NO_COUNTRY,
    ValidationResult.TOO_SHORT: PhoneProblem.TOO_SHORT,
    ValidationResult.TOO_LONG: PhoneProblem.TOO_LONG,
    ValidationResult.IS_POSSIBLE_LOCAL_ONLY: PhoneProblem.NO_AREA,
}


class PlannedNumbers:
    """The numbering plans of the package; it reads a country's plan when the first number of it comes."""

    def read(self, text: str) -> Phone | PhoneProblem:
        """The number, if one of its length can be called from abroad; whether it has been given out is not asked."""
        try:
            number = parse(text)
        except NumberParseException as trouble:
            return _UNPARSED.get(trouble.error_type, PhoneProblem.UNREADABLE)
        verdict = is_possible_number_with_reason(number)
        if verdict != ValidationResult.IS_POSSIBLE:
            return _IMPOSSIBLE.get(verdict, PhoneProblem.WRONG_LENGTH)
        return Phone(format_number(number, PhoneNumberFormat.E164), number.extension or "")

    def zones(self, number: str) -> tuple[str, ...]:
        """The zones of the number's area or country; none for a number whose area does not exist, and for no number."""
        try:
            found = time_zones_for_number(parse(number))
        except NumberParseException:
            return ()
        return tuple(zone for zone in found if zone != UNKNOWN_TIMEZONE)
