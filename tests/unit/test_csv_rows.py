"""CSV that no spreadsheet computes."""

import csv
import io
from random import Random

import pytest

from drumbeat.dialects.csv_rows import csv_text

COMPUTED = [
    "=1+1", "+1", "-1", "@SUM(1)", "\t=1", "\r=1", "\n=1", "\tx",
    "\rx", "\nx", "\uff1d1", "\uff0b1", "\uff0d1", "\uff20x", "﹦1", "﹢1", "﹣1",
    "﹫x", " =1", "  +1", "\u200b=1", "\ufeff=1", "\u00a0-1", "\u3000\uff1d1", "\x00=1", "'=1", "'",
]  # fmt: skip
HARMLESS = ["", "a@b.example", "x=1", "1-1", "ümlaut", "a,b", 'say "hi"', "line\nbreak", "1", " x", "😀"]


def _read(text):
    return list(csv.reader(io.StringIO(text, newline=""), strict=True))


@pytest.mark.parametrize("cell", COMPUTED)
def test_a_cell_that_might_be_computed_begins_with_an_apostrophe(cell):
    assert _read(csv_text([[cell]])) == [[f"'{cell}"]]


@pytest.mark.parametrize("cell", HARMLESS)
def test_other_cells_stay_as_they_are(cell):
    assert _read(csv_text([[cell, "x"]])) == [[cell, "x"]]


def test_nothing_is_an_empty_cell():
    assert csv_text([[None, "x"]]) == '"","x"\r\n'


def test_whatever_is_written_is_read_back_and_no_cell_is_computed():
    rng = Random(47)  # noqa: S311
    letters = [*"=+-@'\",;\r\n\t ax1", "\uff1d", "\u200b", "é"]
    rows = [["".join(rng.choices(letters, k=rng.randrange(6))) for _ in range(3)] for _ in range(2_000)]

    read = _read(csv_text(rows))

    assert [[cell.removeprefix("'") for cell in row] for row in read] == rows
    assert not [cell for row in read for cell in row if cell[:1] in set("=+-@\uff1d\t\r\n")]
