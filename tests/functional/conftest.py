"""One stack on moto for a module; every test brings tenants of its own."""

from collections.abc import Iterator

import pytest

from tests.contract.scene import Scene, furnished, moto_stack


@pytest.fixture(scope="module")
def stack() -> Iterator[None]:
    with moto_stack():
        yield


@pytest.fixture
def scene(stack: None) -> Scene:
    """A tenant of its own that has one of everything."""
    return furnished()
