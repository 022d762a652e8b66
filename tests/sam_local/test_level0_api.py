"""Functions of three APIs, as they are built, in processes of their own under AWS's runtime client (level 0)."""

import pytest

from tools.samples.outcomes import outcomes

# In a module of their own, so that two workers share the functions: this one has half of them.
HERE = ("ampout/", "drumbeat/", "julian/")


@pytest.mark.parametrize("name", [name for name in outcomes() if name.startswith(HERE)])
def test_a_sample_comes_to_what_is_written_down(call, name: str):
    assert call(name).problems == []
