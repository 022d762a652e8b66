"""When somebody is back, from the words of an automatic answer.

A date says nothing by itself; the words before and after it do. What says "back on" tells most, then what says "until"
or ends a range, then a date that stands there alone. Among equals the latest counts: waiting too long costs little.
"""

import re
from datetime import date, timedelta
from enum import IntEnum

from drumbeat.domain.calendar_words import WEEKDAYS, one_of
from drumbeat.domain.date_words import Told, dates_in
from drumbeat.domain.wording_of_mail import any_of

MOST_DAYS = 120
"""A later return is no reading of the words that one should wait for."""

_NEAR = 60
_SENTENCE = re.compile(r"[!?](?= |$)|(?<!\d)\.(?= |$)")
_FILL = (
    rf"(?:\b(?:{one_of(WEEKDAYS)}|the|and|le|el|il|la|al|den|dem|der|zum|und|inklusive|inkl|incl|including|inclusive|einschliesslich|einschl|y"
    r"|compris|inclus|incluso|compreso|compresa|dia|dnia|om|op|en|met|och|med|o|e|mo|di|mi|do|fr|sa|so)\b"
    r"|[ .,:(*])*$"
)
_BACK = any_of(
    r"\b(back|return(s|ing)?|again|available|reachable|resume|reopen)\b",
    r"\b(zuruck|wieder|ruckkehr|retour|revien|rentre|reprend|reprise)",
    r"\b(vuelv|vuelta|volver|regres|reincorpor|retorn|rient|torn(o|ero)|ritorn|di nuovo|volt(o|a|arei)|novamente)",
    r"\b(terug|weer|tillbaka|ater|tilbake|tilbage|igen|wrac|wroc|powr|ponownie)",
)
_AFTERWARDS = any_of(
    r"\b(back|return|again|zuruck|wieder|retour|revien|de vuelta|de volta|di nuovo|terug|weer|tillbaka|ater|igen)",
    r"\bz powrotem",
)
_UNTIL = re.compile(
    r"\b(?:until|till?|thru|through|up to|bis|jusqu'(?:au|a|en)?|hasta|fino|sino|ate|tot|t/m|tom|t\.o\.m|tm|do)\b"
    + _FILL
)
_TO = re.compile(r"\d(?:er|\.|st|nd|rd|th|o|a|:e)? ?(?:-|\b(?:to|bis|au|al|a|ao|e|tot|till?|t/m|do|and)\b)" + _FILL)
_INCLUSIVE = any_of(r"inclu|einschl|inkl|compris|compres|\bt/m\b|\btom\b|t\.o\.m|och med|wlacznie|through|thru")


class _Sense(IntEnum):
    """What a date is said to be; the greater one counts."""

    NONE = 0
    MENTIONED = 1
    UNTIL = 2
    BACK = 3


def return_date(said: str, received_on: date) -> date | None:
    """The first day on which somebody may be back, from `received_on` on and at most `MOST_DAYS` later; or None.

    `said` is folded text. Dates that may be read in two ways are read in the one that makes sense, or in the later one.
    """
    line = said.replace("\n", " ")
    told = dates_in(line, received_on)
    found: list[tuple[_Sense, date]] = []
    for before, each, after in zip([None, *told], told, [*told[1:], None], strict=False):
        sense, days_after = _sense(line, before, each, after)
        days = [day + timedelta(days_after) for day in each.days]
        latest = max((day for day in days if 0 <= (day - received_on).days <= MOST_DAYS), default=None)
        if sense and latest is not None:
            found.append((sense, latest))
    return max(found, default=(_Sense.NONE, None))[1]


def _sense(line: str, before: Told | None, told: Told, after: Told | None) -> tuple[_Sense, int]:
    """What the words around a date make of it, and how many days later somebody may be back."""
    ahead = line[max(before.end if before else 0, told.start - _NEAR) : told.start]
    behind = line[told.end : min(after.start if after else len(line), told.end + _NEAR)]
    ended = [each.end() for each in _SENTENCE.finditer(ahead)]
    ahead = ahead[ended[-1] :] if ended else ahead
    behind = behind[: next((each.start() for each in _SENTENCE.finditer(behind)), None)]
    inclusive = 1 if _INCLUSIVE.search(ahead) or _INCLUSIVE.search(behind[:20]) else 0
    with_before = line[max(0, told.start - _NEAR) : told.start]
    if told.is_range or _TO.search(with_before):
        return _Sense.UNTIL, 1
    if _UNTIL.search(ahead):
        return _Sense.UNTIL, inclusive
    if _BACK.search(ahead) or _AFTERWARDS.search(behind[:40]):
        return _Sense.BACK, 0
    return (_Sense.MENTIONED if told.is_plain else _Sense.NONE), 1
