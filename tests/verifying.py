"""The official verifier of Standard Webhooks, at an instant of our choice: it asks the clock itself."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import pytest
from standardwebhooks import webhooks


@contextmanager
def at_the_time(now: int) -> Iterator[None]:
    """Has the verifier think that it is `now` (UTC milliseconds)."""
    moment = datetime.fromtimestamp(now / 1000, UTC)

    class Clock(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> datetime:
            return moment.astimezone(tz)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(webhooks, "datetime", Clock)
        yield
