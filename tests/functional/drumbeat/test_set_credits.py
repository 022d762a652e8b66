"""PUT /drumbeat/v1/credits"""

import pytest

from drumbeat import bootstrap
from drumbeat.adapters.dynamodb.credits import charge_writes, hold_writes
from drumbeat.domain.credits import Charge
from drumbeat.domain.errors import InsufficientCredits
from drumbeat.entrypoints import call_budget, clock
from tests.contract.scene import everything, tenant_of
from tests.faults import Crash, fault
from tests.world import NOON, with_scopes


@pytest.fixture(autouse=True)
def noon(stack, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOON)


def _set(caller, allocated):
    return caller("set_credits", {"allocatedCredits": allocated}, group="drumbeat")


def _hold(caller, count):
    ledger, table = bootstrap.credit_ledger(), bootstrap.table()
    table.transact(hold_writes(table, ledger.account(tenant_of(caller)), count, NOON))


def _spend(caller, count):
    table = bootstrap.table()
    table.transact(charge_writes(table, tenant_of(caller), 1, Charge(count, 0), NOON))


def test_it_is_ten_thousand_until_it_is_set(caller):
    assert bootstrap.credit_ledger().account(tenant_of(caller)).available(NOON) == 10_000


def test_it_answers_what_has_become_of_them(caller):
    _hold(caller, 300)
    _spend(caller, 20)

    answer = _set(caller, 1_000)

    assert answer.status == 200
    assert answer.body == {
        "allocatedCredits": 1_000,
        "spentCredits": 20,
        "heldCredits": 300,
        "availableCredits": 680,
    }


def test_it_may_be_less_than_is_spent_already_and_then_nothing_is_available(caller):
    _spend(caller, 20)

    assert _set(caller, 10).body["availableCredits"] == 0
    with pytest.raises(InsufficientCredits):
        _hold(caller, 1)


def test_what_is_available_follows_at_once(caller):
    _set(caller, 5)
    _hold(caller, 5)
    with pytest.raises(InsufficientCredits) as refused:
        _hold(caller, 1)
    assert refused.value.details == {"needed": 1, "available": 0}

    _set(caller, 6)

    _hold(caller, 1)


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("nth", [1, 2])
def test_a_call_that_dies_anywhere_is_finished_by_the_same_call(caller, nth, after):
    _set(caller, 5)
    call_budget.budget.forget()

    with fault(nth, after=after), pytest.raises(Crash):
        _set(caller, 7)

    assert _set(caller, 7).body["allocatedCredits"] == 7


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"allocatedCredits": -1},
        {"allocatedCredits": 1.5},
        {"allocatedCredits": None},
        {"allocatedCredits": True},
        {"allocatedCredits": 1_000_000_001},
        {"allocated": 1},
        {"allocatedCredits": 1, "more": 1},
    ],
)
def test_what_is_no_number_of_credits_is_refused_and_changes_nothing(caller, body):
    _set(caller, 5)
    before = everything()
    call_budget.budget.forget()

    answer = caller("set_credits", body, group="drumbeat")

    assert (answer.status, answer.body["code"]) == (422, "validation_failed")
    assert everything() == before


def test_a_key_needs_the_scope(caller):
    answer = with_scopes(caller, "agents:write")("set_credits", {"allocatedCredits": 1}, group="drumbeat")

    assert (answer.status, answer.body["code"]) == (403, "scope_missing")
