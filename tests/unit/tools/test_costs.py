"""Dollars follow from counts and the one table of prices; the page that is committed is what they come to."""

import pytest

from tools.costs import Tariff, counts, prices, standing, tariff, together
from tools.costs_page import PAGE, page
from tools.template import functions

ASSUMED = {
    "memory_gb": 0.5,
    "vcpu_share": 0.25,
    "request_ms": 5,
    "mail_ms": 300,
    "post_ms": 100,
    "platform_log_bytes": 1000,
    "traced_share": 0.1,
    "post_bytes": 1000,
    "opens": 0.5,
    "clicks": 0.1,
    "hours_in_a_month": 700,
    "empty_polls_an_hour": 900,
}
FREE = dict.fromkeys(prices()["prices"], 0.0)


def rates(**dollars: float) -> Tariff:
    return Tariff(FREE | dollars, ASSUMED)


def test_a_million_of_what_takes_two_units_costs_two_million_units():
    assert rates(write_units=0.5e-6).bill({"write_units": 2})["database"] == pytest.approx(1.0)


def test_a_function_is_paid_for_while_it_works_and_while_it_waits():
    took = {"cpu_ms": 10, "datastore_requests": 2, "kms_requests": 1, "mails": 1, "posts": 1}

    assert rates().seconds(took) == pytest.approx((10 / 0.25 + 3 * 5 + 300 + 100) / 1000)
    assert rates(gb_seconds=1e-6).bill(took)["Lambda"] == pytest.approx(0.455 * 0.5)


def test_what_an_invocation_logs_of_itself_and_a_share_of_traces_are_paid_for():
    assert rates(log_gb=1).bill({"invocations": 1, "log_bytes": 500})["logs, traces"] == pytest.approx(1.5)
    assert rates(traces=1e-6).bill({"invocations": 2})["logs, traces"] == pytest.approx(0.2)


def test_a_mail_that_is_watched_has_the_assumed_reactions_and_every_post():
    parts = {
        "send": {"posts": 0},
        "open": {"api_requests": 1},
        "open, posted": {"posts": 1},
        "click": {"api_requests": 1},
    }

    assert together(parts, rates().watched_mail()) == pytest.approx({"posts": 0.5, "api_requests": 0.6})


def test_a_month_has_its_ticks_polls_and_standing_charges():
    stack = {"watched_queues": 2, "alarms": 3, "metrics": 4, "dashboards": 1, "keys": 2, "secrets": 1}
    a_month = {"alarm": 0.1, "metric": 0.3, "dashboard": 3.0, "kms_key": 1.0, "secret": 0.4}
    asked = rates(schedules=1, sqs_requests=1e-3, **{f"{what}_months": dollars for what, dollars in a_month.items()})

    month = asked.a_month({}, stack)

    assert month["timers"] == pytest.approx(4 * 700 * 60 + 700 * 12)
    assert month["watching queues"] == pytest.approx(2 * 700 * 0.9)
    assert (month["alarms"], month["metrics"]) == pytest.approx((0.3, 1.2))
    assert (month["dashboards"], month["keys"], month["secrets"]) == pytest.approx((3, 2, 0.4))


def test_every_price_has_a_source_and_every_assumption_a_reason():
    table = prices()

    assert all(price["source"] and price["what"] for price in table["prices"].values())
    assert all(assumed["why"] for assumed in table["assumed"].values())


def test_functions_have_the_memory_that_is_assumed():
    sizes = {function.own.get("MemorySize", function.globals["MemorySize"]) for function in functions()}

    assert sizes == {tariff(prices()).assumed["memory_gb"] * 1024}


def test_what_costs_by_the_month_is_what_the_template_has():
    assert counts()["stack"]["month"] == standing(), "make costs"


def test_the_page_is_what_the_counts_and_prices_come_to():
    assert PAGE.read_text() == page(), "make costs"
