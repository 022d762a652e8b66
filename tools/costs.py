"""Dollars from counts: what a million of anything costs, by docs/costs.json and tools/prices.toml.

The counts are of one run of production code (`python -m tests.costs`); all that is done here is multiplying.
"""

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from drumbeat.entrypoints.metrics import Metric
from tools.template import conditional, functions, resources

ROOT = Path(__file__).parents[1]
COUNTS = ROOT / "docs/costs.json"
PRICES = ROOT / "tools/prices.toml"
MILLION = 1_000_000
_GB = 1e9

type Counts = Mapping[str, float]
"""What one of something takes: the names are those of docs/costs.json."""
type Bill = dict[str, float]
"""Dollars, by what they are paid for."""

MAIL = {"dispatch": 1.0, "send": 1.0, "send, logged": 1.0}
"""The parts of a mail that nobody hears of: it is handed out, sent, logged and counted."""
TIMERS = {"dispatch_due": 1, "let_in": 1, "poll_mailboxes": 1, "wake_deliveries": 1, "sweep": 5}
"""Every how many minutes each of them runs."""
_WAITS = {"datastore_requests": "request_ms", "kms_requests": "request_ms", "mails": "mail_ms", "posts": "post_ms"}


@dataclass(frozen=True)
class Tariff:
    """What is asked for one of each, in dollars, and what is assumed beside the counts."""

    dollars: Mapping[str, float]
    assumed: Mapping[str, float]

    def bill(self, counts: Counts) -> Bill:
        """What a million times these counts cost."""
        one = {
            "database": self._price(counts, "write_units", "read_units"),
            "API": self._price(counts, "api_requests"),
            "Lambda": self._price(counts, "invocations") + self.seconds(counts) * self._dollars_a_second,
            "queues": self._price(counts, "sqs_requests"),
            "keys": self._price(counts, "kms_requests"),
            "logs, traces": self._watched(counts),
            "traffic": self._sent_bytes(counts) / _GB * self.dollars["sent_gb"],
        }
        return {name: dollars * MILLION for name, dollars in one.items()}

    def seconds(self, counts: Counts) -> float:
        """How long functions run: on a part of a processor, and waiting for others."""
        waited = sum(counts.get(name, 0) * self.assumed[each] for name, each in _WAITS.items())
        return (counts.get("cpu_ms", 0) / self.assumed["vcpu_share"] + waited) / 1000

    def kept(self, counts: Counts) -> float:
        """What it costs to keep a million of these for a month."""
        a_gb = self.dollars["stored_gb_months"] + self.dollars["recoverable_gb_months"]
        return MILLION * counts.get("bytes", 0) / _GB * a_gb

    def watched_mail(self) -> dict[str, float]:
        """The parts of a mail whose looks and clicks are noted, and of which an endpoint hears everything."""
        often = {"send": 1.0, "open": self.assumed["opens"], "click": self.assumed["clicks"]}
        told = {f"{what}, {how}": share for what, share in often.items() for how in ("logged and told", "posted")}
        return {"dispatch": 1.0} | often | told

    def a_month(self, idle: Mapping[str, Counts], stack: Counts) -> Bill:
        """What a stack costs in a month in which nothing happens."""
        hours = self.assumed["hours_in_a_month"]
        runs = {name: hours * 60 / minutes for name, minutes in TIMERS.items()}
        polls = stack["watched_queues"] * hours * self.assumed["empty_polls_an_hour"]
        ticking = sum(self.bill(together(idle, runs)).values()) / MILLION
        return {
            "timers": ticking + self._price({"schedules": sum(runs.values())}, "schedules"),
            "watching queues": self._price({"sqs_requests": polls}, "sqs_requests"),
            "metrics": stack["metrics"] * self.dollars["metric_months"],
            "alarms": stack["alarms"] * self.dollars["alarm_months"],
            "dashboards": stack["dashboards"] * self.dollars["dashboard_months"],
            "keys": stack["keys"] * self.dollars["kms_key_months"],
            "secrets": stack["secrets"] * self.dollars["secret_months"],
        }

    @property
    def _dollars_a_second(self) -> float:
        return self.assumed["memory_gb"] * self.dollars["gb_seconds"]

    def _price(self, counts: Counts, *names: str) -> float:
        return sum(counts.get(name, 0) * self.dollars[name] for name in names)

    def _watched(self, counts: Counts) -> float:
        invocations = counts.get("invocations", 0)
        logged = counts.get("log_bytes", 0) + invocations * self.assumed["platform_log_bytes"]
        traced = invocations * self.assumed["traced_share"]
        return logged / _GB * self.dollars["log_gb"] + traced * self.dollars["traces"]

    def _sent_bytes(self, counts: Counts) -> float:
        return counts.get("mail_bytes", 0) + counts.get("posts", 0) * self.assumed["post_bytes"]


def together(counted: Mapping[str, Counts], made: Mapping[str, float]) -> Counts:
    """What something takes that is made of these parts, each so often; a part that was not counted takes nothing."""
    total: dict[str, float] = {}
    for part, often in made.items():
        for name, number in counted.get(part, {}).items():
            total[name] = total.get(name, 0) + number * often
    return total


def tariff(table: Mapping[str, Any]) -> Tariff:
    """The prices for one, of the table of prices."""
    dollars = {name: price["dollars"] / price["per"] for name, price in table["prices"].items()}
    return Tariff(dollars, {name: assumed["is"] for name, assumed in table["assumed"].items()})


def prices() -> dict[str, Any]:
    """The one table of prices."""
    return tomllib.loads(PRICES.read_text())


def counts() -> dict[str, dict[str, Counts]]:
    """What was counted last: by load, part of the work, and name."""
    counted: dict[str, dict[str, Counts]] = json.loads(COUNTS.read_text())
    return counted


def _watched(alarm: Mapping[str, Any]) -> int:
    """How many metrics an alarm looks at: each is paid for."""
    return sum("MetricStat" in conditional(metric) for metric in alarm["Properties"].get("Metrics", [])) or 1


def standing() -> dict[str, float]:
    """How many things of the stack cost by the month, with every condition of the template true."""
    sources = [event["Type"] for function in functions() for event in function.own.get("Events", {}).values()]
    return {
        "watched_queues": sources.count("SQS"),
        "alarms": sum(map(_watched, resources("AWS::CloudWatch::Alarm").values())),
        "metrics": len(Metric),
        "dashboards": len(resources("AWS::CloudWatch::Dashboard")),
        "keys": len(resources("AWS::KMS::Key")),
        "secrets": len(resources("AWS::SecretsManager::Secret")),
    }
