"""At a pace of minutes a mail takes one write of its lane, however many lanes its sequence has."""

from random import Random
from types import SimpleNamespace

import pytest

from drumbeat.adapters import aws
from drumbeat.domain.times import MINUTE
from functions.timers import dispatch_due
from tests.stage import TWO_STEPS

PACE = (120, 420)
A_STORE = 3
"""Write units: the lane, and the index of who wakes when, an old place and a new one."""


@pytest.mark.parametrize(("senders", "contacts"), [(1, 20), (10, 100)])
def test_a_mail_takes_one_store_of_a_lane(stage, server, monkeypatch, senders, contacts):
    chance = Random(7)  # noqa: S311 - the pace of mails, not a secret
    monkeypatch.setattr(dispatch_due, "random", SimpleNamespace(Random=lambda: chance))
    stage.open([server] * senders, contacts=contacts, steps=TWO_STEPS[:1], gap=PACE)
    units = 0.0
    while len(server.taken) < contacts:
        aws.ledger.clear()
        stage.tick()
        units += sum(aws.ledger.write_units.values())
        stage.now += MINUTE
        assert stage.work(stage.due()) == []

    assert units <= 1.05 * A_STORE * contacts
