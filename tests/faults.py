"""Failing the k-th AWS call of a piece of work, for every k (reliability §5.3)."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest

from drumbeat.adapters import aws

MODES = pytest.mark.parametrize("after", [False, True], ids=["before_it_reached_aws", "after_aws_did_it"])
"""Whether the request at which the process dies has reached AWS."""


class Crash(BaseException):
    """The process dies: no `except Exception` may handle it."""


@dataclass
class Fault:
    """Dies at the k-th AWS call, before it reaches AWS or after AWS did it. Once dead, no call gets out any more."""

    at: int
    after: bool
    calls: list[str] = field(default_factory=list)
    dead: bool = False

    def before_call(self, model: Any, **_: Any) -> None:
        if self.dead:
            raise Crash
        self.calls.append(model.name)
        if len(self.calls) == self.at and not self.after:
            self.dead = True
            raise Crash

    def after_call(self, **_: Any) -> None:
        if len(self.calls) == self.at and self.after and not self.dead:
            self.dead = True
            raise Crash


@contextmanager
def fault(at: int, *, after: bool) -> Iterator[Fault]:
    """Within the block the k-th AWS call is the last one; `at=0` only counts calls."""
    injected = Fault(at, after)
    clients = [aws.client(service) for service in ("dynamodb", "sqs", "kms", "secretsmanager")]  # type: ignore[call-overload]
    for client in clients:
        client.meta.events.register_first("before-call.*.*", injected.before_call)
        client.meta.events.register_first("after-call.*.*", injected.after_call)
    try:
        yield injected
    finally:
        for client in clients:
            client.meta.events.unregister("before-call.*.*", injected.before_call)
            client.meta.events.unregister("after-call.*.*", injected.after_call)


def dies(work: Callable[[], object], at: int, *, after: bool) -> bool:
    """Whether the process died; at a call that there is not, it does not."""
    with fault(at, after=after):
        try:
            work()
        except Crash:
            return True
    return False


@contextmanager
def meanwhile(operation: str, act: Callable[[], object]) -> Iterator[None]:
    """Within the block `act` happens right before the first request of this name to the table."""

    def hook(model: Any, **_: Any) -> None:
        if model.name == operation:
            client.meta.events.unregister("before-call.dynamodb.*", hook)
            act()

    client = aws.client("dynamodb")
    client.meta.events.register_first("before-call.dynamodb.*", hook)
    try:
        yield
    finally:
        client.meta.events.unregister("before-call.dynamodb.*", hook)
