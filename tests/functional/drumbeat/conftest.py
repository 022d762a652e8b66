"""Callers on the module's stack: setting one up for every test would take longer than the tests."""

import pytest

from drumbeat import bootstrap
from drumbeat.entrypoints import clock
from tests.connecting import Conversation
from tests.diallers import Calling
from tests.world import Caller, new_tenant


@pytest.fixture
def caller(stack: None) -> Caller:
    """A client with a key."""
    return new_tenant()


@pytest.fixture
def talk(stack: None, monkeypatch: pytest.MonkeyPatch) -> Conversation:
    """An enrollment and its app; time stands still unless a test moves it."""
    bootstrap.token_keys()  # from here on they are known: what a test counts are calls about the answer
    made = Conversation()
    monkeypatch.setattr(clock, "now", lambda: made.now)
    return made


@pytest.fixture
def calling(stack: None, monkeypatch: pytest.MonkeyPatch) -> Calling:
    """An agent and its dialler; time stands still unless a test moves it."""
    bootstrap.token_keys()
    made = Calling()
    monkeypatch.setattr(clock, "now", lambda: made.now)
    return made
