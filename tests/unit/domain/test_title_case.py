"""Title case for what was typed in capitals, or in none."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drumbeat.domain.title_case import title_cased


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ("JOHN", "John"),
        ("john doe", "John Doe"),
        ("MARY-ANN O'NEIL", "Mary-Ann O'Neil"),
        ("mary-ann o\u2019neil", "Mary-Ann O\u2019Neil"),
        ("JOHN'S", "John's"),
        ("McDonald", "McDonald"),
        ("MCDONALD", "Mcdonald"),
        ("DeShawn VAN DER BERG", "DeShawn Van Der Berg"),
        ("J. R. R. TOLKIEN", "J. R. R. Tolkien"),
        ("j.r.r. tolkien", "J.R.R. Tolkien"),
        ("ÉLODIE MÜLLER", "Élodie Müller"),
        ("ACME LLC", "Acme Llc"),
        ("iPhone", "iPhone"),
        ("  john  ", "  John  "),
        ("4th floor", "4th Floor"),
        ("山田", "山田"),
        ("", ""),
    ],
)
def test_words_begin_with_a_capital(given, wanted):
    assert title_cased(given) == wanted


@settings(derandomize=True, database=None, deadline=None)
@given(st.text(max_size=60))
def test_what_is_in_title_case_stays(text):
    once = title_cased(text)

    assert title_cased(once) == once
