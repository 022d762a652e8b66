"""Whatever JSON a row is, it has one outcome, at its place, that can be stored and shown."""

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from drumbeat.dialects.julian.contacts import KEYS
from drumbeat.domain.agent import Agent
from drumbeat.domain.call_row import AcceptedRow, RejectedRow
from tests.unit.julian.rows import GOOD, bulk

TEXTS = st.text(st.characters(), max_size=30)  # lone surrogates and control characters too
SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXTS
VALUES = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3))
KNOWN = st.sampled_from([*KEYS.every, "account_id", "phone", "schedule_at"])
GIVEN = st.dictionaries(KNOWN | TEXTS, VALUES, max_size=8)
ROWS = VALUES | GIVEN | GIVEN.map(lambda changes: GOOD | changes)
AGENT = Agent(zones=("America/New_York",), required=("account_id",), title_cases=True)


def texts_of(row: AcceptedRow | RejectedRow) -> list[str]:
    if isinstance(row, RejectedRow):
        return [row.phone, row.text]
    callee = row.callee
    variables = [text for pair in callee.variables.items() for text in pair]
    return [callee.name, callee.phone, callee.extension, callee.zone, row.email or "", *variables]


@settings(derandomize=True, max_examples=300, deadline=None, database=None)
@given(st.lists(ROWS, min_size=1, max_size=5))
def test_every_row_has_one_outcome_that_can_be_stored(rows):
    told = bulk(*rows, agent=AGENT, normalizeFields=["account_id"], groupByField="account_id")

    assert [row.index for row in told] == list(range(len(rows)))
    assert all(row.problems and row.text for row in told if isinstance(row, RejectedRow))
    for text in (text for row in told for text in texts_of(row)):
        assert len(text.encode()) <= 4_000
        assert "\x00" not in text


@settings(derandomize=True, max_examples=100, deadline=None, database=None)
@given(st.lists(st.sampled_from(["+1 555 123 4567", "+15551234567", "+44 20 7946 0958", "555"]), max_size=8))
def test_no_number_is_accepted_twice(numbers):
    told = bulk(GOOD, *(GOOD | {"phoneNumber": number} for number in numbers))

    called = sorted(row.callee.phone for row in told if isinstance(row, AcceptedRow))
    assert all(one != other for one, other in pairwise(called))
