"""A relinking beside a mail that is under way: what it said yes to holds from then on, whenever it came."""

from typing import Any

import pytest

from drumbeat import bootstrap
from drumbeat.adapters import aws
from drumbeat.application.relink import relink_one
from drumbeat.domain.enrollment import EnrollmentState
from drumbeat.domain.ids import Kind
from drumbeat.domain.reach import Reach
from drumbeat.domain.relink_row import Relinked, Result, Row
from tests.cadence_stage import MAIL, open_cadence
from tests.stage import TENANT, recipients

OLD, NEW = "p1@corp.example", "new@corp.example"
STEPS = (MAIL, MAIL)
CALLS = 54


@pytest.fixture(autouse=True)
def underway(stage, server):
    """A contact on its way through two mails, whose number nobody gets again."""
    open_cadence(stage, STEPS, mail_port=server.port)
    bootstrap.numbers().take(TENANT, Kind.CONTACT, 10)


class Meanwhile:
    """Does something before the k-th call to AWS, once."""

    def __init__(self, k: int, act: Any) -> None:
        self._k = k
        self._act = act
        self.calls = 0
        self.result: Result | None = None

    def __call__(self, **_: Any) -> None:
        self.calls += 1
        if self.calls == self._k:
            self.result = self._act()


def relink(stage, **changes):
    row = Row(stage.enrollment().key, changes)
    ports = bootstrap.relink_ports()
    done = relink_one(ports, tenant=TENANT, row=row, retry_now=True, reach=Reach(), now=stage.now)
    return done.results[0]


def run_with(stage, k):
    """The first mail and everything after it, with a relinking before the k-th call."""
    meanwhile = Meanwhile(k, lambda: relink(stage, email=NEW))
    client = aws.client("dynamodb")
    client.meta.events.register_first("before-call.*.*", meanwhile)
    try:
        stage.run(minutes=4)
    finally:
        client.meta.events.unregister("before-call.*.*", meanwhile)
    stage.run(minutes=3)
    return meanwhile


def test_without_a_relinking_both_mails_go_to_the_old_address(stage, server):
    most = run_with(stage, 0).calls
    assert recipients(server) == [OLD, OLD]
    assert most < CALLS


@pytest.mark.parametrize("k", range(1, CALLS))
def test_whenever_it_comes_what_it_said_yes_to_holds(stage, server, k):
    result = run_with(stage, k).result

    there = stage.enrollment()
    assert there.state is EnrollmentState.FINISHED
    if isinstance(result, Relinked):
        assert recipients(server) == [OLD] * result.enrollment.step + [NEW] * (2 - result.enrollment.step)
    else:
        assert recipients(server) == [OLD, OLD]


def test_while_the_mail_is_on_its_way_it_is_refused(stage, server):
    told = []
    server.meanwhile("dot", lambda: told.append(relink(stage, email=NEW)))

    stage.run(minutes=4)

    assert not isinstance(told[0], Relinked)
    assert "minute" in told[0].text
