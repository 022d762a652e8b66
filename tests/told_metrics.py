"""Metrics as CloudWatch reads them from a function's standard output."""

import json
from typing import Any

import pytest

type Told = dict[str, list[float]]


def lines_of(output: str) -> list[dict[str, Any]]:
    """The lines that are in the embedded metric format."""
    found = [json.loads(line) for line in output.splitlines() if line.startswith("{")]
    return [line for line in found if "_aws" in line]


def told(capsys: pytest.CaptureFixture[str]) -> Told:
    """What was told since the last look: the values of each metric. No invocation writes more than one line for it."""
    values: Told = {}
    for line in lines_of(capsys.readouterr().out):
        (directive,) = line["_aws"]["CloudWatchMetrics"]
        for metric in directive["Metrics"]:
            values.setdefault(metric["Name"], []).extend(line[metric["Name"]])
    return values
