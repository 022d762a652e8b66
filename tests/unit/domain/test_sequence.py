"""A step's number names one step of one sequence."""

import pytest

from drumbeat.domain.sequence import step_number, step_place


@pytest.mark.parametrize("place", [(1, 0), (1, 1023), (2, 0), (99_999, 17)])
def test_a_step_number_is_read_back(place):
    assert step_place(step_number(*place)) == place


@pytest.mark.parametrize("index", [-1, 1024])
def test_an_index_that_does_not_fit_is_refused(index):
    with pytest.raises(OverflowError):
        step_number(1, index)
