"""Lateness is counted from the later of due time and slot, and every broken promise is told."""

from tools.local.lateness import Arrival, failures, figures, histogram, last_line, percentile

NOTHING = {"duplicates": 0, "missing": 0}


def arrival(lateness: int, due: int = 1_000) -> Arrival:
    return Arrival(step=1, due=due, slot=due, arrived=due + lateness)


def test_a_mail_is_late_by_what_has_passed_since_the_later_of_due_time_and_slot() -> None:
    assert Arrival(step=2, due=5_000, slot=7_000, arrived=7_250).lateness == 250
    assert Arrival(step=2, due=5_000, slot=4_000, arrived=5_300).lateness == 300


def test_a_mail_before_its_due_time_is_early_by_one_millisecond_already() -> None:
    found = figures([arrival(-1), arrival(0), arrival(10)])

    assert found.early == 1
    assert failures(found, NOTHING) == ["1 early"]


def test_percentiles_are_values_that_occurred_and_the_highest_is_not_hidden() -> None:
    ordered = list(range(1, 101))

    assert [percentile(ordered, share) for share in (50, 95, 99, 100)] == [50, 95, 99, 100]
    assert [percentile([7], share) for share in (1, 50, 99)] == [7, 7, 7]
    assert percentile([1, 9], 95) == 9


def test_the_bound_is_two_seconds_for_95_of_100() -> None:
    within = [arrival(2_000)] * 95 + [arrival(60_000)] * 5
    beyond = [arrival(2_000)] * 94 + [arrival(2_001)] * 6

    assert failures(figures(within), NOTHING) == []
    assert failures(figures(beyond), NOTHING) == ["p95 is 2001 ms, more than 2000"]


def test_what_is_missing_or_doubled_is_told() -> None:
    assert failures(figures([arrival(5)]), {"duplicates": 2, "missing": 1}) == ["2 duplicates", "1 missing"]


def test_the_spread_is_that_of_the_due_times_whenever_the_mails_came() -> None:
    assert figures([arrival(9_000, due=1_000), arrival(0, due=301_000)]).spread == 300_000


def test_the_histogram_has_early_mails_below_zero() -> None:
    assert histogram([-1, 0, 249, 250, 1_100]) == {-250: 1, 0: 2, 250: 1, 1_000: 1}


def test_the_last_line_is_one_object() -> None:
    assert last_line(figures([arrival(5)]), 50, NOTHING) == (
        'LATENESS {"sends":1,"lanes":50,"spread_s":0,"early":0,"p50_ms":5,"p95_ms":5,"p99_ms":5,"max_ms":5,'
        '"duplicates":0,"missing":0}'
    )
