"""What becomes of credits between Julian's calls that schedule and cancel, the dialler's results and the stream."""

from collections import Counter
from dataclasses import replace
from itertools import product

import pytest

from drumbeat import bootstrap, bootstrap_calls
from drumbeat.adapters.dynamodb import keys
from drumbeat.adapters.dynamodb.enrollment_items import enrollment_item
from drumbeat.application.call_results import take_call_result
from drumbeat.domain.agent import BUSY
from drumbeat.domain.call_result import CallEnded
from drumbeat.domain.enrollment import Awaits
from drumbeat.domain.token import Asked, connector_token
from drumbeat.entrypoints import call_budget, clock
from tests.functional.julian.calling import Desk, row, rows, worked
from tests.functional.myagentmail.disturbed import interleaved
from tests.listening import Wire
from tests.world import NOON

NOT_WON = CallEnded("Goal Not Completed")


@pytest.fixture(autouse=True)
def noon(aws, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOON)


def allocate(desk, credits):
    assert desk.caller("set_credits", {"allocatedCredits": credits}, group="drumbeat").status == 200
    call_budget.budget.forget()


def organization(desk):
    told = desk.call("get_credits_usage").body["organization"]
    return told["spentCredits"], told["heldCredits"]


def asked(desk, *, times=1):
    """The worker has asked the dialler about everybody; returns the tokens of the requests."""
    tokens = []
    for seen in desk.made():
        waits = replace(seen, awaits=Awaits.STEP, asked=times)
        bootstrap.table().put(enrollment_item(waits))
        request = Asked(desk.tenant, seen.key, seen.step, seen.epoch, times)
        tokens.append(connector_token(bootstrap.token_keys(), request))
    return tokens


def told(token, ended=NOT_WON):
    return take_call_result(bootstrap_calls.call_result_ports(), token, ended, now=NOON)


def test_two_calls_at_once_are_not_both_accepted_where_credits_cover_one():
    desk = Desk(price=2)
    for turn, order in enumerate(product([True, False], repeat=6), 1):
        allocate(desk, 6 * turn + 2)  # room for three rows more, and a little

        answers = interleaved(lambda: desk.schedule(rows(3)), lambda: desk.schedule(rows(3)), order)

        assert Counter(answer.status for answer in answers) == {202: 1, 402: 1}, order
        (refused,) = [answer.body for answer in answers if answer.status == 402]
        assert (refused["error"], refused["needed"], refused["available"]) == ("INSUFFICIENT_CREDITS", 6, 2)
        assert desk.held() == 6 * turn, order


def test_a_call_of_one_and_a_call_of_many_at_once_never_hold_more_than_there_is():
    desk = Desk(price=2)
    for turn, order in enumerate(product([True, False], repeat=6), 1):
        held = desk.held()
        allocate(desk, held + 4)

        answers = interleaved(
            lambda: desk.schedule(rows(2)), lambda turn=turn: desk.schedule_one(row(100 + turn)), order
        )

        assert sorted(answer.status for answer in answers) in ([200, 402], [202, 402]), order
        assert desk.held() - held == (4 if answers[0].status == 202 else 2), order


def test_results_spend_what_was_held_and_what_is_called_again_the_price_of_that_day(aws):
    desk, wire = Desk(price=2), Wire(aws)
    desk.schedule(rows(3))
    worked()
    assert organization(desk) == (0, 6)

    first, second, third = asked(desk)
    assert [told(first), told(first), told(second)] == [True, False, True]
    assert organization(desk) == (4, 2)
    desk.change(agent=replace(desk.cadence.agent, credits_per_call=5, retries={}))
    assert told(third, CallEnded(BUSY))
    (*_, again) = asked(desk, times=2)
    assert told(again)
    wire.follow()

    assert organization(desk) == (11, 0)
    (agent,) = desk.call("get_credits_usage").body["agents"]
    assert (agent["agentId"], agent["spentCredits"], agent["transactionCount"]) == (desk.agent, 11, 4)


def test_a_call_canceled_under_way_gives_its_hold_back_and_costs_the_price_when_it_was_made(aws):
    desk, wire = Desk(price=2), Wire(aws)
    desk.schedule(rows(1, account_id="acme"))
    worked()
    (token,) = asked(desk)

    desk.call("cancel_sequences", {"referenceKey": "account_id", "referenceValue": "acme"})
    wire.follow()
    assert organization(desk) == (0, 0)

    assert told(token)
    assert wire.follow() == []
    assert organization(desk) == (2, 0)


def test_a_result_and_the_stream_that_come_at_the_same_moment_settle_a_hold_once(aws):
    desk, wire = Desk(price=2), Wire(aws)
    spent = 0
    for turn, order in enumerate(product([True, False], repeat=5)):
        desk.schedule_one(row(turn, account_id=f"a{turn}"))
        token = asked(desk)[-1]
        desk.call("cancel_sequences", {"referenceKey": "account_id", "referenceValue": f"a{turn}"})
        records = wire.ended()

        interleaved(lambda token=token: told(token), lambda records=records: wire.follow(records), order)
        spent += 2

        assert organization(desk) == (spent, 0), order
        table = bootstrap.table()
        for made in desk.made():
            table.delete(keys.enrollment(desk.tenant, made.key))
        wire.ended()
