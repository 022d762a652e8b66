"""Two calls that meet over external ids and addresses, in every order of their requests with two changes of turn."""

from itertools import product

import pytest

from drumbeat.domain.times import DAY
from drumbeat.entrypoints import clock
from tests.cadences import EMAIL, cadence, inbox, new_client
from tests.contract.scene import empty_stack
from tests.functional.myagentmail.lead_locks import LeadLocks
from tests.functional.myagentmail.parties import alone, at_once, deleting_contact, enrolling, relinking, taking_away
from tests.functional.myagentmail.relink_model import Model

NOW = 1_795_251_600_000
MOST_CALLS = 9


class Meeting:
    """A cadence with two leads, and what can be done to them."""

    def __init__(self, client, inbox_id, number):
        self.client, self.inbox_id = client, inbox_id
        self.cadence_id = cadence(client, steps=[EMAIL | {"delayDays": 1}])
        self.fresh = f"fresh{number}@lead.example"
        self.model = Model(NOW, first_due=NOW + DAY)
        self.first = f"first{number}@lead.example"
        alone(self.model, self.enrol("x1", leadEmail=self.first))
        alone(self.model, self.enrol("x2"))
        self.one, self.two = self.model.leads

    def enrol(self, external_id, **fields):
        asked = {"leadExternalId": external_id, "inboxId": self.inbox_id} | fields
        return enrolling(self.client, self.cadence_id, asked)

    def relink(self, *rows, retry=False):
        return relinking(self.client, self.cadence_id, rows, retry=retry)

    def give(self, name, external_id, **fields):
        return self.relink((name, {"leadExternalId": external_id} | fields))

    def delete_first(self):
        return deleting_contact(self.client, self.one, self.first)

    def take_away(self, name):
        return taking_away(self.client, name)


PAIRS = {
    "two want one id": lambda it: (it.give(it.one, "x9"), it.give(it.two, "x9")),
    "one frees what the other takes": lambda it: (it.give(it.one, "x9"), it.give(it.two, "x1")),
    "one clears what the other takes": lambda it: (it.give(it.one, None), it.give(it.two, "x1")),
    "two swap": lambda it: (it.give(it.one, "x2"), it.give(it.two, "x1")),
    "one is given two ids": lambda it: (it.give(it.one, "x8"), it.give(it.one, "x9")),
    "one is renamed and given an id": lambda it: (it.relink((it.one, {"leadName": "Jane"})), it.give(it.one, "x9")),
    "a chain and a thief": lambda it: (
        it.relink((it.one, {"leadExternalId": "x9"}), (it.two, {"leadExternalId": "x1"})), it.enrol("x9")
    ),
    "two enrol one lead": lambda it: (it.enrol("x9", leadName="A"), it.enrol("x9", leadName="B")),
    "two enrol one address": lambda it: (it.enrol("x8", leadEmail=it.fresh), it.enrol("x9", leadEmail=it.fresh)),
    "two enrol one new lead": lambda it: (it.enrol("x9", leadEmail=it.fresh), it.enrol("x9", leadEmail=it.fresh)),
    "a lead is enrolled under an id that is given": lambda it: (it.enrol("x9"), it.give(it.one, "x9")),
    "a lead is enrolled under an id that is freed": lambda it: (it.enrol("x1"), it.give(it.one, "x9")),
    "two get one new address": lambda it: (
        it.relink((it.one, {"leadEmail": it.fresh})), it.give(it.two, "x9", leadEmail=it.fresh)
    ),
    "its contact is deleted while it gets an id": lambda it: (it.delete_first(), it.give(it.one, "x9")),
    "its contact is deleted and its id given": lambda it: (it.delete_first(), it.give(it.two, "x1")),
    "one is taken away while it gets an id": lambda it: (it.take_away(it.one), it.give(it.one, "x9")),
    "one is taken away and its id given": lambda it: (it.take_away(it.one), it.give(it.two, "x1")),
    "one is taken away and enrolled again": lambda it: (it.take_away(it.one), it.enrol("x1")),
}  # fmt: skip


@pytest.fixture(scope="module")
def locks():
    with empty_stack() as store:
        yield LeadLocks(store)


@pytest.mark.parametrize("pair", PAIRS)
def test_two_calls_at_once_come_to_what_they_would_in_a_row(locks, monkeypatch, pair):
    monkeypatch.setattr(clock, "now", lambda: NOW)
    client = new_client()
    inbox_id = inbox(client)
    for number, (begins, goes_on) in enumerate(product(range(MOST_CALLS), range(1, MOST_CALLS)), 1):
        locks.forget()
        meeting = Meeting(client, inbox_id, number)
        order = [True] * begins + [False] * goes_on

        at_once(client, [meeting.cadence_id], meeting.model, PAIRS[pair](meeting), order)

        assert locks.disagreements(client.tenant, [number]) == [], (begins, goes_on)
