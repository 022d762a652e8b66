"""One stack on moto for a module: refusals leave it as it is, and whoever changes something brings a tenant."""

from collections.abc import Iterator

import pytest
from moto import mock_aws

from tests import world
from tests.contract.scene import Scene, furnished


@pytest.fixture(scope="module")
def stack() -> Iterator[None]:
    with mock_aws(), pytest.MonkeyPatch.context() as patch:
        for name, value in world.build_stack().items():
            patch.setenv(name, value)
        world.forget_everything()
        yield
    world.forget_everything()


@pytest.fixture(scope="module")
def shared(stack: None) -> Scene:
    """A furnished tenant that many tests look at."""
    return furnished()
