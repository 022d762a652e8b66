"""An organization on the module's stack for what is asked and answered; a floor of one's own where calls are made."""

from collections.abc import Iterator

import pytest

from drumbeat.entrypoints import clock
from tests.contract.julian.floor import Floor, opened_floor
from tests.contract.julian.vendor import Office, office
from tests.memory.store import Store
from tests.stage import START


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The clock stands still, on a Saturday at nine in the morning; a test may turn it."""
    now = [START]
    monkeypatch.setattr(clock, "now", lambda: now[0])
    return now


@pytest.fixture
def desk(stack: None, time: list[int]) -> Office:
    """A new organization with an agent that may call at any time."""
    return office()


@pytest.fixture
def floor(aws: Store, monkeypatch: pytest.MonkeyPatch) -> Iterator[Floor]:
    with opened_floor(aws, monkeypatch) as made:
        yield made
