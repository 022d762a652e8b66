"""What the demo shows: a bar that moves on a terminal, plain lines elsewhere, and the table at the end."""

import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Protocol

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from tools.local.contacts_csv import Row
from tools.local.summary import Summary

_HEADER_ROWS = 2  # rows are counted as a spreadsheet does: from 1, the header first


_WIDTH_OF_A_FILE = 140


class Bar(Protocol):
    """Shows how far something is."""

    def __call__(self, done: int, total: int, note: str) -> None:
        """Show the state now."""


class Display:
    """Writes to standard output."""

    def __init__(self) -> None:
        self._began = time.monotonic()
        self._console = Console(highlight=False)
        if not self._console.is_terminal:
            self._console.width = _WIDTH_OF_A_FILE

    def say(self, line: str) -> None:
        """A line about what has just happened, and when: seconds from the start."""
        self._console.print(f"{time.monotonic() - self._began:4.0f} s  {line}", markup=False)

    @contextmanager
    def bar(self, title: str) -> Iterator[Bar]:
        """A live bar on a terminal, else a line whenever the count has changed."""
        if self._console.is_terminal:
            with self._live_bar(title) as bar:
                yield bar
        else:
            yield self._lines(title)

    @contextmanager
    def _live_bar(self, title: str) -> Iterator[Bar]:
        columns = [SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn()]
        with Progress(
            *columns, TimeElapsedColumn(), TextColumn("{task.fields[note]}"), console=self._console
        ) as progress:
            task = progress.add_task(title, total=None, note="")

            def show(done: int, total: int, note: str) -> None:
                progress.update(task, completed=done, total=total, note=note)

            yield show

    def _lines(self, title: str) -> Bar:
        shown: set[int] = set()

        def show(done: int, total: int, note: str) -> None:
            if done not in shown:
                shown.add(done)
                self.say(f"{title}: {done}/{total} {note}".rstrip())

        return show

    def report(
        self, summary: Summary, rows: Sequence[Row], rejected: Sequence[Mapping[str, Any]], reasons: Counter[str]
    ) -> None:
        """The tables at the end: the rows that were refused, and what happened to the others."""
        self._console.print(_rejected_table(rows, rejected))
        self._console.print(_outcome_table(summary, reasons))


def _rejected_table(rows: Sequence[Row], rejected: Sequence[Mapping[str, Any]]) -> Table:
    table = Table("row", "e-mail", "code", "field", "reason", title="Rows that were not imported")
    for entry in rejected:
        email = rows[entry["row"]].contact["email"]
        shown = ascii(email if len(email) <= 40 else f"{email[:37]}...")
        cells = [shown, str(entry["code"]), str(entry.get("field")), str(entry.get("message"))]
        table.add_row(str(entry["row"] + _HEADER_ROWS), *(cell.replace("[", r"\[") for cell in cells))
    return table


def _outcome_table(summary: Summary, reasons: Counter[str]) -> Table:
    table = Table("what", "count", title="What happened")
    table.columns[1].justify = "right"
    skipped = [(f"  because: {reason}", number) for reason, number in reasons.most_common()]
    lines = [
        ("rows in the list", summary.rows),
        ("rejected", summary.rejected),
        ("repeated in the list", summary.repeated),
        ("imported", summary.imported),
        ("skipped at enrolment", summary.skipped),
        *skipped,
        ("enrolled", summary.enrolled),
        ("mails sent", summary.sent),
        ("mails delivered", summary.delivered),
        ("delivered twice", summary.duplicates),
        ("people who opened", summary.opened),
        ("people who replied", summary.replied),
        ("people who are out of office", summary.out_of_office),
        ("bounced", summary.bounced),
        ("  of these, refused at the door", summary.refused),
        ("people who unsubscribed", summary.unsubscribed),
        ("mails to any of these afterwards", summary.late),
        ("webhooks delivered", summary.webhooks),
        *((f"  {name}", number) for name, number in sorted(summary.heard.items())),
        ("  delivered again, as the receiver was busy", summary.redelivered),
    ]
    for name, number in lines:
        table.add_row(name, str(number))
    return table
