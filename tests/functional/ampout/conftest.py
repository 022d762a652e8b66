"""One stack on moto for a module, and a tenant of its own for every test in it."""

from collections.abc import Iterator

import pytest

from tests.contract.scene import Scene, furnished, moto_stack
from tests.world import Caller, new_tenant


@pytest.fixture(scope="module")
def stack() -> Iterator[None]:
    with moto_stack():
        yield


@pytest.fixture
def caller(stack: None) -> Caller:
    """A client with a key, on the module's stack."""
    return new_tenant()


@pytest.fixture
def scene(stack: None) -> Scene:
    """A tenant of its own that has one of everything."""
    return furnished()
