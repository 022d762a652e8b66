"""Making accepted rows: in their order, many at a time, and one by one where something has come between."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from drumbeat.domain.call_making import CallRow, CallTerms, Facts, NewCall, new_call
from drumbeat.domain.errors import StoreBusy

if TYPE_CHECKING:
    from drumbeat.application.call_ports import CreditAccounts, MakePorts
    from drumbeat.domain.ids import EnrollmentKey

_TRIES = 5


def begin_calls(
    ports: MakePorts, *, tenant: int, number: int, accepted_at: int, price: int | None, now: int
) -> CallTerms:
    """What holds for rows that are about to be made; whoever looks sees from now on that they come.

    They are bound to the agent's mailbox, and to its dialler where there is none, or none any more.
    """
    agent = ports.sequences.get(tenant, number)
    if agent is None or agent.agent is None:
        return CallTerms(tenant, number, None, None, accepted_at, price)
    mailbox = agent.agent.sender
    is_there = mailbox is not None and ports.sequences.sender(tenant, mailbox) is not None
    sender = mailbox if is_there else agent.connector
    if sender is not None:
        ports.sequences.add_mailbox(agent, sender)
        ports.lanes.wake(tenant, [sender], now, serves=number)
    return CallTerms(tenant, number, agent, sender, accepted_at, price)


def make_calls(
    ports: MakePorts, terms: CallTerms, rows: Sequence[CallRow], now: int
) -> dict[int, EnrollmentKey | None]:
    """The enrollment of every row, by its index: made now, or by an earlier attempt; None if that has given it up.

    Raises StoreBusy.
    """
    made: dict[int, EnrollmentKey | None] = {}
    rest = list(rows)
    while rest:
        facts = ports.calls.look(terms, rest, now=now)
        made |= facts.made
        calls = _calls(terms, [row for row in rest if row.index not in facts.made], facts, now)
        written = ports.calls.insert(terms, calls, now=now)
        made |= {call.row.index: call.enrollment.key for call in calls[: written.done]}
        for call in calls[written.done : written.done + written.refused]:
            alone = make_alone(ports, terms, call.row, now)
            made[call.row.index] = alone.enrollment.key if isinstance(alone, NewCall) else alone
        rest = [row for row in rest if row.index not in made]
    return made


def _calls(terms: CallTerms, rows: Sequence[CallRow], facts: Facts, now: int) -> list[NewCall]:
    """What rows become that are made one after the other."""
    calls = []
    for row in rows:
        call = new_call(terms, row, facts, now)
        facts.note(call)
        calls.append(call)
    return calls


def make_alone(
    ports: MakePorts, terms: CallTerms, row: CallRow, now: int, *, credits: CreditAccounts | None = None
) -> NewCall | EnrollmentKey | None:
    """Makes a row by itself: looks at it closely, as often as somebody else is faster.

    Returns the key of what an earlier attempt made instead, None if that has given it up. With `credits` what it costs
    is set aside with it. Raises InsufficientCredits, and StoreBusy.
    """
    for _ in range(_TRIES):
        facts = ports.calls.look(terms, [row], now=now, closely=True)
        if row.index in facts.made:
            return facts.made[row.index]
        call = new_call(terms, row, facts, now)
        account = None if credits is None else credits.account(terms.tenant)
        if ports.calls.insert(terms, [call], now=now, account=account).done:
            return call
    raise StoreBusy("Others keep changing what this call is about. Try again.")
