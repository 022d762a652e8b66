"""A minimal client of the API: JSON in, JSON out, an exception for every other answer."""

import http.client
import json
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any
from urllib.parse import urlsplit

_NOTHING: Mapping[str, str] = MappingProxyType({})


class ApiError(Exception):
    """The API answered something other than 2xx; the message holds the whole answer."""

    def __init__(self, method: str, path: str, status: int, body: str) -> None:
        super().__init__(f"{method} {path} answered {status}: {body}")
        self.status = status


class Api:
    """The API at a base URL, with one key, in either header that a dialect takes it in.

    `media_type` is what its dialect wants bodies to be.
    """

    def __init__(self, url: str, key: str, timeout: float = 60.0, media_type: str = "application/json") -> None:
        self._url = url.rstrip("/")
        self._headers = {"Authorization": f"Bearer {key}", "X-API-Key": key, "Content-Type": media_type}
        self._timeout = timeout

    def get(self, path: str) -> Any:
        """The parsed body of a GET."""
        return self._call("GET", path, None)

    def post(self, path: str, body: Any = None, *, once: str | None = None) -> Any:
        """The parsed body of what a POST answered; `once` is its Idempotency-Key."""
        headers = {} if once is None else {"Idempotency-Key": once}
        return self._call("POST", path, json.dumps({} if body is None else body).encode(), headers)

    def patch(self, path: str, body: Any) -> Any:
        """The parsed body of what a PATCH answered."""
        return self._call("PATCH", path, json.dumps(body).encode())

    def _call(self, method: str, path: str, body: bytes | None, more: Mapping[str, str] = _NOTHING) -> Any:
        status, answer = fetch(self._url + path, method, body, {**self._headers, **more}, self._timeout)
        text = answer.decode(errors="replace")
        if status not in range(200, 300):
            raise ApiError(method, path, status, text)
        return json.loads(text) if text else None


def fetch(
    url: str,
    method: str = "GET",
    body: bytes | None = None,
    headers: dict[str, str] | None = None,
    timeout: float = 60.0,
) -> tuple[int, bytes]:
    """Status and body of one HTTP call; redirects are answers like any other."""
    parts = urlsplit(url)
    connect = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = connect(parts.netloc, timeout=timeout)
    try:
        target = f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}"
        connection.request(method, target, body, headers or {})
        response = connection.getresponse()
        return response.status, response.read()
    finally:
        connection.close()
