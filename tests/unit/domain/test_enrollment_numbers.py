"""An enrollment as one number: it leads back to it, and a number that names none is none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drumbeat.domain.ids import EnrollmentKey, enrollment_number, key_of_enrollment_number

KEYS = st.builds(
    EnrollmentKey,
    sequence=st.integers(0, (1 << 18) - 1),
    contact=st.integers(0, (1 << 29) - 1),
    run=st.integers(0, (1 << 6) - 1),
)


@given(KEYS)
def test_an_enrollment_s_number_leads_back_to_it(key):
    assert key_of_enrollment_number(enrollment_number(key)) == key


@given(st.integers(0, (1 << 53) - 1))
def test_every_number_of_53_bits_is_the_number_of_what_it_names(number):
    key = key_of_enrollment_number(number)

    assert key is not None
    assert enrollment_number(key) == number
    assert int(float(number)) == number  # what clients that know floats only read


@pytest.mark.parametrize("number", [-1, 1 << 53, 1 << 60])
def test_any_other_number_names_none(number):
    assert key_of_enrollment_number(number) is None


@pytest.mark.parametrize("key", [EnrollmentKey(1 << 18, 1), EnrollmentKey(1, 1 << 29), EnrollmentKey(1, 1, 64)])
def test_an_enrollment_that_does_not_fit_is_refused(key):
    with pytest.raises(OverflowError):
        enrollment_number(key)


def test_numbers_never_change():
    assert enrollment_number(EnrollmentKey(sequence=3, contact=5, run=2)) == (5 << 24) + (3 << 6) + 2
