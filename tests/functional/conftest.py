"""One stack for a module; every test brings tenants of its own."""

from collections.abc import Iterator

import pytest

from tests.contract.scene import Scene, empty_stack, furnished


@pytest.fixture(scope="module")
def stack() -> Iterator[None]:
    with empty_stack():
        yield


@pytest.fixture
def scene(stack: None) -> Scene:
    """A tenant of its own that has one of everything."""
    return furnished()
