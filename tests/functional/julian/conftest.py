"""Callers on the module's stack: setting one up for every test would take longer than the tests. And a clock to set."""

import pytest

from drumbeat.entrypoints import clock
from tests.world import NOON, Caller, new_tenant


@pytest.fixture
def call(stack: None) -> Caller:
    """A client of a tenant of its own."""
    return new_tenant()


@pytest.fixture
def other(stack: None) -> Caller:
    """A client of another tenant."""
    return new_tenant()


@pytest.fixture
def noon(aws: object, monkeypatch: pytest.MonkeyPatch) -> dict[str, int]:
    """The clock stands, until somebody sets it; on a stack of the test's own."""
    time = {"now": NOON}
    monkeypatch.setattr(clock, "now", lambda: time["now"])
    return time
