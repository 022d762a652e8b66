"""Scheduling a single call: taken and made at once, by what holds for rows of many."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from drumbeat.application.accept_calls import price_of
from drumbeat.application.agents import agent_within
from drumbeat.application.call_checks import Rules, callable_agent, read_for
from drumbeat.application.call_ports import MadeCall, TakePorts
from drumbeat.application.make_calls import begin_calls, make_alone
from drumbeat.domain.call_making import CallRow, CallTerms, NewCall, Once
from drumbeat.domain.credits import check_covers
from drumbeat.domain.errors import NotFound, ValidationFailed
from drumbeat.domain.ids import EnrollmentKey, Kind
from drumbeat.domain.times import DAY

if TYPE_CHECKING:
    from drumbeat.domain.sequence import Sequence as Cadence


@dataclass(frozen=True, slots=True)
class ScheduledCall:
    """An agent's call, and whom it calls."""

    agent: Cadence
    made: MadeCall


def schedule_call(
    ports: TakePorts,
    *,
    tenant: int,
    agent_number: int,
    rows: Sequence[Any],
    rules: Rules,
    intent: str | None,
    owner: str,
    now: int,
) -> ScheduledCall:
    """Makes the only one of `rows`, once for each intent; without one `owner` tells this attempt from all others.

    What an earlier attempt with the same intent made is the answer, whatever the row is now. Raises, in this order:
    NotFound, AgentMisconfigured, ValidationFailed, InsufficientCredits, and nothing is written then; and StoreBusy.
    """
    before = None if intent is None else _made_before(ports, tenant, agent_number, intent, now)
    if before is not None:
        return ScheduledCall(agent_within(ports.making.sequences, tenant, agent_number), before)
    agent = callable_agent(ports.making.sequences, tenant=tenant, number=agent_number)
    read = read_for(ports.phones, agent, rows, rules, now)
    for rejected in read.rejected:
        raise ValidationFailed(rejected.text)
    (accepted,) = read.accepted
    price = price_of(agent)
    check_covers(ports.credits.account(tenant), price, now)
    row = CallRow(
        index=0,
        tag=f"s.{intent or owner}",
        number=ports.numbers.take(tenant, Kind.CONTACT),
        callee=accepted.callee,
        email=accepted.email,
        anytime=accepted.anytime,
        once=None if intent is None else Once(intent, DAY),
    )
    terms = begin_calls(ports.making, tenant=tenant, number=agent.number, accepted_at=now, price=price or None, now=now)
    return ScheduledCall(agent, _made(ports, terms, row, now))


def _made_before(ports: TakePorts, tenant: int, agent_number: int, intent: str, now: int) -> MadeCall | None:
    """What an earlier attempt made. Raises NotFound for what is gone since."""
    key = ports.making.calls.made_under(tenant, agent_number, intent, now=now)
    return None if key is None else _there(ports, tenant, key)


def _there(ports: TakePorts, tenant: int, key: EnrollmentKey | None) -> MadeCall:
    made = None if key is None else ports.making.calls.get(tenant, key)
    if made is None:
        raise NotFound("sequence")
    return made


def _made(ports: TakePorts, terms: CallTerms, row: CallRow, now: int) -> MadeCall:
    made = make_alone(ports.making, terms, row, now, credits=ports.credits)
    if isinstance(made, NewCall):
        return MadeCall(made.enrollment, row.callee, row.email)
    return _there(ports, terms.tenant, made)
