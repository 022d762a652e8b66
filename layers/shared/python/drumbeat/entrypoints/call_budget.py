"""How many calls a key may still make: counted in this container, and told to the others once in ten calls (ADR 32)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import TYPE_CHECKING

from drumbeat import bootstrap
from drumbeat.config import settings
from drumbeat.domain.call_meter import BLOCK, CallLimit, CallMeter, Counts, Standing, kept_for
from drumbeat.domain.errors import TooManyRequests
from drumbeat.domain.times import SECOND
from drumbeat.entrypoints import metrics
from drumbeat.entrypoints.logs import logger
from drumbeat.entrypoints.metrics import Metric

if TYPE_CHECKING:
    from drumbeat.domain.tenant import ApiKey

_REMEMBERED = 1_000


class CallBudget:
    """What one container knows of the calls of keys."""

    def __init__(self) -> None:
        self._meters: dict[tuple[int, int, str], CallMeter] = defaultdict(CallMeter)

    def spend(self, api: str, key: ApiKey, limit: CallLimit, now: int) -> Standing:
        """Takes one call of the key out of what an API grants it; the stack's settings may have another number."""
        granted = CallLimit(settings().call_limits.get(api, limit.calls), limit.window)

        def tell(block: int, calls: Counts) -> Counts | None:
            expires_at = ((block + 2) * BLOCK * limit.window + kept_for(limit)) // SECOND
            try:
                return bootstrap.tenants().count_calls(key, api, block, calls, expires_at=expires_at)
            except Exception:
                # Whatever keeps us from counting calls, none is worse for it. Operations alarm on this metric.
                logger.exception("calls not counted", api=api, tenant=key.tenant, api_key=key.number)
                with metrics.collected() as figures:
                    figures.add(Metric.UNCOUNTED_CALLS, 1)
                return None

        if len(self._meters) >= _REMEMBERED:
            self._meters.clear()
        return self._meters[key.tenant, key.number, api].take(granted, now, tell)

    def forget(self) -> None:
        """As in a fresh container."""
        self._meters.clear()


budget = CallBudget()


def headers_of(standing: Standing) -> Mapping[str, str]:
    """What an answer may say about it; `X-RateLimit-Reset` is in seconds from now."""
    return {
        "X-RateLimit-Limit": str(standing.limit),
        "X-RateLimit-Remaining": str(standing.remaining),
        "X-RateLimit-Reset": str(standing.reset),
    }


def check(standing: Standing) -> None:
    """Raises TooManyRequests when the call is one too many."""
    if not standing.granted:
        raise TooManyRequests("This key has made too many calls. Wait.", retry_after=standing.reset)
