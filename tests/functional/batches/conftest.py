"""A stage for batches, in memory."""

import pytest

from tests.batch_stage import BatchStage


@pytest.fixture
def stage(aws: None) -> BatchStage:
    return BatchStage()
