"""The demo of calls succeeds only if its numbers agree with each other."""

import json
from dataclasses import asdict, replace
from typing import Any

import pytest

from tools.local.call_summary import SUCCESS, Heard, Person, Run, Summary, disagreements, last_line, summarize

# Two groups of two, and one that is cancelled before anybody of it is called.
PEOPLE = [Person(f"P{number}", f"+{number}", f"a{number % 3}") for number in range(6)]
CANCELLED_AT = 5_000
ACTS = [
    {"did": "call", "call": f"c{place}", "phone": phone, "attempt": attempt, "result": result, "began": 1_000 * place,
     "changed": True}
    for place, (phone, attempt, result) in enumerate([
        ("+0", 1, "Busy"), ("+1", 1, SUCCESS), ("+0", 2, "Voicemail"), ("+3", 1, "Goal Not Completed"),
    ])
]  # fmt: skip
STATES = ["done", "done", "cancelled", "done", "cancelled", "cancelled"]
CONTACTS = [{"status": "scheduled", "lifecycleStatus": state} for state in STATES]
RUN = Run(
    PEOPLE,
    {"accepted": 6, "rejected": [{}]},
    [*CONTACTS, {"status": "rejected"}],
    {"organization": {"spentCredits": 4, "heldCredits": 0}},
    "a2",
    CANCELLED_AT,
)
HEARD = Heard({f"c{place}": {} for place in range(4)}, repeats=1, wrong=0)
GOOD = Summary(
    contacts=6, rejected=1, groups=3, calls=4, retries=1, called=3, succeeded=1, skipped=3, webhooks=4, redelivered=1,
    credits=4, held=0, open=0, duplicates=0,
)  # fmt: skip


def summed(acts: list[dict[str, Any]] = ACTS, heard: Heard = HEARD, **changes: Any) -> Summary:
    return summarize(replace(RUN, **changes), acts, heard)


def test_a_good_run_adds_up():
    assert summed() == GOOD
    assert disagreements(RUN, ACTS, HEARD, GOOD) == []


@pytest.mark.parametrize(
    ("name", "by"),
    [
        (name, by)
        for name in ("contacts", "calls", "retries", "webhooks", "credits", "held", "open", "duplicates")
        for by in (-1, 1)
    ],
)
def test_any_other_number_is_told(name, by):
    changed = replace(GOOD, **{name: getattr(GOOD, name) + by})

    assert disagreements(RUN, ACTS, HEARD, changed) != []


@pytest.mark.parametrize("name", ["succeeded", "skipped", "retries", "redelivered"])
def test_a_run_that_shows_nothing_of_something_is_no_good(name):
    assert f"{name}: none" in disagreements(RUN, ACTS, HEARD, replace(GOOD, **{name: 0}))


def test_a_result_of_another_call_is_no_result_of_this_one():
    heard = replace(HEARD, results={"c9": {}} | {call: {} for call in ("c0", "c1", "c2")})

    assert disagreements(RUN, ACTS, heard, summed(heard=heard)) == ["webhooks: 4, not 3"]


@pytest.mark.parametrize(
    "more",
    [
        {"call": "c0", "phone": "+0"},  # the same call twice
        {"phone": "+4"},  # after the group's success
        {"phone": "+2"},  # after the cancel
        {"phone": "+0"},  # whose turn was over
    ],
)
def test_a_call_that_must_not_be_is_told(more):
    extra = {"did": "call", "call": "c4", "attempt": 1, "result": "Busy", "began": 9_000, "changed": True} | more

    assert summed([*ACTS, extra]).duplicates > 0


def test_a_call_of_a_cancelled_group_before_the_cancel_is_none_of_these():
    extra = ACTS[0] | {"call": "c4", "phone": "+2", "began": CANCELLED_AT}

    assert summed([*ACTS, extra]).duplicates == 0


def test_what_came_back_changed_or_unproved_is_told():
    assert summed(heard=replace(HEARD, wrong=1)).duplicates == 1


def test_a_result_that_did_not_count_is_no_call():
    late = ACTS[0] | {"call": "c4", "changed": False}

    assert summed([*ACTS, late, {"did": "nothing", "phone": "+2"}]) == GOOD


def test_who_was_neither_called_nor_cancelled_is_told():
    run = replace(RUN, contacts=[contact | {"lifecycleStatus": "done"} for contact in CONTACTS])

    (sentence, _) = disagreements(run, ACTS, HEARD, summarize(run, ACTS, HEARD))
    assert sentence == "3 contacts were neither called nor cancelled"


def test_the_last_line_is_for_scripts():
    name, _, numbers = last_line(GOOD).partition(" ")

    assert (name, json.loads(numbers)) == ("DEMO-CALLS", asdict(GOOD))
