"""Reading the most rows that a call may have, by counts."""

from drumbeat import bootstrap
from drumbeat.adapters.phone_numbers import PlannedNumbers
from drumbeat.dialects.julian.contacts import KEYS
from drumbeat.dialects.julian.scheduling import MOST_ROWS
from drumbeat.domain.call_row import AcceptedRow, read_rows
from drumbeat.domain.row_rules import RowRules
from tests.unit.julian.rows import AGENT, NOW, OFFICE, good


class CountedNumbers(PlannedNumbers):
    """Counts what is read."""

    def __init__(self) -> None:
        self.reads = 0

    def read(self, text):
        self.reads += 1
        return super().read(text)


def test_reading_1000_rows_asks_no_store_and_reads_each_number_once(aws):
    rows = [good(phoneNumber=f"+1212555{number:04d}", scheduledAt="2026-12-01T10:00:00") for number in range(MOST_ROWS)]
    phones = CountedNumbers()
    bootstrap.ledger.clear()

    told = read_rows(phones, rows, RowRules(KEYS, AGENT, OFFICE), NOW)

    assert all(isinstance(row, AcceptedRow) for row in told)
    assert phones.reads == MOST_ROWS
    assert bootstrap.ledger.datastore_requests() == 0
