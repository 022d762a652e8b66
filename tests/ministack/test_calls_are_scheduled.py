"""Scheduling on a real wire: what it costs, transactions that meet each other, and a crash at any call."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

from drumbeat import bootstrap, bootstrap_batches
from drumbeat.application.batch_run import run_chunk
from drumbeat.domain.enrollment import EnrollmentState
from drumbeat.domain.ids import Kind, resource_number
from drumbeat.entrypoints import clock
from tests.faults import Crash, fault
from tests.functional.julian.calling import Desk, row, rows

pytestmark = [pytest.mark.ministack, pytest.mark.usefixtures("ministack")]
ROWS = 1_000
WORKERS = 4


def scheduled(desk, contacts, **body):
    """The number of the batch that was accepted."""
    answer = desk.schedule(contacts, **body)
    assert answer.status == 202, answer
    number = resource_number(Kind.BATCH, desk.tenant, answer.body["batchId"])
    assert number is not None
    return number


def made_by_hand(desk, number):
    """Every chunk in turn, without its message; returns how many requests that took."""
    bootstrap.ledger.clear()
    batch = bootstrap.batches().get(desk.tenant, number)
    for chunk in bootstrap.batches().chunks(batch):
        run(desk, number, chunk.first)
    return bootstrap.ledger.datastore_requests()


def run(desk, number, first=0):
    ports = bootstrap_batches.batch_run_ports()
    run_chunk(ports, tenant=desk.tenant, number=number, first=first, now=clock.now())


def grouped(many):
    return [row(n, account=f"a-{n % 5}", toEmailAddress=f"p{n % 20}@x.example") for n in range(many)]


def check_made(desk, many):
    """Each row is one enrollment, each hold has one, and of every group one is called: its first row."""
    made = sorted(desk.made(), key=lambda one: int(one.lead.name.split()[1]))
    assert Counter(one.lead.name for one in made) == Counter(f"Jane {n}" for n in range(many))
    called = [one.lead.name for one in made if one.state is EnrollmentState.ACTIVE]
    assert called == [f"Jane {n}" for n in range(5)]
    assert desk.held() == many


def test_a_thousand_rows_cost_what_they_may():
    desk = Desk()

    number = scheduled(desk, rows(ROWS, account="a", prospect="b"), key="cost")
    before_the_answer = bootstrap.ledger.datastore_requests()
    to_make = made_by_hand(desk, number)

    assert before_the_answer <= 0.1 * ROWS
    assert to_make <= 0.25 * ROWS
    assert len(desk.made()) == ROWS


def test_workers_that_make_one_chunk_at_once_make_every_row_once():
    desk = Desk()
    number = scheduled(desk, grouped(60), groupByField="account")

    with ThreadPoolExecutor(WORKERS) as workers:
        for done in [workers.submit(run, desk, number) for _ in range(WORKERS)]:
            done.exception()  # one that is too late may find the chunk settled: its message comes again
    run(desk, number)

    check_made(desk, 60)


def test_one_key_at_once_takes_one_batch():
    desk = Desk()

    with ThreadPoolExecutor(WORKERS) as workers:
        answers = list(workers.map(lambda place: desk.schedule([row(place)], key="k"), range(WORKERS)))

    assert {answer.status for answer in answers} <= {202, 409}
    taken = [answer.body["batchId"] for answer in answers if answer.status == 202]
    assert len(set(taken)) == 1
    assert desk.held() == 1


@pytest.mark.parametrize("after", [False, True], ids=["before_it_reached_aws", "after_aws_did_it"])
def test_a_worker_that_dies_at_any_call_leaves_every_row_to_be_made_once(after):
    calm = Desk()
    number = scheduled(calm, grouped(30), groupByField="account")
    with fault(0, after=after) as counted:
        run(calm, number)
    for k in range(1, len(counted.calls) + 1):
        desk = Desk()
        number = scheduled(desk, grouped(30), groupByField="account")
        with fault(k, after=after), pytest.raises(Crash):
            run(desk, number)

        run(desk, number)

        check_made(desk, 30)
