"""The demo's contact list, as a person would keep it in a spreadsheet."""

import csv
from dataclasses import dataclass
from pathlib import Path

_FIELDS = ("email", "first_name", "last_name", "company")


@dataclass(frozen=True)
class Row:
    """One line of the list; `unsubscribed` is what the people who keep it noted themselves."""

    contact: dict[str, str]
    unsubscribed: bool


def read_contacts(path: Path) -> list[Row]:
    """All rows in order, good or bad: saying which is which is the API's work."""
    with path.open(newline="", encoding="utf-8") as file:
        return [
            Row({name: line[name] for name in _FIELDS}, line["unsubscribed"] == "yes") for line in csv.DictReader(file)
        ]
