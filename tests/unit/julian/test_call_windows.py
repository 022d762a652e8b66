"""Call windows and the week that they make say the same, however they are written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drumbeat.dialects.drumbeat.agent_part_bodies import CallWindow, week_of
from drumbeat.dialects.drumbeat.agent_parts import DAYS, windows_body
from drumbeat.domain.schedule import Span


@st.composite
def weeks(draw):
    """A week that opens on some day, with spans that do not overlap."""

    def day():
        edges = draw(st.lists(st.integers(0, 24 * 60), unique=True, max_size=6))
        times = iter(sorted(edges[: len(edges) // 2 * 2]))
        return tuple(Span(start, end) for start, end in zip(times, times, strict=True))

    week = tuple(day() for _ in DAYS)
    return week if any(week) else (*week[:6], (Span(0, 24 * 60),))


@given(weeks())
def test_the_windows_that_are_shown_make_the_week_that_is_kept(week):
    windows = [CallWindow.model_validate(window) for window in windows_body(week)]

    assert week_of(windows) == week


def test_days_that_open_alike_stand_together():
    windows = [
        {"days": ["mon"], "start": "09:00", "end": "12:00"},
        {"days": ["tue", "mon"], "start": "13:00", "end": "24:00"},
        {"days": ["sun", "tue"], "start": "09:00", "end": "12:00"},
    ]

    assert windows_body(week_of([CallWindow.model_validate(window) for window in windows])) == [
        {"days": ["mon", "tue", "sun"], "start": "09:00", "end": "12:00"},
        {"days": ["mon", "tue"], "start": "13:00", "end": "24:00"},
    ]


def test_no_windows_are_any_time():
    assert week_of([]) is None
    assert windows_body(None) == []


def test_windows_of_one_day_do_not_overlap():
    one = {"days": ["mon", "tue"], "start": "09:00", "end": "17:00"}
    other = {"days": ["tue"], "start": "16:59", "end": "18:00"}

    with pytest.raises(ValueError, match="overlap"):
        week_of([CallWindow.model_validate(window) for window in (one, other)])
