"""Fixtures: our store in memory for DynamoDB and moto for the rest, or MiniStack for all of it."""

import os
import time
from collections.abc import Iterator
from functools import cache

import moto.kms.models
import moto.sqs.models
import pytest
from moto import mock_aws

# Before any import of ours or of boto3: fake credentials, so that nothing can reach a real account.
os.environ.update(
    AWS_ACCESS_KEY_ID="test",
    AWS_SECRET_ACCESS_KEY="test",
    AWS_DEFAULT_REGION="us-east-1",
    AWS_EC2_METADATA_DISABLED="true",
    POWERTOOLS_SERVICE_NAME="drumbeat",
    POWERTOOLS_LOG_LEVEL="ERROR",
)

from drumbeat.entrypoints import clock
from drumbeat.entrypoints.logs import logger
from tests import world
from tests.memory.boto import keep_tables_in_memory, reach_the_endpoint
from tests.memory.store import Store
from tests.told_logs import Watched
from tools.local.ministack import MiniStack
from tools.samples.stack import make_stack

pytest_plugins = ["tests.rights.plugin"]

# moto draws an RSA key for every key of KMS, also for one that only encrypts; and it asks the time in a roundabout way,
# twice for each message of a queue whenever one is received.
moto.kms.models.generate_private_key = cache(moto.kms.models.generate_private_key)
moto.sqs.models.unix_time_millis = lambda: time.time() * 1000

# A machine may set its clock back by some milliseconds in the middle of a test: what came later would then be earlier.
_BEGAN_AT = time.time_ns() - time.monotonic_ns()
clock.now = lambda: (_BEGAN_AT + time.monotonic_ns()) // 1_000_000

_log = Watched(logger.registered_handler.stream)
logger.registered_handler.setStream(_log)


@pytest.fixture(autouse=True)
def _the_log_names_nobody() -> Iterator[None]:
    """No line that any test brings about holds an address, or a password of these tests (S-41)."""
    yield
    assert _log.taken() == []


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """An empty stack: the tables in memory, everything else on moto."""
    with mock_aws():
        store = keep_tables_in_memory(monkeypatch)
        for name, value in make_stack().items():
            monkeypatch.setenv(name, value)
        world.forget_everything()
        yield store
    world.forget_everything()


@pytest.fixture(scope="session")
def _ministack_environment() -> Iterator[dict[str, str]]:
    with MiniStack() as endpoint:
        with pytest.MonkeyPatch.context() as patch:  # only here: tests in memory run in the same process
            patch.setenv("AWS_ENDPOINT_URL", endpoint)
            reach_the_endpoint(patch)
            environment = make_stack()
        yield environment | {"AWS_ENDPOINT_URL": endpoint}


@pytest.fixture
def ministack(_ministack_environment: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The stack on MiniStack, shared by the session: every test brings its own tenants."""
    reach_the_endpoint(monkeypatch)
    for name, value in _ministack_environment.items():
        monkeypatch.setenv(name, value)
    world.forget_everything()
    yield
    world.forget_everything()


@pytest.fixture
def caller(aws: None) -> world.Caller:
    """A client with a key, on the empty stack."""
    return world.new_tenant()


@pytest.fixture
def bulk_caller(ministack: None) -> world.Caller:
    """A client with a key, on MiniStack."""
    return world.new_tenant()
