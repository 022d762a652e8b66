"""A failing function is explained by the end of its own log."""

from tools.local.function_logs import failures_of

GOOD = [(1, "START RequestId: a Version: $LATEST"), (2, '{"message":"fine"}'), (3, "END RequestId: a")]
BAD = [
    (4, "START RequestId: b Version: $LATEST"),
    (5, '{"message":"trying"}\n'),
    (6, "Traceback (most recent call last):\n"),
    (7, "ValueError: no"),
    (8, "END RequestId: b"),
    (8, "REPORT RequestId: b Duration: 1 ms"),
]


def test_only_invocations_with_a_traceback_are_failures() -> None:
    assert list(failures_of([*GOOD, *BAD, *GOOD])) == [
        (4, '{"message":"trying"}\nTraceback (most recent call last):\nValueError: no')
    ]


def test_a_stream_without_failures_has_none() -> None:
    assert list(failures_of([*GOOD, *GOOD])) == []
