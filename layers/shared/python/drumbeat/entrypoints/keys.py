"""Who is calling: keys are looked up once a minute per container (architecture §11)."""

from drumbeat import bootstrap
from drumbeat.application.accounts import authenticate
from drumbeat.domain.digest import digest
from drumbeat.domain.tenant import ApiKey
from drumbeat.domain.times import MINUTE

_REMEMBERED = 1_000
_known: dict[str, tuple[ApiKey, int]] = {}


def caller(plaintext: str | None, now: int) -> ApiKey:
    """The key behind the text; a revoked key works for at most another minute. Raises Unauthorized."""
    mark = digest(plaintext or "")
    if mark in _known and now - _known[mark][1] < MINUTE:
        return _known[mark][0]
    key = authenticate(bootstrap.tenants(), plaintext, now)
    if len(_known) >= _REMEMBERED:
        _known.clear()
    _known[mark] = key, now
    return key


def forget() -> None:
    """Looks every key up anew."""
    _known.clear()
