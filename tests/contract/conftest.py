"""One stack for a module: refusals leave it as it is, and whoever changes something brings a tenant."""

from collections.abc import Iterator

import pytest

from tests.contract.scene import Scene, empty_stack, furnished


@pytest.fixture(scope="module")
def stack() -> Iterator[None]:
    with empty_stack():
        yield


@pytest.fixture(scope="module")
def shared(stack: None) -> Scene:
    """A furnished tenant that many tests look at."""
    return furnished()
