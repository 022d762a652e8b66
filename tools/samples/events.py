"""The samples in events/ as they would come now: they were taken at one instant, and some say things of that minute."""

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

TAKEN_AT = 1_795_251_600_000
"""2026-11-21T09:00:00Z in UTC milliseconds, when all samples were taken."""
_SECOND = 1_000
_INSTANTS = re.compile(
    r"(?<!\d)(?P<milliseconds>1795[23]\d{8})(?!\d)"
    r"|(?<!\d)(?P<seconds>1795[23]\d{5})(?!\d)"
    r"|(?P<iso>2026-1[12]-\d\dT\d\d:\d\d:\d\d)(?P<fraction>\.\d+)?Z"
)


def moved(sample: Any, now: int) -> Any:
    """The sample with every instant in it moved by as much as has passed between when it was taken and `now`.

    Instants are numbers of milliseconds or seconds, and texts as 2026-11-21T09:00:00Z, wherever they stand; those of
    other months, or days as numbers, stay.
    """
    return json.loads(_INSTANTS.sub(_mover((now - TAKEN_AT) // _SECOND), json.dumps(sample)))


def _mover(seconds: int) -> Callable[[re.Match[str]], str]:
    def mover(found: re.Match[str]) -> str:
        if found["milliseconds"]:
            return str(int(found["milliseconds"]) + seconds * _SECOND)
        if found["seconds"]:
            return str(int(found["seconds"]) + seconds)
        at = datetime.fromisoformat(found["iso"]).replace(tzinfo=UTC) + timedelta(seconds=seconds)
        return f"{at:%Y-%m-%dT%H:%M:%S}{found['fraction'] or ''}Z"

    return mover
