"""Seeded bugs of scheduled calls: what rows, groups, cancels, results and credits can get wrong."""

from collections.abc import Mapping
from dataclasses import replace
from itertools import count
from typing import Any
from unittest.mock import patch

from drumbeat.adapters.dynamodb import accepted_calls, keys, new_calls, noted_calls
from drumbeat.adapters.dynamodb import call_groups as stored_groups
from drumbeat.adapters.dynamodb.accepted_calls import AcceptedCallStore
from drumbeat.adapters.dynamodb.credits import CreditStore
from drumbeat.adapters.dynamodb.references import ReferenceStore
from drumbeat.application import (
    accept_calls,
    call_groups,
    call_results,
    cancel_calls,
    check_request,
    follow_calls,
    make_calls,
    schedule_calls,
    sweep,
)
from drumbeat.domain import call_answer, call_making
from drumbeat.domain.call_group import CANCELLED, SUCCEEDED, Place, Turn
from drumbeat.domain.cancellation import CANCELABLE
from drumbeat.domain.credits import Charge
from drumbeat.domain.enrollment import EnrollmentState
from drumbeat.domain.errors import LateAnswer
from drumbeat.domain.request_state import RequestState
from tests.simulation.bugs import Bug, Patch
from tests.simulation.cadence_bugs import CADENCE_BUGS

_ALWAYS = "attribute_exists(PK) OR attribute_not_exists(PK)"


# --- Rows ---


def _new_people_at_every_try() -> list[Patch]:
    """A row that comes again gets another contact."""
    right, tries = schedule_calls.row_of, count(1)

    def wrong(batch: Any, index: int, argument: Any) -> Any:
        return replace(right(batch, index, argument), number=1_000 * next(tries) + index, once=None)

    return [patch.object(schedule_calls, "row_of", wrong)]


def _refused_is_made() -> list[Patch]:
    """Rows whose transaction was refused count as made."""
    return [patch.object(make_calls, "make_alone", lambda _ports, terms, row, _now: _key_of(terms, row))]


def _key_of(terms: Any, row: Any) -> Any:
    return call_making.EnrollmentKey(terms.number, row.number)


def _intents_are_forgotten() -> list[Patch]:
    right = accepted_calls.write_once

    def wrong(*args: Any, intent: Any, **rest: Any) -> Any:
        return right(*args, intent=None, **rest)

    return [
        patch.object(AcceptedCallStore, "number_of", lambda *_, **__: None),
        patch.object(accepted_calls, "write_once", wrong),
    ]


def _everything_passes() -> list[Patch]:
    """A row that was rejected is made all the same."""
    right = accept_calls.rejected_argument

    def wrong(row: Any) -> Any:
        callee = {"name": "?", "phone": "+14155550000", "variables": {}, "zone": "UTC"}
        return {**right(row), "callee": callee}

    return [
        patch.object(accept_calls, "rejected_argument", wrong),
        patch.object(schedule_calls, "problem_of", lambda _: None),
    ]


# --- Groups ---


def _joins(wrong: Any) -> list[Patch]:
    right = call_making.joined
    return [patch.object(call_making, "joined", lambda *args: wrong(right, *args))]


def _everybody_is_called(right: Any, *args: Any) -> Any:
    came = right(*args)
    return came._replace(place=Place.ACTIVE) if came.place is Place.WAITING else came


def _late_ones_begin_anew(right: Any, group: Any, *rest: Any) -> Any:
    return right(replace(group, closed_at=None), *rest)


def _turns(was: Turn, becomes: Turn) -> list[Patch]:
    right = call_groups.turn

    def wrong(active: Any) -> Turn:
        found = right(active)
        return becomes if found is was else found

    return [patch.object(call_groups, "turn", wrong)]


def _closes_but_not(reason: str) -> list[Patch]:
    """Something that ends a chain does not."""
    right = call_groups.end_of_chain

    def end_of_chain(active: Any) -> Any:
        found = right(active)
        return None if found == reason else found

    def turn(active: Any) -> Turn:
        found = right_turn(active)
        return Turn.PASSES_ON if found is Turn.CLOSES and end_of_chain(active) is None else found

    right_turn = call_groups.turn
    return [patch.object(call_groups, "end_of_chain", end_of_chain), patch.object(call_groups, "turn", turn)]


def _nobody_hears_of_the_end() -> list[Patch]:
    right = call_groups._clear

    def wrong(*args: Any) -> Any:
        return call_groups.Step(right(*args).told)

    return [patch.object(call_groups, "_clear", wrong)]


# --- Cancels ---


def _cancels_but_not(state: EnrollmentState) -> list[Patch]:
    return [patch.object(cancel_calls, "CANCELABLE", CANCELABLE - {state})]


def _watermarks_are_overlooked() -> list[Patch]:
    return [
        patch.object(new_calls, "watermark_checks", lambda *_: []),
        patch.object(ReferenceStore, "canceled_since", lambda _self, _tenant, rows, _at: [None] * len(rows)),
    ]


# --- Results ---


def _late_is_refused() -> list[Patch]:
    right = call_results.call_noted

    def wrong(found: Any, *rest: Any) -> Any:
        if found.state is EnrollmentState.PARKED:
            raise LateAnswer("too late")
        return right(found, *rest)

    return [patch.object(call_results, "call_noted", wrong)]


def _late_is_only_noted() -> list[Patch]:
    answerable = call_answer._ANSWERABLE - {EnrollmentState.PARKED}
    return [patch.object(call_answer, "_ANSWERABLE", answerable)]


def _called_for_ever() -> list[Patch]:
    right = call_answer._called_again
    return [patch.object(call_answer, "_called_again", lambda free, *rest: right(replace(free, attempts=0), *rest))]


# --- Credits ---


def _given_back_twice() -> list[Patch]:
    right = CreditStore._taken_off

    def wrong(self: CreditStore, hold: Any, now: int) -> Any:
        write = right(self, hold, now)
        for kind in write.values():
            kind["ConditionExpression"] = _ALWAYS
            for unused in (":credits", ":state"):
                kind.get("ExpressionAttributeValues", {}).pop(unused, None)
            kind.get("ExpressionAttributeNames", {}).pop("#state", None)
            if not kind.get("ExpressionAttributeValues", {"": ""}):
                del kind["ExpressionAttributeValues"]
        return write

    return [patch.object(CreditStore, "_taken_off", wrong)]


def _charges(wrong: Any) -> list[Patch]:
    right = noted_calls.charge_of
    return [patch.object(noted_calls, "charge_of", lambda seen, price: wrong(right(seen, price), price))]


def _held_blindly() -> list[Patch]:
    """Credits are set aside though others have taken them meanwhile."""

    def wrong(table: Any, seen: Any, needed: int, _now: int) -> Any:
        what = {"names": {"#held": "held"}, "values": {":needed": needed}}
        key = keys.credit_account(seen.tenant)
        return [table.update_write(key, "ADD #held :needed", **what)] if needed else []

    return [patch.object(accepted_calls, "hold_writes", wrong), patch.object(new_calls, "hold_writes", wrong)]


_OF_CADENCES = (
    "a silent app is asked again", "silence counts as done", "requests are not announced",
    "no look for stops before a request", "a dead worker's request is made again",
)  # fmt: skip
CALL_BUGS: Mapping[str, Bug] = {
    "a row that comes again gets another contact": _new_people_at_every_try,
    "rows that were refused count as made": _refused_is_made,
    "a repeated call schedules again": _intents_are_forgotten,
    "rejected rows are made": _everything_passes,
    "everybody who comes to a group is called": lambda: _joins(_everybody_is_called),
    "who is made late begins a new chain": lambda: _joins(_late_ones_begin_anew),
    "the next one is called while somebody is": lambda: _turns(Turn.HOLDS, Turn.PASSES_ON),
    "the next one is never called": lambda: _turns(Turn.PASSES_ON, Turn.HOLDS),
    "groups are written whoever was faster": lambda: [patch.object(stored_groups, "_AS_SEEN", "version >= :seen")],
    "a success does not close the group": lambda: _closes_but_not(SUCCEEDED),
    "a cancel does not close the group": lambda: _closes_but_not(CANCELLED),
    "a late success closes nothing": lambda: [patch.object(call_groups, "_has_had_its_turn", lambda *_: False)],
    "who waits does not hear of the end": _nobody_hears_of_the_end,
    "nobody looks after groups that stand still": lambda: [
        patch.object(sweep, "look_at_groups", lambda *_, **__: call_groups.SeenTo(0, 0, 0))
    ],
    "a cancel overlooks who waits": lambda: _cancels_but_not(EnrollmentState.WAITING),
    "a cancel overlooks who is paused": lambda: _cancels_but_not(EnrollmentState.PAUSED),
    "what is made after a cancel is called": _watermarks_are_overlooked,
    "a cancel finds nobody": lambda: [patch.object(new_calls, "reference_writes", lambda *_: [])],
    "the check always says open": lambda: [patch.object(check_request, "request_state", lambda *_: RequestState.OPEN)],
    "a result is noted anew every time": lambda: [patch.object(noted_calls, "ABSENT", _ALWAYS)],
    "late results are refused": _late_is_refused,
    "late results settle nothing": _late_is_only_noted,
    "a success is none": lambda: [patch.object(call_answer, "has_succeeded", lambda *_: False)],
    "a success does not end the rest": lambda: [patch.object(call_answer, "_over", lambda enrollment: enrollment)],
    "somebody who is busy is called for ever": _called_for_ever,
    "holds are never given back": lambda: [patch.object(follow_calls, "release_holds", lambda *_, **__: 0)],
    "holds are given back twice": _given_back_twice,
    "a call costs twice its price": lambda: _charges(lambda right, _: right._replace(credits=2 * right.credits)),
    "the first call leaves its hold": lambda: _charges(lambda _, price: Charge(price, 0)),
    "credits are set aside blindly": _held_blindly,
    "credits are set aside for nobody": lambda: [patch.object(accepted_calls, "hold_writes", lambda *_: [])],
    **{name: CADENCE_BUGS[name] for name in _OF_CADENCES},
}
