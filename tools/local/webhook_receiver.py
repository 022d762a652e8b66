"""Who gets a tenant's webhooks: takes what is signed (Standard Webhooks), and tells repeats by `webhook-id`."""

import json
from collections import Counter
from email.message import Message
from http import HTTPStatus
from threading import Lock

from standardwebhooks.webhooks import Webhook, WebhookVerificationError

_REFUSES_EVERY = 40


class WebhookReceiver:
    """Counts events by their type, each once. It is busy at first for one in forty, so that those are posted again."""

    def __init__(self) -> None:
        self.secret = ""
        self.deliveries = 0
        self.forged = 0
        self.changed = 0
        self._events: dict[str, bytes] = {}
        self._refused: set[str] = set()
        self._lock = Lock()

    def take(self, headers: Message, body: bytes) -> HTTPStatus:
        """What a post is answered."""
        with self._lock:
            self.deliveries += 1
            try:
                Webhook(self.secret).verify(body, dict(headers.items()))
            except WebhookVerificationError:
                self.forged += 1
                return HTTPStatus.UNAUTHORIZED
            name = headers["webhook-id"]
            self.changed += self._events.setdefault(name, body) != body
            if len(self._events) % _REFUSES_EVERY == 0 and name not in self._refused:
                self._refused.add(name)
                return HTTPStatus.SERVICE_UNAVAILABLE
        return HTTPStatus.NO_CONTENT

    @property
    def events(self) -> Counter[str]:
        """How many events there were of each type."""
        with self._lock:
            return Counter(json.loads(body)["type"] for body in self._events.values())
