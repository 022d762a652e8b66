"""How many calls a key may still make in this hour, counted in leases: one write for twenty calls."""

from collections.abc import Mapping
from dataclasses import dataclass

from drumbeat import bootstrap
from drumbeat.config import settings
from drumbeat.domain.errors import TooManyRequests
from drumbeat.domain.tenant import ApiKey
from drumbeat.domain.times import HOUR, SECOND

LEASE = 20
_REMEMBERED = 1_000


@dataclass(slots=True)
class _Lease:
    """What this container may still spend in an hour, and what nobody has leased yet."""

    hour: int
    left: int
    unleased: int


@dataclass(frozen=True, slots=True)
class Allowance:
    """What is left after one call."""

    limit: int
    remaining: int
    reset: int
    granted: bool

    @property
    def headers(self) -> Mapping[str, str]:
        """What every answer says about it; `X-RateLimit-Reset` is in seconds from now."""
        return {
            "X-RateLimit-Limit": str(self.limit),
            "X-RateLimit-Remaining": str(self.remaining),
            "X-RateLimit-Reset": str(self.reset),
        }

    def check(self) -> None:
        """Raises TooManyRequests when the call is one too many."""
        if not self.granted:
            raise TooManyRequests(f"A key may make {self.limit} calls an hour.", retry_after=self.reset)


_leases: dict[tuple[int, int], _Lease] = {}


def spend(key: ApiKey, now: int) -> Allowance:
    """Takes one call out of the key's hour.

    A container leases calls and spends them without asking again; what it does not spend is lost for that hour, so
    a key can come to the end of its hour some calls early and never late.
    """
    limit = settings().calls_per_hour
    lease = _lease(key, now, limit)
    granted = lease.left > 0
    lease.left -= granted
    reset = -(-((now // HOUR + 1) * HOUR - now) // SECOND)
    return Allowance(limit, lease.left + lease.unleased, reset, granted)


def forget() -> None:
    """As in a fresh container."""
    _leases.clear()


def _lease(key: ApiKey, now: int, limit: int) -> _Lease:
    place = key.tenant, key.number
    known = _leases.get(place)
    if known and known.hour == now // HOUR and (known.left or not known.unleased):
        return known
    taken = bootstrap.tenants().take_calls(key, LEASE, now)
    if len(_leases) >= _REMEMBERED:
        _leases.clear()
    fresh = _Lease(now // HOUR, min(LEASE, max(limit - taken + LEASE, 0)), max(limit - taken, 0))
    _leases[place] = fresh
    return fresh
