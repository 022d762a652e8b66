"""POST /drumbeat/v1/sequences/{sequence_id}/relink: a crash or a lost answer at every call, and two calls at once."""

from functools import partial

import pytest

from drumbeat import bootstrap
from drumbeat.application.batches import batch_items
from drumbeat.application.relink_in_batch import MOST_ROWS_A_CALL, NamedRow, add_rows, relink_to_add_to
from drumbeat.domain.batch import BatchState
from drumbeat.domain.errors import BatchOver
from drumbeat.domain.relink_row import Row
from tests.batch_queue import works_until_it_dies
from tests.faults import MODES, Crash, fault
from tests.functional.myagentmail.leads import Campaign
from tests.functional.outreach.bulk import NOW, worked
from tests.world import new_tenant

pytestmark = pytest.mark.usefixtures("aws")
ROWS = 105


@pytest.fixture
def campaign(aws):
    return Campaign(partial(new_tenant(), group="myagentmail"))


def handed_in(campaign, rows, *, more=False, intent=None, batch_number=None):
    ports = bootstrap.batch_ports()
    batch = relink_to_add_to(
        ports,
        bootstrap.sequences(),
        tenant=campaign.tenant,
        sequence_number=campaign.sequence,
        batch_number=batch_number,
        retry_now=True,
        intent=intent,
        now=NOW,
    )
    return add_rows(ports, batch, rows, more=more, intent=intent, now=NOW)


def nobody(many):
    return [NamedRow(f"x{place}", Row(None)) for place in range(many)]


@MODES
def test_every_row_is_done_and_says_so_wherever_the_worker_dies(campaign, after):
    leads = [campaign.enrol(leadExternalId=f"0-{place}") for place in range(ROWS)]
    keys = [campaign.key(lead) for lead in leads]

    def shift(turn):
        wanted = [f"{turn}-{place}" for place in range(ROWS)]
        changes = [{"external_id": name} for name in wanted]
        changes[0]["email"] = f"{turn}@y.example"
        rows = [NamedRow("x", Row(key, change)) for key, change in zip(keys, changes, strict=True)]
        return handed_in(campaign, rows), wanted

    shift(1)
    calls = works_until_it_dies(0, after=after)
    assert calls >= 15
    for k in range(1, calls + 1):
        batch, wanted = shift(k + 1)
        works_until_it_dies(k, after=after)
        worked()

        done = bootstrap.batches().get(campaign.tenant, batch.number)
        assert (done.state, done.processed, done.failures) == (BatchState.FINISHED, ROWS, 0), k
        there = bootstrap.enrollments().existing(campaign.tenant, keys)
        assert [there[key].lead.external_id for key in keys] == wanted, k
        campaign.check_locks()


@MODES
def test_rows_that_are_handed_in_again_are_there_once(campaign, after):
    with fault(0, after=False) as counted:
        handed_in(campaign, nobody(250), intent="count")
    for k in range(1, len(counted.calls) + 1):
        with fault(k, after=after), pytest.raises(Crash):
            handed_in(campaign, nobody(250), intent=f"i{k}")

        batch = handed_in(campaign, nobody(250), intent=f"i{k}")
        worked()

        done = bootstrap.batches().get(campaign.tenant, batch.number)
        assert (done.state, done.total, done.failures_by_code) == (BatchState.FINISHED, 250, {"NOT_FOUND": 250}), k


def test_two_calls_at_once_both_add_their_rows(campaign):
    batch = handed_in(campaign, nobody(10), more=True)
    ports = bootstrap.batch_ports()

    for _ in range(2):  # both have read it before either writes
        add_rows(ports, batch, nobody(150), more=True, intent=None, now=NOW)
    done = add_rows(ports, batch, [], more=False, intent=None, now=NOW)

    assert (done.total, done.chunks) == (310, 5)
    with pytest.raises(BatchOver):
        add_rows(ports, batch, nobody(1), more=False, intent=None, now=NOW)


def test_what_is_done_keeps_no_more_of_its_rows_than_their_names(campaign):
    jane = campaign.enrol()
    rows = [NamedRow(jane["id"], Row(campaign.key(jane), {"name": "Jane"}))]

    batch = handed_in(campaign, rows)
    worked()

    (chunk,) = bootstrap.batches().chunks(batch)
    assert chunk.arguments == ({"name": jane["id"]},)
    assert [item.name for item in batch_items(bootstrap.batches(), batch)] == [jane["id"]]


def test_the_most_rows_of_a_call_fit_one_transaction(campaign):
    assert handed_in(campaign, nobody(MOST_ROWS_A_CALL)).total == MOST_ROWS_A_CALL
