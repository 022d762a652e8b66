"""Callers on the module's stack: setting one up for every test would take longer than the tests."""

import pytest

from tests.world import Caller, new_tenant


@pytest.fixture
def caller(stack: None) -> Caller:
    """A client with a key."""
    return new_tenant()
