"""Batches in memory: the engine on the table and the queue, with an action whose effect can be counted."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from drumbeat import bootstrap, bootstrap_accounts, bootstrap_calls
from drumbeat.adapters.dynamodb.statements import Statements
from drumbeat.adapters.dynamodb.table import Table
from drumbeat.application.batch_actions import Action, Page
from drumbeat.application.batch_bury import bury_batch_work
from drumbeat.application.batch_ports import BatchRunPorts
from drumbeat.application.batch_sweep import Swept, sweep_batches
from drumbeat.application.batch_work import WorkPorts, continue_batch_work
from drumbeat.application.batches import Order, batch_items, cancel_batch, confirm_batch, get_batch, start_batch
from drumbeat.domain.batch import NO_SUCH_TARGET, Batch, Chunk, Item, ItemState, Outcome, TargetKind
from drumbeat.domain.condition import matches
from drumbeat.entrypoints.queue import attempted
from tests import batch_queue
from tests.faults import Crash, fault

START = 1_795_251_600_000
TENANT = 1
MARK = "test.mark"
MARK_IN_ORDER = "test.mark_in_order"
NO_SEVENS = Outcome("NO_SEVENS", "Every seventh is refused.")
MARKED_BEFORE = Outcome("MARKED_BEFORE", "Another batch was faster.")


@dataclass
class Marking:
    """Marks each target once: a real effect, one item each. Every seventh is refused; `poisoned` ones raise."""

    table: Table
    poisoned: set[int] = field(default_factory=set)
    ran: list[tuple[int, ...]] = field(default_factory=list)
    meanwhile: Callable[[], object] = lambda: None

    def run(self, batch: Batch, targets: Sequence[int], now: int) -> list[Outcome]:
        self.ran.append(tuple(targets))
        self.meanwhile()
        if self.poisoned & set(targets):
            raise RuntimeError("poisoned")
        wanted = [target for target in targets if target % 7]
        keys = [(f"T#{batch.tenant}#MARK", f"{target}") for target in wanted]
        items = [{"PK": pk, "SK": sk, "tag": batch.tag, "at": now} for pk, sk in keys]
        taken = Statements(self.table).insert(items)
        there = self.table.get_many([keys[place] for place in taken])
        others = {wanted[place] for place in taken if there[keys[place]]["tag"] != batch.tag}
        return [NO_SEVENS if not t % 7 else MARKED_BEFORE if t in others else Outcome() for t in targets]


@dataclass
class Numbered:
    """Contacts 1 to `count`; the even ones are grey."""

    count: int

    def look(self, batch: Batch, numbers: Sequence[int]) -> Mapping[int, bool]:
        return {number: self._meets(batch, number) for number in numbers if 1 <= number <= self.count}

    def pages(self, batch: Batch, *, after: int) -> Iterator[Page]:
        while after < self.count:
            upto = min((after + 1) // 256 * 256 + 255, self.count)
            yield Page([number for number in range(after + 1, upto + 1) if self._meets(batch, number)], upto)
            after = upto

    def _meets(self, batch: Batch, number: int) -> bool:
        return matches({"number": number, "grey": number % 2 == 0}, batch.target.conditions)


class BatchStage:
    """One tenant's batches. Messages are handled when a method says so."""

    def __init__(self, count: int = 250, *, tenant: int = TENANT) -> None:
        self.now, self.tenant = START, tenant
        self.marking = Marking(bootstrap.table())
        self.pool = Numbered(count)
        run = BatchRunPorts(
            bootstrap.batches(),
            bootstrap.batch_queue(),
            {MARK: Action(self.marking.run), MARK_IN_ORDER: Action(self.marking.run, ordered=True)},
            {TargetKind.CONTACTS: self.pool},
        )
        self.ports = WorkPorts(
            run,
            bootstrap.delete_ports(),
            bootstrap.schedule_ports(),
            bootstrap_calls.cancel_ports(),
            bootstrap_accounts.suppress_ports(),
        )

    # --- what callers do ---

    def start(self, action: str = MARK, *, intent: str | None = None, unconfirmed: bool = False, **order: Any) -> Batch:
        wanted = Order(action, TargetKind.CONTACTS, **{"skip_confirmation": True} | order)
        return start_batch(
            bootstrap.batch_ports(),
            tenant=self.tenant,
            order=wanted,
            all_unconfirmed=unconfirmed,
            intent=intent,
            now=self.now,
        )

    def confirm(self, number: int, count: int | None = None) -> Batch:
        return confirm_batch(bootstrap.batch_ports(), tenant=self.tenant, number=number, count=count, now=self.now)

    def cancel(self, number: int) -> Batch:
        return cancel_batch(bootstrap.batch_ports(), tenant=self.tenant, number=number, now=self.now)

    def batch(self, number: int) -> Batch:
        return get_batch(bootstrap.batches(), tenant=self.tenant, number=number)

    def items(self, number: int) -> list[Item]:
        return list(batch_items(bootstrap.batches(), self.batch(number)))

    def chunks(self, number: int) -> list[Chunk]:
        return list(bootstrap.batches().chunks(self.batch(number)))

    def marks(self) -> dict[int, str]:
        """Who is marked, and by which batch's tag."""
        return {int(item["SK"]): item["tag"] for item in bootstrap.table().items(f"T#{self.tenant}#MARK")}

    # --- what the stack does ---

    def waiting(self) -> list[dict[str, Any]]:
        """Takes every message off the queue, oldest first."""
        return batch_queue.waiting()

    def handle(self, message: Mapping[str, Any], *, out_of_time: Callable[[], bool] = lambda: False) -> None:
        continue_batch_work(self.ports, message, out_of_time=out_of_time, now=self.now)

    def bury(self, message: Mapping[str, Any]) -> None:
        bury_batch_work(self.ports, message, attempt=attempted, out_of_time=lambda: False, now=self.now)

    def sweep(self) -> Swept:
        return sweep_batches(self.ports.batch.batches, self.ports.batch.queue, out_of_time=lambda: False, now=self.now)

    def run_until_it_dies(self, k: int, *, after: bool) -> list[dict[str, Any]]:
        """Handles messages; at the k-th call to AWS the worker dies. The messages that come again."""
        with fault(k, after=after) as injected:
            try:
                while messages := self.waiting():
                    while messages:
                        self.handle(messages[0])
                        messages.pop(0)
            except Crash:
                return messages
        assert not injected.dead
        return []

    def run(self) -> None:
        """Handles messages until there are none."""
        while messages := self.waiting():
            for message in messages:
                self.handle(message)


def recount(items: Sequence[Item]) -> dict[str, int]:
    """What a batch's counters have to be, seen from its items."""
    settled = [item for item in items if item.state in {ItemState.FINISHED, ItemState.ERROR}]
    return {
        "total": len(items),
        "processed": len(settled),
        "failures": sum(item.state is ItemState.ERROR for item in items),
        "canceled": sum(item.state is ItemState.CANCELED for item in items),
    } | {
        item.outcome.code: sum(i.outcome.code == item.outcome.code for i in items)
        for item in items
        if item.outcome.code
    }


def counted(batch: Batch) -> dict[str, int]:
    """A batch's counters."""
    names = ("total", "processed", "failures", "canceled")
    return {name: getattr(batch, name) for name in names} | dict(batch.failures_by_code)


def expected(targets: Sequence[int], *, there: int) -> list[Outcome]:
    """What marking comes to in a store with so many contacts."""
    return [
        Outcome() if 1 <= t <= there and t % 7 else NO_SEVENS if 1 <= t <= there else NO_SUCH_TARGET for t in targets
    ]
