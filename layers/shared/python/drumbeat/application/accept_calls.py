"""Accepting a call of many rows: everything is checked first, then it is a batch at once or nothing at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from drumbeat.application.batch_messages import chunk_message
from drumbeat.application.batch_rows import cut_rows
from drumbeat.application.batches import get_batch
from drumbeat.application.call_checks import Rows, Rules, callable_agent, read_for
from drumbeat.application.call_progress import Rejected, rejected_rows
from drumbeat.application.call_rows import SCHEDULE, accepted_argument, rejected_argument
from drumbeat.domain.batch import Batch, BatchState, Target, TargetKind
from drumbeat.domain.credits import CreditAccount, check_covers
from drumbeat.domain.errors import NoValidRows, StoreBusy
from drumbeat.domain.ids import Kind

if TYPE_CHECKING:
    from drumbeat.application.call_ports import AcceptPorts
    from drumbeat.domain.sequence import Sequence as Cadence

_TRIES = 5


@dataclass(frozen=True, slots=True)
class Accepted:
    """What came of a call: its batch, and the rows that were not taken."""

    batch: Batch
    rejected: Sequence[Rejected]


def price_of(agent: Cadence) -> int:
    """What each of its calls costs, in credits."""
    return 0 if agent.agent is None else agent.agent.credits_per_call


def accept_calls(
    ports: AcceptPorts,
    *,
    tenant: int,
    agent_number: int,
    rows: Sequence[Any],
    rules: Rules,
    intent: str | None,
    now: int,
) -> Accepted:
    """Takes the rows that are good; they are made in the background, in their order.

    The same intent takes rows once: what an earlier attempt took is the answer, whatever the rows are now. Raises, in
    this order: NotFound, AgentMisconfigured, NoValidRows (`rejected`), InsufficientCredits; nothing is written then.
    """
    taken = None if intent is None else ports.accepted.number_of(tenant, intent, now=now)
    if taken is not None:
        return _begun(ports, _accepted_before(ports, tenant, taken))
    agent = callable_agent(ports.taking.making.sequences, tenant=tenant, number=agent_number)
    read = read_for(ports.taking.phones, agent, rows, rules, now)
    rejected = [Rejected(row.index, row.phone, row.text) for row in read.rejected]
    if not read.accepted:
        raise NoValidRows("Not a single contact can be scheduled.", rejected=rejected)
    account, cost = ports.taking.credits.account(tenant), price_of(agent) * len(read.accepted)
    check_covers(account, cost, now)
    batch = _fresh_batch(ports, agent, read, now)
    taken = _taken(ports, batch, read, account, cost, intent, now)
    return _begun(ports, Accepted(batch, rejected) if taken == batch.number else _accepted_before(ports, tenant, taken))


def _begun(ports: AcceptPorts, accepted: Accepted) -> Accepted:
    """Has the batch begin; said again, as the message of an attempt that died may be lost, it does no harm."""
    ports.queue.put(chunk_message(accepted.batch.tenant, accepted.batch.number, 0))
    return accepted


def _fresh_batch(ports: AcceptPorts, agent: Cadence, read: Rows, now: int) -> Batch:
    total = len(read.accepted) + len(read.rejected)
    number = ports.taking.numbers.take(agent.tenant, Kind.BATCH)
    return Batch(
        tenant=agent.tenant,
        number=number,
        action=SCHEDULE,
        params={
            "sequence": agent.number,
            "price": price_of(agent) or None,
            "first_contact": ports.taking.numbers.take(agent.tenant, Kind.CONTACT, total),
            "accepted": len(read.accepted),
        },
        target=Target(TargetKind.ROWS),
        tag=f"b{number}",
        created_at=now,
        updated_at=now,
        state=BatchState.RUNNING,
        stops=False,
        total=total,
        started_at=now,
    )


def _taken(
    ports: AcceptPorts, batch: Batch, read: Rows, account: CreditAccount, cost: int, intent: str | None, now: int
) -> int:
    """The number of the batch that is written, or was by an attempt before. Raises InsufficientCredits."""
    arguments = {row.index: accepted_argument(row) for row in read.accepted}
    arguments |= {row.index: rejected_argument(row) for row in read.rejected}
    chunks = list(cut_rows(0, [arguments[index] for index in range(batch.total)]))
    whole = replace(batch, chunks=len(chunks))
    for _ in range(_TRIES):
        number = ports.accepted.accept(whole, chunks, account, cost=cost, intent=intent, now=now)
        if number is not None:
            return number
        account = ports.taking.credits.account(batch.tenant)
    raise StoreBusy("Others keep spending the credits. Try again.")


def _accepted_before(ports: AcceptPorts, tenant: int, number: int) -> Accepted:
    batch = get_batch(ports.batches, tenant=tenant, number=number)
    return Accepted(batch, list(rejected_rows(ports.batches, batch)))
