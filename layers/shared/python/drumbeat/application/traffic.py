"""How many calls a tenant's keys have made this month, by what kind of client they belong to (contract 2.2)."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from drumbeat.domain.call_meter import BLOCK, CallLimit
from drumbeat.domain.credits import month_of
from drumbeat.domain.times import DAY

if TYPE_CHECKING:
    from drumbeat.application.ports import Tenants


class Traffic(NamedTuple):
    """The calls of a month of UTC, from `start` on; `end` is the first instant of the next one."""

    start: int
    end: int
    calls: Counter[str]


def get_traffic(tenants: Tenants, *, tenant: int, api: str, limit: CallLimit, now: int) -> Traffic:
    """What containers have told of the calls of live keys; of a key each may have up to ten that it has not told."""
    month, block = month_of(now), BLOCK * limit.window
    start = month.days[0] * DAY
    calls: Counter[str] = Counter()
    for key in tenants.keys_of(tenant):
        calls[key.client_kind] += tenants.calls_made(key, api, start // block, (month.end - 1) // block)
    return Traffic(start, month.end, calls)
