"""Phone numbers: what reading one comes to."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Phone:
    """A number that may exist, as E.164 (`+15551234567`), and the digits to dial behind it, "" for none."""

    number: str
    extension: str = ""


class PhoneProblem(StrEnum):
    """Why a text is no number that can be called."""

    NO_COUNTRY = "no_country"
    UNREADABLE = "unreadable"
    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    NO_AREA = "no_area"
    WRONG_LENGTH = "wrong_length"


class Phones(Protocol):
    """What is known of the world's numbering plans."""

    def read(self, text: str) -> Phone | PhoneProblem: ...
    def zones(self, number: str) -> tuple[str, ...]:
        """The IANA time zones that an E.164 number may be in; none where the number does not tell."""
        ...
