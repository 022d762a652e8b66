"""What functions may do although no test calls it: the code reaches it, by a path that has no test yet."""

from collections.abc import Iterator, Mapping

from tools.grants import Grant

_REASONS: Mapping[str, Mapping[str, tuple[Grant, ...]]] = {}
"""By reason: functions, as in ampout/enroll, and what they keep. None at present."""


def _by_function() -> Iterator[tuple[str, Grant, str]]:
    for reason, functions in _REASONS.items():
        for function, grants in functions.items():
            yield from ((function, grant, reason) for grant in grants)


def kept_rights() -> dict[str, dict[Grant, str]]:
    """By function, as in ampout/enroll: its rights that no test calls, and what each is for."""
    kept: dict[str, dict[Grant, str]] = {}
    for function, grant, reason in _by_function():
        kept.setdefault(function, {})[grant] = reason
    return kept
