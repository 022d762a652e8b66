"""Keys that nearly are the one of a field: somebody's slip, or what another API calls it."""

import re
from collections.abc import Collection, Iterable
from difflib import SequenceMatcher
from functools import lru_cache

_CLOSE = 0.8
_SLIPS = 2
_UNTOLD = re.compile(r"[\W_]+")
_LONGEST = 100


def nearest(field: str, others: Collection[str], keys: Iterable[str]) -> str | None:
    """The key that is meant for `field`, None if there is none such.

    Case, blanks and signs do not count. `others` are what else the field is called, in small letters and without signs.
    """
    best, closest = None, _CLOSE
    for key in keys:
        closeness = 1.0 if _bare(key) in others else _closeness(_bare(field), _bare(key))
        if closeness > closest:
            best, closest = key, closeness
    return best


@lru_cache(4_096)
def _closeness(wanted: str, found: str) -> float:
    # A comparison letter by letter costs microseconds, and rows that are alike have the same keys.
    return 0.0 if abs(len(wanted) - len(found)) > _SLIPS else SequenceMatcher(None, wanted, found).ratio()


def _bare(key: str) -> str:
    return _UNTOLD.sub("", key[:_LONGEST].lower())
