"""Texts that every layer below can hold: no NUL, no control characters, no lone surrogates (reliability F-04).

Numbers too: true is none.
"""

import unicodedata
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints

from drumbeat.domain.email import normalized
from drumbeat.domain.fit_text import is_line, is_text
from drumbeat.domain.merge import FIELDS, unknown_fields
from drumbeat.domain.schedule import is_zone
from drumbeat.domain.webhook import LONGEST_URL

LINE_LENGTH = 255
ZONE_LENGTH = 64
ZONE_WANTED = "must be an IANA time zone such as Europe/Berlin"
BODY_LENGTH = 100_000
PROSE_LENGTH = 10_000


def _line(text: str) -> str:
    if not is_line(text):
        raise ValueError("must be one line without control characters")
    return unicodedata.normalize("NFC", text)


def _body(text: str) -> str:
    if not is_text(text):
        raise ValueError("must not hold control characters")
    return text


def _no_flag(value: Any) -> Any:
    if isinstance(value, bool):
        raise ValueError("must be a number")
    return value


def _email(text: str) -> str:
    normal = normalized(text)
    if normal is None:
        raise ValueError("is not an e-mail address that we can use")
    return normal


def _mergeable(text: str) -> str:
    unknown = unknown_fields(text)
    if unknown:
        raise ValueError(f"unknown placeholder {', '.join(unknown)}; there are {', '.join(FIELDS)}")
    return text


def _zone(text: str) -> str:
    if not is_zone(text):
        raise ValueError(ZONE_WANTED)
    return text


type Whole = Annotated[int, BeforeValidator(_no_flag)]
type Number = Annotated[float, BeforeValidator(_no_flag)]
type Line = Annotated[str, StringConstraints(max_length=LINE_LENGTH), AfterValidator(_line)]
type Name = Annotated[
    str, StringConstraints(min_length=1, max_length=LINE_LENGTH, strip_whitespace=True), AfterValidator(_line)
]
type Body = Annotated[str, StringConstraints(min_length=1, max_length=BODY_LENGTH), AfterValidator(_body)]
type Prose = Annotated[str, StringConstraints(max_length=PROSE_LENGTH), AfterValidator(_body)]
type Subject = Annotated[Line, Field(min_length=1), AfterValidator(_mergeable)]
type MailBody = Annotated[Body, AfterValidator(_mergeable)]
type Email = Annotated[str, StringConstraints(max_length=320), AfterValidator(_email)]
type Host = Annotated[
    str, StringConstraints(max_length=253, pattern=r"^[A-Za-z0-9]([A-Za-z0-9.:-]{0,251}[A-Za-z0-9])?$")
]
type Url = Annotated[str, Field(max_length=LONGEST_URL)]
type Zone = Annotated[str, StringConstraints(max_length=ZONE_LENGTH), AfterValidator(_zone)]
type Secret = Annotated[str, StringConstraints(min_length=1, max_length=1024), AfterValidator(_line)]
type Port = Annotated[Whole, Field(ge=1, le=65535)]
type DailyLimit = Annotated[Whole, Field(ge=1, le=1_000_000)]
type Wait = Annotated[Whole, Field(ge=0, le=86_400)]


def text_of_at_most(length: int) -> Any:
    """The type of a text of several lines with a length of its own."""
    return Annotated[str, StringConstraints(max_length=length), AfterValidator(_body)]
