"""Callers of MyAgentMail's API on the module's stack."""

from collections.abc import Callable
from functools import partial

import pytest

from drumbeat.entrypoints import keys
from tests.world import Answer, new_tenant

type Call = Callable[..., Answer]


@pytest.fixture
def call(stack: None) -> Call:
    """A client of a tenant of its own."""
    return partial(new_tenant(), group="myagentmail")


@pytest.fixture
def other(stack: None) -> Call:
    """A client of another tenant."""
    return partial(new_tenant(), group="myagentmail")


@pytest.fixture
def revoked() -> Callable[[], None]:
    """Makes a revoked key known: another container, or a minute later."""
    return keys.forget
