"""One stack for a module, where every test brings tenants of its own; a stage and a mail server for a single test."""

from collections.abc import Iterator

import pytest

from drumbeat import bootstrap
from tests.contract.scene import Scene, empty_stack, furnished
from tests.scripted_smtp import ScriptedServer
from tests.stage import Stage


@pytest.fixture(scope="module")
def stack() -> Iterator[None]:
    with empty_stack():
        yield


@pytest.fixture
def scene(stack: None) -> Scene:
    """A tenant of its own that has one of everything."""
    return furnished()


@pytest.fixture
def stage(aws: None, monkeypatch: pytest.MonkeyPatch) -> Stage:
    return Stage(monkeypatch)


@pytest.fixture
def known_token_keys(aws: None) -> None:
    """The container has read them, as it does once: what a test counts are the calls of the work."""
    bootstrap.token_keys()


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    """A mail server that takes everything."""
    with ScriptedServer() as running:
        yield running
