"""Callers on the module's stack: setting one up for every test would take longer than the tests."""

import pytest

from tests.world import Caller, new_tenant


@pytest.fixture
def call(stack: None) -> Caller:
    """A client of a tenant of its own."""
    return new_tenant()


@pytest.fixture
def other(stack: None) -> Caller:
    """A client of another tenant."""
    return new_tenant()
