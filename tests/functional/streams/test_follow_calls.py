"""When a call is over the next of its group is called, or nobody any more: whatever happens to the function."""

from contextlib import suppress
from random import Random

import pytest

from drumbeat import bootstrap
from drumbeat.adapters import aws as clients
from drumbeat.adapters.dynamodb import keys
from drumbeat.adapters.dynamodb.credits import hold_writes
from drumbeat.domain.call_group import AGENT_GONE, CANCELLED, LOOK_AGAIN, REPLIED, SUCCEEDED
from drumbeat.domain.enrollment import EnrollmentState
from drumbeat.domain.lifecycle import SENDER_GONE
from drumbeat.domain.sequence import SequenceStatus
from drumbeat.domain.times import HOUR
from drumbeat.entrypoints import clock
from functions.timers import sweep
from tests.call_chain import SENDER, SEQUENCE, TENANT, CallChain
from tests.faults import Crash, fault
from tests.listening import Wire
from tests.world import Context

ACTIVE, WAITING, FINISHED = EnrollmentState.ACTIVE, EnrollmentState.WAITING, EnrollmentState.FINISHED


@pytest.fixture
def wire(aws) -> Wire:
    return Wire(aws)


@pytest.fixture
def chain(wire, monkeypatch) -> CallChain:
    """Four people in one group: the first is called, the others wait."""
    made = CallChain(bootstrap.table())
    monkeypatch.setattr(clock, "now", lambda: made.now)
    for contact in (1, 2, 3, 4):
        made.join(contact)
    return made


def test_when_a_call_ends_without_success_the_next_is_called(wire, chain):
    chain.change(1, "end")

    assert wire.follow() == []
    assert chain.states() == [FINISHED, ACTIVE, WAITING, WAITING]


@pytest.mark.parametrize("how", ["end", "fail", "bounce", "unsubscribe", "take away"])
def test_however_a_call_ends_without_success_everybody_gets_a_turn(wire, chain, how):
    for contact in (1, 2, 3, 4):
        assert chain.states().index(ACTIVE) == contact - 1
        chain.change(contact, how)
        wire.follow()

    assert chain.group().active is None
    assert chain.join(5) is ACTIVE


def test_who_is_gone_with_its_contact_passes_its_turn_on(wire, chain):
    chain.drop(1)
    wire.follow()

    assert chain.states() == [None, ACTIVE, WAITING, WAITING]


def test_who_is_made_with_the_key_of_a_deleted_one_is_not_taken_for_it(wire, chain):
    """A contact is deleted after its enrollments: a row that is made in between gets the key of one of them again."""
    chain.drop(1)
    chain.join(1)
    wire.follow()

    assert [chain.state(contact) for contact in (1, 2, 3, 4)] == [WAITING, ACTIVE, WAITING, WAITING]


def test_who_is_made_for_another_group_with_the_key_of_a_deleted_one_waits_there(wire, chain):
    chain.drop(2)
    chain.begin_anew("Other")
    chain.join(5)
    chain.join(2)
    chain.change(1, "end")
    wire.follow()

    assert [chain.state(contact) for contact in (5, 2, 3, 4)] == [ACTIVE, WAITING, ACTIVE, WAITING]


def test_who_stands_twice_in_a_group_hears_once_that_it_is_closed(wire, chain):
    chain.drop(3)
    chain.join(3)
    chain.change(1, "succeed")

    assert wire.follow() == []
    assert chain.states() == [FINISHED] * 5


@pytest.mark.parametrize(("how", "because"), [("succeed", SUCCEEDED), ("reply", REPLIED), ("cancel", CANCELLED)])
def test_a_success_a_reply_or_a_cancel_of_who_is_called_closes_the_group(wire, chain, how, because):
    chain.change(1, how)
    wire.follow()

    others = [chain.there(contact) for contact in (2, 3, 4)]
    assert {(other.state, other.finished_at, other.exit_reason) for other in others} == {(FINISHED, chain.now, because)}


@pytest.mark.parametrize("afterwards", ["take away", "drop"])
def test_a_success_closes_the_group_though_its_member_is_taken_away_before_anybody_has_looked(wire, chain, afterwards):
    chain.change(1, "succeed")
    chain.change(1, afterwards) if afterwards != "drop" else chain.drop(1)
    wire.follow()

    assert chain.states()[1:] == [FINISHED] * 3


def test_whoever_comes_after_the_end_begins_a_new_chain_and_whoever_was_accepted_before_is_too_late(wire, chain):
    chain.change(1, "succeed")
    wire.follow()

    assert chain.join(5, accepted_at=chain.now) is FINISHED
    chain.now += 1
    assert chain.join(6) is ACTIVE
    assert chain.there(5).exit_reason == SUCCEEDED


@pytest.mark.parametrize("how", ["pause", "park"])
def test_who_is_paused_or_in_doubt_keeps_its_turn(wire, chain, how):
    chain.change(1, how)
    chain.now += 2 * LOOK_AGAIN
    wire.follow()
    sweep.handler({}, Context(remaining=55_000))

    assert chain.states()[1:] == [WAITING] * 3


@pytest.mark.parametrize("how", ["cancel", "unsubscribe", "take away", "drop"])
def test_who_ends_while_it_waits_is_passed_over_and_closes_nothing(wire, chain, how):
    for contact in (2, 3):
        chain.drop(contact) if how == "drop" else chain.change(contact, how)
    wire.follow()
    assert chain.states()[0] is ACTIVE
    chain.change(1, "end")
    wire.follow()

    assert chain.states()[3] is ACTIVE


def test_a_success_that_comes_late_closes_the_group_and_calls_off_who_is_called_now(wire, chain):
    chain.change(1, "fail")
    wire.follow()
    chain.change(2, "pause")
    chain.change(1, "succeed late")
    wire.follow()

    assert chain.states()[1:] == [FINISHED] * 3
    assert chain.there(2).exit_reason == SUCCEEDED


def test_a_success_that_comes_late_concerns_no_chain_but_its_own(wire, chain):
    chain.change(1, "fail")
    wire.follow()
    chain.change(2, "cancel")
    wire.follow()
    chain.now += 1
    chain.join(5)
    chain.change(1, "succeed late")
    wire.follow()

    assert chain.states()[4] is ACTIVE


def test_records_may_come_twice_late_and_in_any_order(wire, chain):
    told, chance = [], Random(7)  # noqa: S311 - an order, not a secret
    for contact in (1, 2):
        chain.change(contact, "end")
        told += (records := wire.ended())
        wire.follow(records)
    chain.change(3, "end")
    told += wire.ended()
    for _ in range(5):
        chance.shuffle(told)
        wire.follow(told)

    assert chain.states() == [FINISHED] * 3 + [ACTIVE]


def test_a_record_of_something_else_costs_nothing_and_one_that_is_no_news_one_request(wire, chain):
    chain.change(2, "cancel")
    records = wire.ended()
    clients.ledger.clear()
    wire.follow(records)

    assert dict(clients.ledger.requests) == {"dynamodb.GetItem": 1, "dynamodb.BatchGetItem": 1}
    chain.change(1, "pause")
    assert wire.ended() == []


def test_the_next_one_costs_eight_requests(wire, chain):
    chain.change(1, "end")
    records = wire.ended()
    clients.ledger.clear()
    wire.follow(records)

    assert clients.ledger.datastore_requests() == 8, dict(clients.ledger.requests)


def test_a_thousand_who_wait_hear_of_the_end(wire, chain):
    for contact in range(5, 205):
        chain.join(contact)
    chain.change(1, "succeed")
    wire.follow()

    assert set(chain.states()) == {FINISHED}
    assert bootstrap.call_groups().up(chain.now + 10 * LOOK_AGAIN) == []


def test_whoever_follows_many_that_ended_while_they_waited_is_called(wire, chain):
    for contact in range(5, 205):
        chain.join(contact)
    for contact in range(2, 204):
        chain.change(contact, "cancel")
    chain.change(1, "end")
    wire.follow()

    assert chain.states()[-1] is ACTIVE


def test_a_turn_that_comes_wakes_the_lane_and_is_due_at_once(wire, chain):
    chain.now += HOUR
    bootstrap.table().delete(keys.lane(TENANT, SENDER))
    chain.change(1, "end")
    wire.follow()

    assert chain.there(2).due == chain.now
    assert [name.sender for name in bootstrap.lanes().awake(chain.now)] == [SENDER]


def test_a_turn_comes_while_the_agent_is_paused_and_is_called_when_it_goes_on(wire, chain):
    agent = bootstrap.sequences().get(TENANT, SEQUENCE)
    bootstrap.sequences().change_status(agent, allowed=[SequenceStatus.ACTIVE], to=SequenceStatus.PAUSED, now=chain.now)
    chain.change(1, "end")
    wire.follow()

    assert chain.states()[1] is ACTIVE


def test_who_is_bound_to_a_sender_that_is_gone_is_paused_when_its_turn_comes(wire, chain):
    bootstrap.table().delete(keys.sender(TENANT, SENDER))
    chain.change(1, "end")
    wire.follow()

    second = chain.there(2)
    assert (second.state, second.paused_reason) == (EnrollmentState.PAUSED, SENDER_GONE)


def test_where_the_agent_is_gone_nobody_waits_for_ever(wire, chain):
    partition, sort = keys.sequence(TENANT, SEQUENCE)
    bootstrap.table().delete((partition, sort))
    chain.change(1, "end")
    wire.follow()

    assert [chain.there(contact).exit_reason for contact in (2, 3, 4)] == [AGENT_GONE] * 3


def test_what_no_record_told_the_sweep_finds(wire, chain):
    chain.change(1, "end")
    wire.ended()
    chain.now += LOOK_AGAIN

    swept = sweep.handler({}, Context(remaining=55_000))

    assert (swept["groups"], swept["standing_groups"]) == (1, 1)
    assert chain.states() == [FINISHED, ACTIVE, WAITING, WAITING]


def test_a_group_that_waits_rightly_is_looked_at_every_six_hours(chain):
    chain.now += LOOK_AGAIN
    first = sweep.handler({}, Context(remaining=55_000))
    clients.ledger.clear()
    second = sweep.handler({}, Context(remaining=55_000))

    assert (first["groups"], first["standing_groups"], second["groups"]) == (1, 0, 0)
    assert dict(clients.ledger.requests) == {"dynamodb.Query": 2}


def test_a_sweep_without_time_looks_at_no_group(chain):
    chain.now += LOOK_AGAIN

    assert sweep.handler({}, Context(remaining=1_000))["groups"] == 0


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("how", ["end", "succeed", "succeed late"])
def test_a_function_that_dies_at_any_request_is_made_up_for_when_the_record_comes_again(wire, chain, how, after):
    for place in range(1, 60):
        chain.begin_anew(f"group {place}")
        first, *others = (chain.join_new() for _ in range(3))
        if how == "succeed late":
            chain.change(first, "fail")
            wire.follow()
        chain.change(first, how)
        records = wire.ended()
        with fault(place, after=after) as injected, suppress(Crash):
            wire.follow(records)
        wire.follow(records)
        wire.follow()
        expected = [ACTIVE, WAITING] if how == "end" else [FINISHED, FINISHED]
        assert [chain.there(contact).state for contact in others] == expected, place
        if not injected.dead:
            return
    pytest.fail("it never came to its end")


@pytest.mark.parametrize("how", ["cancel", "take away", "drop"])
def test_what_was_set_aside_for_a_call_that_never_came_is_given_back_once(wire, chain, how):
    account = bootstrap.credit_ledger().account(TENANT)
    table = bootstrap.table()
    table.transact(hold_writes(table, account, 3, chain.now))
    table.update(
        keys.enrollment(TENANT, chain.there(2).key), "SET #hold = :hold", names={"#hold": "hold"}, values={":hold": 3}
    )
    assert bootstrap.credit_ledger().account(TENANT).held == 3

    chain.drop(2) if how == "drop" else chain.change(2, how)
    records = wire.ended()
    for _ in range(2):
        wire.follow(records)

    assert bootstrap.credit_ledger().account(TENANT).held == 0


def test_what_was_set_aside_is_given_back_once_though_its_enrollment_is_canceled_and_taken_away_at_once(wire, chain):
    table = bootstrap.table()
    table.transact(hold_writes(table, bootstrap.credit_ledger().account(TENANT), 3, chain.now))
    table.update(
        keys.enrollment(TENANT, chain.there(2).key), "SET #hold = :hold", names={"#hold": "hold"}, values={":hold": 3}
    )

    chain.change(2, "cancel")
    chain.change(2, "take away")
    for _ in range(2):
        wire.follow()

    assert bootstrap.credit_ledger().account(TENANT).held == 0


def test_a_success_that_comes_late_is_heard_though_who_is_called_now_has_gone_at_the_same_time(wire, chain):
    chain.change(1, "fail")
    wire.follow()
    chain.drop(2)
    chain.change(1, "succeed late")
    wire.follow()

    assert chain.states()[2:] == [FINISHED] * 2
