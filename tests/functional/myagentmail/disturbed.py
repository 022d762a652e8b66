"""Calls under trouble: two at once, switched at every request to AWS, and requests whose answers get lost."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from itertools import count
from typing import Any

from botocore.exceptions import ClientError, ReadTimeoutError
from greenlet import getcurrent, greenlet

from drumbeat.adapters import aws
from tests.memory.store import Store

_SERVICES = ("dynamodb", "sqs")


def interleaved[A, B](first: Callable[[], A], second: Callable[[], B], order: Iterable[bool]) -> tuple[A, B]:
    """Runs two calls in one thread, each up to its next request, `first` wherever `order` says True; then the rest."""
    hub, results = getcurrent(), {}

    def begun(place: int, call: Callable[[], Any]) -> greenlet:
        return greenlet(lambda: results.__setitem__(place, call()), hub)

    calls = [begun(0, first), begun(1, second)]
    with _before_every_request(lambda: hub.switch() if getcurrent() in calls else None):
        for is_first in order:
            if not (chosen := calls[0 if is_first else 1]).dead:
                chosen.switch()
        for call in calls:
            while not call.dead:
                call.switch()
    return results[0], results[1]


@contextmanager
def meanwhile(at: int, act: Callable[[], object]) -> Iterator[None]:
    """Before the k-th request of what runs in the block, in whichever of its threads, `act` happens as a whole."""
    seen, done = count(1), False

    def hook() -> None:
        nonlocal done
        if not done and next(seen) == at:
            done = True
            act()

    with _before_every_request(hook):
        yield


@contextmanager
def _before_every_request(act: Callable[[], object]) -> Iterator[None]:
    def hook(**_: Any) -> None:
        act()

    clients = [aws.client(service) for service in _SERVICES]  # type: ignore[call-overload]
    for client in clients:
        client.meta.events.register_first("before-call.*.*", hook)
    try:
        yield
    finally:
        for client in clients:
            client.meta.events.unregister("before-call.*.*", hook)


@contextmanager
def answer_lost(store: Store, at: int, *, sdk_asks_again: bool) -> Iterator[list[str]]:
    """The answer to the k-th request to the table gets lost after the table did what it was asked; yields all requests.

    The SDK asks again with the very same request, or has given up: then the caller sees a time-out.
    """
    answered, asked = store.call, list[str]()

    def call(operation: str, params: Any) -> Any:
        asked.append(operation)
        if len(asked) != at:
            return answered(operation, params)
        with suppress(ClientError):
            answered(operation, params)
        if sdk_asks_again:
            return answered(operation, params)
        raise ReadTimeoutError(endpoint_url="https://dynamodb.us-east-1.amazonaws.com")

    store.call = call  # type: ignore[method-assign]
    try:
        yield asked
    finally:
        del store.call
