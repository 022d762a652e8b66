"""When somebody is back, from the words of an automatic answer."""

import re
from datetime import date, timedelta

MOST_DAYS = 120
"""A later return is no reading of the words that one should wait for."""
_ISO = re.compile(r"(?<!\d)(20\d\d)-(\d\d)-(\d\d)(?!\d)")


def return_date(said: str, received_on: date) -> date | None:
    """The first day on which somebody may be back, from `received_on` on and at most `MOST_DAYS` later; or None."""
    found = []
    for year, month, day in _ISO.findall(said):
        try:
            found.append(date(int(year), int(month), int(day)))
        except ValueError:
            continue
    latest = received_on + timedelta(MOST_DAYS)
    return max((each for each in found if received_on <= each <= latest), default=None)
