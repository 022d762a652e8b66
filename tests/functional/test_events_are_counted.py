"""Counters are exact, and the log holds every fact once, however the stream tells them and whatever dies when."""

from random import Random

import pytest

from drumbeat import bootstrap
from drumbeat.adapters import aws as our_aws
from drumbeat.adapters.dynamodb.stream_records import read_change
from drumbeat.domain.counts import Counts
from drumbeat.domain.events_of import events_of
from drumbeat.domain.ids import EnrollmentKey
from drumbeat.domain.mail_signal import SignalKind
from drumbeat.domain.times import DAY, utc_day
from tests.faults import MODES, dies
from tests.listening import Wire, listen, told
from tests.mail_histories import SENDERS, SEQUENCES, START, TENANTS, History, Mail, enroll, noted, send
from tests.memory.stream import Record
from tests.stage import TENANT

FIRST, LAST = utc_day(START) - 30, utc_day(START) + 60


@pytest.fixture
def wire(aws) -> Wire:
    return Wire(aws)


def counted(tenant: int, sequence: int) -> dict[tuple[int, int, int], Counts]:
    found = bootstrap.statistics().of_sequence(tenant, sequence, FIRST, LAST)
    return {(day, step, sender): counts for day, step, sender, counts in found}


def logged_ids(tenant: int) -> list[str]:
    return [event.id for event in bootstrap.event_log().between(tenant, FIRST * DAY, LAST * DAY)]


def expected_ids(records: list[Record], tenant: int) -> set[str]:
    changes = [change for record in records if (change := read_change(record)) is not None]
    return {event.id for change in changes for event in events_of(change) if event.tenant == tenant}


def published(wire: Wire, records: list[Record], chance: Random) -> None:
    """Hands the records over in parts: some twice, some not the first time, some dying at a random call."""
    at = 0
    while at < len(records):
        part = records[at : at + chance.randrange(1, 60)]
        if chance.random() < 0.5:
            dies(lambda part=part: wire.publish(part), chance.randrange(1, 6), after=chance.random() < 0.5)
        for _ in range(chance.choice((1, 1, 2, 3))):
            wire.publish(part)
        if chance.random() < 0.3:
            wire.publish(chance.sample(records[:at], min(at, 10)))
        at += len(part)


@pytest.mark.parametrize("seed", range(5))
def test_counters_equal_a_recount_of_what_was_done(wire, seed):
    history = History(seed)
    wire.written()
    history.live(250)
    published(wire, wire.written(), Random(seed))  # noqa: S311 - cases, not secrets

    statistics = bootstrap.statistics()
    for tenant in TENANTS:
        for number in SEQUENCES:
            assert counted(tenant, number) == history.recount(tenant, number)
        for sender in SENDERS:
            assert statistics.of_sender(tenant, sender, FIRST, LAST) == history.recount_of_sender(tenant, sender)
        assert statistics.sent_in_months(tenant, "2026-11", "2027-03") == history.sent_in_months(tenant)
    assert history.total("opened") > 10


@pytest.mark.parametrize("seed", range(2))
def test_the_log_holds_every_event_once_and_in_order(wire, seed):
    history = History(seed)
    wire.written()
    history.live(250)
    records = wire.written()
    published(wire, records, Random(seed))  # noqa: S311 - cases, not secrets

    for tenant in TENANTS:
        ids = logged_ids(tenant)
        assert ids == sorted(set(ids))
        assert set(ids) == expected_ids(records, tenant)
        middle, log = len(ids) // 2, bootstrap.event_log()
        behind = log.between(tenant, FIRST * DAY, LAST * DAY, after=ids[middle])
        assert [event.id for event in behind] == ids[middle + 1 :]
        event = log.get(tenant, ids[middle])
        assert event is not None
        assert event.id == ids[middle]
        assert log.get(3 - tenant, ids[middle]) is None


@MODES
@pytest.mark.parametrize("at", range(1, 5))
def test_a_crash_at_any_call_counts_and_logs_every_event_once(wire, at, after):
    history = History(3)
    wire.written()
    history.live(30)
    records = wire.written()

    died = dies(lambda: wire.publish(records), at, after=after)
    wire.publish(records)

    assert died  # at the log, at a look at senders, sequences, endpoints
    for tenant in TENANTS:
        assert set(logged_ids(tenant)) == expected_ids(records, tenant)
        for number in SEQUENCES:
            assert counted(tenant, number) == history.recount(tenant, number)


def test_a_consumer_that_goes_by_ids_rebuilds_exactly_what_happened(wire, stage, server):
    stage.open([server], contacts=3)
    listen("https://app.example/hook")
    wire.written()
    stage.run(20)
    records = wire.written()
    published(wire, records, Random(5))  # noqa: S311 - cases, not secrets

    log: dict[str, dict[str, object]] = {}
    for event in told():
        assert log.setdefault(event["id"], event) == event
    assert set(log) == expected_ids(records, TENANT) == set(logged_ids(TENANT))


def test_the_first_mark_of_a_mail_counts_in_whatever_order_signals_come(wire):
    History(1)
    mail, other = Mail(1, EnrollmentKey(1, 1), 0, 11), Mail(1, EnrollmentKey(1, 2), 0, 12)
    for which in (mail, other, mail):
        noted(which, SignalKind.CLICKED, START)
        noted(which, SignalKind.OPENED, START + DAY)
    wire.publish()

    day = utc_day(START)
    assert counted(1, 1) == {(day, 0, sender): Counts(opened=1, clicked=1) for sender in (11, 12)}


def test_a_hundred_events_cost_a_few_requests_and_little_more_than_two_write_units_each(wire):
    mails = [Mail(1, EnrollmentKey(1, contact), 0, 11 + contact % 5) for contact in range(1, 51)]
    for mail in mails:
        enroll(mail)
    wire.written()
    for mail in mails:
        send(mail, START)
        noted(mail, SignalKind.OPENED, START)
    records = wire.written()
    assert len(records) == 100

    requests, units = costs(wire, records)
    assert requests <= 0.15
    assert units <= 2.3
    assert costs(wire, records) == (requests, 0)
    assert sum(counts.sent + counts.opened for counts in counted(1, 1).values()) == 100


def costs(wire: Wire, records: list[Record]) -> tuple[float, float]:
    """Requests and write units an event."""
    our_aws.ledger.clear()
    wire.publish(records)
    requests, units = our_aws.ledger.datastore_requests(), sum(our_aws.ledger.write_units.values())
    return requests / len(records), units / len(records)
