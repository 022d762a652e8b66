"""Rows of a CSV file (RFC 4180) that no spreadsheet takes for formulas (OWASP: CSV injection)."""

import csv
import unicodedata
from collections.abc import Iterable, Sequence
from io import StringIO

_FORMULA = frozenset("=+-@")
_INVISIBLE = frozenset({"Cc", "Cf", "Zs", "Zl", "Zp"})


def csv_text(rows: Iterable[Sequence[str | None]]) -> str:
    """The rows, every cell in quotes, each line ended by CRLF; None is an empty cell.

    A cell that a spreadsheet might compute begins with an apostrophe, and so does one that begins with an apostrophe
    of its own: taking one away from each cell that has it gives back exactly what was put in.
    """
    written = StringIO()
    writer = csv.writer(written, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerows([_harmless(cell or "") for cell in row] for row in rows)
    return written.getvalue()


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell[:1] == "'" or _is_computed(cell) else cell


def _is_computed(cell: str) -> bool:
    """Whether the cell begins like a formula, in whatever width it is written and whatever nobody sees before it."""
    first = cell[:1]
    if first and unicodedata.category(first) == "Cc":
        return True
    seen = next((letter for letter in cell if unicodedata.category(letter) not in _INVISIBLE), "")
    return unicodedata.normalize("NFKC", seen)[:1] in _FORMULA
