"""Who hears what calls came to: takes what carries the secret, and tells repeats by `callId`."""

import hmac
import json
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from threading import Lock
from typing import Any

from tools.local.loopback_http import taking_posts

_REFUSES_EVERY = 5


class ResultListener:
    """Keeps results by callId. It is busy at first for every fifth, so that those are delivered again."""

    def __init__(self) -> None:
        self.secret = ""
        self.results: dict[str, dict[str, Any]] = {}
        self.deliveries: Counter[str] = Counter()
        self.changed = 0
        self.forged = 0
        self._lock = Lock()

    def take(self, secret: str, body: bytes) -> HTTPStatus:
        """What a delivery is answered."""
        if not hmac.compare_digest(secret.encode(), self.secret.encode()):
            self.forged += 1
            return HTTPStatus.UNAUTHORIZED
        told = json.loads(body)
        call = str(told["callId"])
        with self._lock:
            self.deliveries[call] += 1
            known = self.results.setdefault(call, told)
            self.changed += known != told
            is_busy = self.deliveries[call] == 1 and len(self.results) % _REFUSES_EVERY == 0
        return HTTPStatus.SERVICE_UNAVAILABLE if is_busy else HTTPStatus.NO_CONTENT

    @property
    def repeats(self) -> int:
        """How many deliveries told nothing new."""
        return self.deliveries.total() - len(self.results)


@contextmanager
def listening(listener: ResultListener) -> Iterator[str]:
    """The URL at which it listens, for as long as the block lasts."""
    with taking_posts(lambda headers, body: listener.take(headers.get("x-api-key", ""), body)) as url:
        yield url
