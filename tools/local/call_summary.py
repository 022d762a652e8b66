"""What a run of the demo of calls adds up to, and where its numbers contradict each other."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import groupby, pairwise
from typing import Any

SUCCESS = "Goal Completed"


@dataclass(frozen=True)
class Person:
    """Somebody to call: a row of the one bulk call."""

    name: str
    phone: str
    account: str


@dataclass(frozen=True)
class Run:
    """What was asked of the API, and what it said when all was over."""

    people: Sequence[Person]
    answer: Mapping[str, Any]
    contacts: Sequence[Mapping[str, Any]]
    usage: Mapping[str, Any]
    cancelled_account: str
    cancelled_at: int


@dataclass(frozen=True)
class Heard:
    """What the listener was told: results by callId, how many deliveries told nothing new, and what told lies."""

    results: Mapping[str, Mapping[str, Any]]
    repeats: int
    wrong: int


@dataclass(frozen=True)
class Summary:
    """The counts of one run; each is taken where its comment says."""

    contacts: int  # the API's answer: accepted
    rejected: int  # the API's answer: rows with a reason
    groups: int  # the rows that were accepted
    calls: int  # the dialler: calls whose result counted
    retries: int  # the dialler: calls to somebody who was called before
    called: int  # the dialler: people it called
    succeeded: int  # the dialler: groups with a call that reached the goal
    skipped: int  # the API: contacts that ended as cancelled
    webhooks: int  # the listener: results, told apart by callId
    redelivered: int  # the listener: deliveries that told nothing new
    credits: int  # the API: spent
    held: int  # the API: credits still set aside
    open: int  # the API: contacts that are not over
    duplicates: int  # the dialler and the listener: what must not be, see `_faults`


def summarize(run: Run, acts: Sequence[Mapping[str, Any]], heard: Heard) -> Summary:
    """`acts` as the dialler logged them."""
    calls = [act for act in acts if act.get("did") == "call" and act.get("changed")]
    accounts = {person.phone: person.account for person in run.people}
    states = [str(contact.get("lifecycleStatus")) for contact in run.contacts if contact["status"] == "scheduled"]
    organization = run.usage["organization"]
    return Summary(
        contacts=run.answer["accepted"],
        rejected=len(run.answer["rejected"]),
        groups=len(set(accounts.values())),
        calls=len(calls),
        retries=sum(call["attempt"] > 1 for call in calls),
        called=len({call["phone"] for call in calls}),
        succeeded=len({accounts[call["phone"]] for call in calls if call["result"] == SUCCESS}),
        skipped=states.count("cancelled"),
        webhooks=len(heard.results),
        redelivered=heard.repeats,
        credits=organization["spentCredits"],
        held=organization["heldCredits"],
        open=sum(state not in {"done", "cancelled", "failed"} for state in states),
        duplicates=_faults(run, calls, heard),
    )


def _faults(run: Run, calls: Sequence[Mapping[str, Any]], heard: Heard) -> int:
    """Calls twice under one id, out of turn, after a success or the cancel; results that changed or were forged."""
    accounts = {person.phone: person.account for person in run.people}
    twice = len(calls) - len({call["call"] for call in calls})
    late = [call for call in calls if accounts[call["phone"]] == run.cancelled_account and _is_after(run, call)]
    out_of_turn = sum(_out_of_turn(run, calls, account) for account in set(accounts.values()))
    return twice + len(late) + heard.wrong + out_of_turn


def _is_after(run: Run, call: Mapping[str, Any]) -> bool:
    """Whether the call was made when the answer to the cancel was there."""
    return int(call["began"]) > run.cancelled_at


def _out_of_turn(run: Run, calls: Sequence[Mapping[str, Any]], account: str) -> int:
    """How many calls of a group were not in the order of its rows, or came after the one that reached the goal."""
    row = {person.phone: place for place, person in enumerate(run.people) if person.account == account}
    mine = sorted((call for call in calls if call["phone"] in row), key=lambda call: call["began"])
    turns = [row[phone] for phone, _ in groupby(mine, key=lambda call: call["phone"])]
    ends = [call["result"] for call in mine]
    after = len(ends) - ends.index(SUCCESS) - 1 if SUCCESS in ends else 0
    return after + sum(one >= other for one, other in pairwise(turns))


def disagreements(run: Run, acts: Sequence[Mapping[str, Any]], heard: Heard, summary: Summary) -> list[str]:
    """A sentence for every number that does not agree with another; an empty list when all is well."""
    calls = {act["call"] for act in acts if act.get("did") == "call" and act.get("changed")}
    wanted = {
        "contacts": len(run.people),
        "calls": summary.webhooks,
        "webhooks": len(calls & heard.results.keys()),
        "credits": summary.calls,
        "held": 0,
        "open": 0,
        "duplicates": 0,
        "retries": summary.calls - summary.called,
    }
    found = asdict(summary)
    wrong = [f"{name}: {found[name]}, not {meant}" for name, meant in wanted.items() if found[name] != meant]
    forgotten = summary.contacts - summary.called - summary.skipped
    if forgotten > 0:
        wrong.append(f"{forgotten} contacts were neither called nor cancelled")
    return wrong + [f"{name}: none" for name in ("succeeded", "skipped", "retries", "redelivered") if not found[name]]


def last_line(summary: Summary) -> str:
    """The line that a script reads."""
    return f"DEMO-CALLS {json.dumps(asdict(summary), separators=(',', ':'))}"
