"""Credits under races and crashes: held is what is stored as held, spent is what was charged, each exactly once."""

from contextlib import suppress
from dataclasses import replace
from itertools import product
from random import Random

import pytest
from botocore.exceptions import ReadTimeoutError

from drumbeat import bootstrap
from drumbeat.adapters.dynamodb import keys
from drumbeat.adapters.dynamodb.credits import charge_writes, hold_writes
from drumbeat.adapters.dynamodb.enrollment_items import enrollment_item
from drumbeat.application.credits import release_holds
from drumbeat.domain.credits import charge_of, hold_left_behind, idle_hold, month_of
from drumbeat.domain.enrollment import EnrollmentState
from drumbeat.domain.errors import InsufficientCredits
from drumbeat.domain.times import DAY
from tests.call_rows import AGENT, row
from tests.faults import MODES, Crash, fault
from tests.functional.myagentmail.disturbed import answer_lost, interleaved, meanwhile
from tests.world import NOON

TENANT, PRICE = 7, 3
DECEMBER = NOON + 11 * DAY
NOTHING = {"PK": "T#7#ACCEPTED", "SK": "ACCEPTED"}
pytestmark = pytest.mark.usefixtures("aws")


def account():
    return bootstrap.credit_ledger().account(TENANT)


def allocate(credits):
    bootstrap.credit_ledger().allocate(TENANT, credits)


def accept(needed, now=NOON):
    """Accepts calls as scheduling does: looks, and writes on condition that it is still so; whether they were."""
    table, tries = bootstrap.table(), 0
    while True:
        try:
            writes = hold_writes(table, account(), needed, now)
        except InsufficientCredits:
            return False
        if table.commits([*writes, table.put_write(NOTHING)]):
            return True
        tries += 1
        assert tries < 5, "refused again and again"


def charge(enrollment, at=NOON, price=PRICE):
    """Notes a result as its store does; whether the enrollment was as it was seen."""
    table, key = bootstrap.table(), keys.enrollment(TENANT, enrollment.key)
    held = "attribute_not_exists(#hold)" if enrollment.hold is None else "#hold = :hold"
    values = {} if enrollment.hold is None else {"values": {":hold": enrollment.hold}}
    noted = table.update_write(
        key, "REMOVE #hold", condition=f"attribute_exists(PK) AND {held}", names={"#hold": "hold"}, **values
    )
    return table.commits([noted, *charge_writes(table, TENANT, AGENT, charge_of(enrollment, price), at)])


def put(contact, *, hold=1, state=EnrollmentState.FINISHED):
    made = row(TENANT, contact, NOON, hold=hold, state=state)
    bootstrap.table().put(enrollment_item(made))
    return made


def stored(enrollment):
    return bootstrap.enrollments().existing(TENANT, [enrollment.key])[enrollment.key]


def released(*enrollments, gone=()):
    holds = [hold for entry in enrollments if (hold := idle_hold(entry)) is not None]
    holds += [hold for entry in gone if (hold := hold_left_behind(entry)) is not None]
    return release_holds(bootstrap.credit_ledger(), holds, now=NOON)


def in_every_order(test):
    """Has a test told of two who meet in every order of their first requests, each time with new books."""

    def run():
        for order in product([True, False], repeat=5):
            begin_anew()
            test(order)

    return run


def begin_anew():
    table = bootstrap.table()
    for place in (keys.credit_account(TENANT), *(keys.enrollment(TENANT, row(TENANT, n, 0).key) for n in range(1, 6))):
        table.delete(place)


@in_every_order
def test_of_two_acceptances_at_once_that_do_not_both_fit_one_comes_through(order):
    allocate(10)

    both = interleaved(lambda: accept(6), lambda: accept(6), order)

    assert sorted(both) == [False, True]
    assert account().held == 6


@in_every_order
def test_two_acceptances_at_once_that_just_fit_both_come_through(order):
    allocate(12)

    assert interleaved(lambda: accept(6), lambda: accept(6), order) == (True, True)
    assert (account().held, account().available(NOON)) == (12, 0)


@in_every_order
def test_what_is_spent_meanwhile_is_not_accepted_once_more(order):
    allocate(10)
    called = put(1, hold=None, state=EnrollmentState.ACTIVE)

    accepted, charged = interleaved(lambda: accept(8), lambda: charge(called), order)

    assert charged, "a result is never refused for credits"
    assert account().spent_in(month_of(NOON)) == PRICE
    assert account().held == (8 if accepted else 0)


def test_what_others_take_meanwhile_is_no_reason_to_look_again_where_there_is_room():
    called = put(1, hold=None, state=EnrollmentState.ACTIVE)
    table = bootstrap.table()
    writes = hold_writes(table, account(), 100, NOON)
    charge(called)
    accept(50)

    assert table.commits(writes)
    assert account().held == 150


def test_what_is_not_there_any_more_is_refused_by_the_writes_themselves():
    allocate(10)
    table = bootstrap.table()
    writes = hold_writes(table, account(), 6, NOON)
    accept(5)

    assert not table.commits(writes)
    allocate(20)
    assert not table.commits(writes), "it was decided on another allocation"
    assert account().held == 5


def test_the_allocation_that_everybody_begins_with_covers_as_many_and_no_more():
    with pytest.raises(InsufficientCredits) as refused:
        hold_writes(bootstrap.table(), account(), 10_001, NOON)
    assert refused.value.details == {"needed": 10_001, "available": 10_000}

    assert accept(10_000)
    assert not accept(1)


def test_no_credits_need_no_write():
    allocate(0)

    assert hold_writes(bootstrap.table(), account(), 0, NOON) == []


def test_a_month_begins_with_nothing_spent_and_with_what_is_held():
    allocate(10)
    accept(4)
    charge(put(1, hold=None, state=EnrollmentState.ACTIVE), price=6)
    assert not accept(1)

    assert account().available(DECEMBER) == 6
    assert accept(6, now=DECEMBER)
    assert not accept(1, now=DECEMBER)


def test_what_was_held_in_one_month_is_spent_in_the_one_of_its_call():
    accept(5)
    charge(put(1, hold=5), at=DECEMBER)

    assert (account().held, account().spent) == (0, {"2026-12": 5})


@pytest.mark.parametrize(("at", "month"), [(DECEMBER - 11 * DAY, "2026-11"), (1_796_083_200_000, "2026-12")])
def test_months_are_those_of_utc(at, month):
    charge(put(1), at=at)

    assert account().spent == {month: 1}
    assert str(month_of(1_796_083_200_000 - 1)) == "2026-11"


def test_the_first_result_spends_what_was_held_and_further_ones_the_price():
    accept(1)
    called = put(1, hold=1, state=EnrollmentState.ACTIVE)

    assert charge(called)
    assert not charge(called), "it was seen with a hold that is spent"
    assert charge(stored(called))

    assert (account().held, account().spent_in(month_of(NOON))) == (0, 1 + PRICE)


def test_what_is_over_gives_its_hold_back_once_however_often_that_is_told():
    accept(2)
    over, other = put(1), put(2, state=EnrollmentState.ACTIVE)

    assert released(over, over, other) == 1
    assert released(over) == 0
    assert (account().held, stored(over).hold, stored(other).hold) == (1, None, 1)


@pytest.mark.parametrize("state", [*EnrollmentState])
def test_only_what_is_over_gives_back(state):
    accept(1)
    entry = put(1, state=state)
    still = {"active", "held", "paused", "parked", "waiting"}

    assert released(entry) == (0 if state in still else 1)


def test_one_that_goes_on_by_now_keeps_its_hold():
    accept(1)
    over = put(1, state=EnrollmentState.FAILED)
    put(1, state=EnrollmentState.ACTIVE)

    assert released(over) == 0
    assert account().held == 1


def test_one_that_is_gone_gives_back_once():
    accept(2)
    gone = row(TENANT, 1, NOON, hold=2)

    assert [released(gone=[gone]) for _ in range(3)] == [1, 0, 0]
    assert account().held == 0


def test_a_call_that_was_canceled_and_made_all_the_same_is_charged_at_the_price():
    accept(1)
    over = put(1)
    released(over)

    assert charge(stored(over))

    assert (account().held, account().spent_in(month_of(NOON))) == (0, PRICE)


@in_every_order
def test_a_hold_is_given_back_or_spent_and_never_both(order):
    accept(5)
    over = put(1, hold=5)

    freed, charged = interleaved(lambda: released(over), lambda: charge(over), order)

    assert (freed, charged) in {(1, False), (0, True)}
    assert (account().held, account().spent_in(month_of(NOON))) == (0, 5 if charged else 0)


@in_every_order
def test_two_that_hear_of_the_same_ends_at_once_give_back_once(order):
    accept(10)
    over = [put(contact) for contact in range(1, 6)]

    both = interleaved(lambda: released(*over), lambda: released(*reversed(over)), order)

    assert sum(both) == 5
    assert account().held == 5


def test_many_are_given_back_99_a_transaction_and_one_that_refuses_keeps_nobody_else():
    accept(250)
    over = [put(contact) for contact in range(1, 251)]
    charge(over[100])

    with fault(0, after=False) as counted:
        assert released(*over) == 249

    assert counted.calls == ["TransactWriteItems"] * 4  # one of the three once more, without the one
    assert account().held == 0


@MODES
def test_what_dies_anywhere_is_given_back_when_it_is_told_again(after):
    accept(600)
    over = [put(contact) for contact in range(1, 151)]
    with fault(0, after=False) as counted:
        released(*over)
    assert len(counted.calls) == 2
    for k in range(1, len(counted.calls) + 1):
        over = [put(contact) for contact in range(1, 151)]
        before = account().held
        with fault(k, after=after), pytest.raises(Crash):
            released(*over)

        released(*over)

        assert account().held == before - 150, k


@pytest.mark.parametrize("sdk_asks_again", [True, False])
def test_an_answer_that_gets_lost_gives_nothing_back_twice(aws, sdk_asks_again):
    accept(5)
    over = put(1, hold=5)
    with answer_lost(aws, 1, sdk_asks_again=sdk_asks_again), suppress(ReadTimeoutError):
        released(over)
    released(over)

    assert account().held == 0


@pytest.mark.parametrize("at", [1, 2])
def test_allocating_less_while_somebody_accepts_is_looked_at_again(at):
    allocate(10)

    with meanwhile(at, lambda: allocate(5)):
        accepted = accept(6)

    assert not accepted
    assert account().held == 0


@pytest.mark.parametrize("seed", range(10))
def test_whatever_happens_in_whatever_order_the_sums_agree(seed):
    rng, now = Random(seed), NOON  # noqa: S311 - chance that can be repeated, no secret
    allocate(40)
    there, charged, contact = {}, 0, 0
    for _ in range(60):
        now += rng.randrange(DAY)
        what = rng.choice(["accept", "accept", "call", "end", "remove", "tell", "crash"])
        if what == "accept":
            needed = rng.randrange(1, 12)
            before = account()
            fits = needed <= before.available(now)
            assert accept(needed, now) == fits
            if fits:
                contact += 1
                there[contact] = put(contact, hold=needed, state=EnrollmentState.ACTIVE)
        elif there:
            chosen = rng.choice(sorted(there))
            entry = stored(there[chosen])
            if what == "call":
                charged += charge_of(entry, PRICE).credits
                assert charge(entry, now)
            elif what == "end":
                there[chosen] = replace(entry, state=EnrollmentState.FINISHED)
                bootstrap.table().put(enrollment_item(there[chosen]))
            elif what == "remove":
                bootstrap.enrollments().remove([entry], programs={})
                del there[chosen]
                released(gone=[entry])
                released(gone=[entry])
            elif what == "tell":
                released(*map(stored, there.values()))
            else:
                with fault(1, after=rng.random() < 0.5), suppress(Crash):
                    released(entry)
        held = sum(stored(entry).hold or 0 for entry in there.values())
        assert (account().held, sum(account().spent.values())) == (held, charged), what
