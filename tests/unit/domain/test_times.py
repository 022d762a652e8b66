"""Instants as text, and the UTC day they lie in."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drumbeat.domain.times import DAY, iso, iso_or_none, utc_day

INSTANTS = st.integers(0, 253_402_300_799_999)  # to the end of the year 9999


@given(INSTANTS)
def test_the_text_is_the_instant_to_the_millisecond(instant):
    text = iso(instant)

    assert datetime.fromisoformat(text) == datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=instant)
    assert text.endswith("Z")


@given(INSTANTS, INSTANTS)
def test_texts_sort_as_instants_do(one, other):
    assert (iso(one) < iso(other)) == (one < other)


@pytest.mark.parametrize(
    ("instant", "text"),
    [
        (0, "1970-01-01T00:00:00.000Z"),
        (946_684_800_000, "2000-01-01T00:00:00.000Z"),
        (1_999, "1970-01-01T00:00:01.999Z"),
    ],
)
def test_known_instants_have_their_known_text(instant, text):
    assert iso(instant) == text


def test_an_instant_that_never_was_is_null():
    assert iso_or_none(None) is None
    assert iso_or_none(0) == iso(0)


@given(INSTANTS)
def test_a_day_begins_at_midnight_utc(instant):
    begin = utc_day(instant) * DAY

    assert begin <= instant < begin + DAY
    assert iso(begin).endswith("T00:00:00.000Z")
