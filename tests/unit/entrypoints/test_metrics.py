"""Metrics are one line of the log for each invocation that has something to tell, apart for each stack."""

import pytest

from drumbeat.entrypoints.metrics import NAMESPACE, Metric, collected
from tests.told_metrics import lines_of


def test_all_that_an_invocation_tells_is_one_line_with_the_stack_as_its_dimension(capsys, monkeypatch):
    monkeypatch.setenv("POWERTOOLS_SERVICE_NAME", "drumbeat-dev")

    with collected() as figures:
        figures.add(Metric.SENDS, 2)
        figures.add(Metric.SEND_LATENESS, 0, 250)

    (line,) = lines_of(capsys.readouterr().out)
    assert line["_aws"]["CloudWatchMetrics"] == [
        {
            "Namespace": NAMESPACE,
            "Dimensions": [["service"]],
            "Metrics": [{"Name": "Sends", "Unit": "Count"}, {"Name": "SendLateness", "Unit": "Milliseconds"}],
        }
    ]
    assert (line["service"], line["Sends"], line["SendLateness"]) == ("drumbeat-dev", [2.0], [0.0, 250.0])


def test_nothing_to_count_is_no_line_but_a_time_of_nothing_is_one(capsys):
    with collected() as figures:
        figures.add(Metric.PARKED, 0)
    assert capsys.readouterr().out == ""

    with collected() as figures:
        figures.add(Metric.EVENT_LAG, 0)
    assert lines_of(capsys.readouterr().out)[0]["EventLag"] == [0.0]


def test_what_was_noted_before_an_error_is_told(capsys):
    def invocation() -> None:
        with collected() as figures:
            figures.add(Metric.REFUSED, 1)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        invocation()

    assert lines_of(capsys.readouterr().out)[0]["Refused"] == [1.0]
