"""Writes docs/costs.md: python -m tools.costs_page. Every number in it is computed."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from tools.costs import MAIL, MILLION, ROOT, Bill, Counts, Tariff, counts, prices, tariff, together

PAGE = ROOT / "docs/costs.md"
type Loads = Mapping[str, Mapping[str, Counts]]
_LOADS = {"alone": "one at a time", "together": "in full batches"}
_COUNTED = {
    "write_units": "write units",
    "read_units": "read units",
    "datastore_requests": "requests to the table",
    "invocations": "invocations",
    "sqs_requests": "SQS",
    "kms_requests": "KMS",
    "cpu_ms": "CPU ms",
    "bytes": "bytes kept",
}
_HEAD = """# What it costs

Written by `make costs`; no number here is typed by hand. It is counts times prices. The **counts** are of production
code that runs campaigns of two mails at AmpOut's own pace, in memory, with every request, write unit and read unit
counted at our client (`docs/costs.json`; a test counts them anew). The **prices** are the list of {region}, read on
{read_on} (`tools/prices.toml`). No free tier, no discount. What was not counted is assumed, and stands in the last
table. None of it was seen on a bill of AWS.

*One at a time*: every message and every record of the stream comes to a function alone, and a list has one row. *In
full batches*: up to ten messages, a hundred records, a thousand rows. A quiet stack is nearer to the first, a busy one
to the second.
"""
_DRIVERS = """A mail takes {units:.0f} write units on its whole way. {slots:.1f} of them are the lanes': at a
pace of minutes a lane is looked at, and stored, once for each mail, and its place in the index of who wakes when moves
(ADR 56). With ten senders that is ${lanes:.2f} a million mails. {logged:.1f} log and count what
happened, {sent:.1f} are the mail's own. And for each mail its sender's password is decrypted: ${keys:.2f} a million.

SMTP servers are the senders' own. A sender that is an identity of SES costs ${ses:.0f} a million mails more,
{dearer:.1f} times the dearest line above.

Not counted: reading mailboxes, calls and other steps, relinks, retries, what DynamoDB asks of KMS for the key that AWS
keeps for it, the first start of a container.
"""


def page() -> str:
    """The whole page."""
    table, counted = prices(), counts()
    rates = tariff(table)
    parts = [
        _HEAD.format(**table),
        "## A million of them, in dollars\n",
        _summary(rates, counted),
        "## Where it goes: a million mails\n",
        _where(rates, counted),
        _drivers(rates, counted),
        "## A month in which nothing happens\n",
        _month(rates, counted),
        "## What others ask for a million mails\n",
        _others(table, rates, counted),
        "## What one takes\n",
        *(_counted(name, counted[load]) for load, name in _LOADS.items()),
        "## Prices\n",
        _table(["", "dollars", "for", "source"], _priced(table)),
        "## Assumptions\n",
        _table(["", "is", "because"], ([name, each["is"], each["why"]] for name, each in table["assumed"].items())),
    ]
    return "\n".join(parts)


def _made(rates: Tariff) -> dict[str, Mapping[str, float]]:
    return {
        "contacts imported": {"import": 1},
        "contacts enrolled": {"enroll": 1},
        "mails": MAIL,
        "mails, opens and clicks noted, an endpoint told of everything": rates.watched_mail(),
    }


def _summary(rates: Tariff, counted: Loads) -> str:
    rows: list[list[Any]] = [
        [what, *(_dollars(_total(rates.bill(together(counted[load], made)))) for load in _LOADS)]
        for what, made in _made(rates).items()
    ]
    kept = {"import": 1.0, "enroll": 1.0, "send, logged": 1.0}
    what = "contacts kept for a month, with an enrollment and a mail's events"
    rows.append([what, *(_dollars(rates.kept(together(counted[load], kept))) for load in _LOADS)])
    return _table(["a million", *_LOADS.values()], rows)


def _where(rates: Tariff, counted: Loads) -> str:
    rows = {
        f"{what}, {_LOADS[load]}": rates.bill(together(counted[load], made))
        for what, made in (("plain", MAIL), ("watched", rates.watched_mail()))
        for load in _LOADS
    }
    rows |= {f"of it slots, {name}": rates.bill(counted[load]["dispatch"]) for load, name in _LOADS.items()}
    names = list(next(iter(rows.values())))
    lines = [[what, *(_dollars(bill[name]) for name in names), _dollars(_total(bill))] for what, bill in rows.items()]
    return _table(["", *names, "together"], lines)


def _drivers(rates: Tariff, counted: Loads) -> str:
    many, ses = counted["together"], rates.dollars["ses_mails"] * MILLION
    return _DRIVERS.format(
        units=together(many, MAIL)["write_units"],
        slots=many["dispatch"]["write_units"],
        lanes=_total(rates.bill(many["dispatch"])),
        logged=many["send, logged"]["write_units"],
        sent=many["send"]["write_units"],
        keys=rates.bill(many["send"])["keys"],
        ses=ses,
        dearer=ses / _total(rates.bill(together(counted["alone"], rates.watched_mail()))),
    )


def _month(rates: Tariff, counted: Loads) -> str:
    stack = counted["stack"]["month"]
    bill = rates.a_month(counted["idle"], stack)
    many: dict[str, float] = {"timers": 5, "watching queues": stack["watched_queues"], **stack}
    rows = [[what, _number(many[what]), _dollars(dollars)] for what, dollars in bill.items()]
    return _table(["", "how many", "dollars"], [*rows, ["together", "", _dollars(_total(bill))]])


def _others(table: Mapping[str, Any], rates: Tariff, counted: Loads) -> str:
    ours = [_total(rates.bill(together(counted[load], rates.watched_mail()))) for load in _LOADS]
    rows = [[other["name"], _dollars(other["dollars"]), other["source"]] for other in table["others"]]
    mine = [
        "Drumbeat, watched mails through the senders' own servers",
        " to ".join(map(_dollars, sorted(ours))),
        "above",
    ]
    return _table(["", "dollars", "source"], [*rows, mine])


def _counted(load: str, parts: Mapping[str, Counts]) -> str:
    rows = [[part, *(_number(its.get(name, 0)) for name in _COUNTED)] for part, its in parts.items()]
    return f"**{load[0].upper()}{load[1:]}**\n\n" + _table(["", *_COUNTED.values()], rows)


def _priced(table: Mapping[str, Any]) -> Iterator[list[Any]]:
    for price in table["prices"].values():
        yield [price["what"], f"{price['dollars']:.10f}".rstrip("0").rstrip("."), f"{price['per']:,}", price["source"]]


def _total(bill: Bill) -> float:
    return sum(bill.values())


def _dollars(amount: float) -> str:
    return f"{amount:,.0f}" if amount >= 100 else f"{amount:.2f}"


def _number(count: float) -> str:
    return f"{count:,.3f}".rstrip("0").rstrip(".") if count else ""


def _table(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "".join("| " + " | ".join(str(cell) for cell in line) + " |\n" for line in lines)


if __name__ == "__main__":
    Path(PAGE).write_text(page())
