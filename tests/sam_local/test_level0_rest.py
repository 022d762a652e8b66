"""All other functions, as they are built, in processes of their own under AWS's runtime client (level 0)."""

import pytest

from tests.sam_local.test_level0_api import HERE
from tools.samples.outcomes import outcomes


@pytest.mark.parametrize("name", [name for name in outcomes() if not name.startswith(HERE)])
def test_a_sample_comes_to_what_is_written_down(call, name: str):
    assert call(name).problems == []
