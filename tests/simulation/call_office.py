"""The production use cases of scheduled calls, as their functions build them, on a world's table and queue."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from random import Random
from typing import Any, cast

from drumbeat.adapters.dynamodb.accepted_calls import AcceptedCallStore
from drumbeat.adapters.dynamodb.batches import BatchStore
from drumbeat.adapters.dynamodb.call_groups import CallGroupStore
from drumbeat.adapters.dynamodb.credits import CreditStore
from drumbeat.adapters.dynamodb.enrollment_changes import EnrollmentChangeStore
from drumbeat.adapters.dynamodb.new_calls import NewCallStore
from drumbeat.adapters.dynamodb.numbers import Counters
from drumbeat.adapters.dynamodb.references import ReferenceStore
from drumbeat.adapters.dynamodb.stream_records import read_end
from drumbeat.adapters.dynamodb.table import Table
from drumbeat.adapters.phone_numbers import PlannedNumbers
from drumbeat.adapters.sqs import SqsBatchQueue
from drumbeat.application.accept_calls import accept_calls
from drumbeat.application.batch_pools import RowPool
from drumbeat.application.batch_ports import BatchRunPorts
from drumbeat.application.batch_work import WorkPorts, continue_batch_work
from drumbeat.application.call_groups import CallGroupPorts
from drumbeat.application.call_ports import AcceptPorts, MakePorts, TakePorts
from drumbeat.application.cancel_calls import CancelPorts, cancel_calls
from drumbeat.application.follow_calls import FollowPorts, follow_calls
from drumbeat.application.schedule_call import schedule_call
from drumbeat.application.schedule_calls import schedule_actions
from drumbeat.application.sweep import sweep
from drumbeat.domain.agent import Agent
from drumbeat.domain.batch import TargetKind
from drumbeat.domain.row_rules import RowKeys, RowRules
from drumbeat.domain.schedule import Hours
from tests.listening import FOLLOWS, passes_the_filter
from tests.memory.stream import Record
from tests.simulation.call_records import Cancel, Order, Row
from tests.simulation.users import Users


def follows(record: Record) -> bool:
    """Whether the second consumer is told of it."""
    return passes_the_filter(record, FOLLOWS)


_KEYS = RowKeys("name", "phone", "extension", "zone", "scheduled_at", "email")


class CallOffice:
    """Takes orders and cancels, and does what goes on behind them."""

    def __init__(self, table: Table, client: Any, users: Users, rng: Random) -> None:
        self._rng = rng
        queue = SqsBatchQueue(client, "https://queue.invalid/batch")
        batches, changes = BatchStore(table), EnrollmentChangeStore(table)
        making = MakePorts(NewCallStore(table), users.sequences, users.lanes)
        credits_ = CreditStore(table)
        self._taking = TakePorts(making, credits_, Counters(table), PlannedNumbers())
        self._accepting = AcceptPorts(self._taking, AcceptedCallStore(table), batches, queue)
        self._canceling = CancelPorts(ReferenceStore(table), users.enrollments, changes, queue)
        self._groups = CallGroupPorts(CallGroupStore(table), users.enrollments, users.sequences, users.lanes)
        self._following = FollowPorts(self._groups, credits_)
        run = BatchRunPorts(
            batches, queue, schedule_actions(lambda: making, lambda: batches), {TargetKind.ROWS: RowPool()}
        )
        self._work = WorkPorts(run, cast(Any, None), cast(Any, None), self._canceling, cast(Any, None))
        self._batches, self._queue = batches, queue

    def schedule(self, order: Order, now: int) -> None:
        """One try of a scheduling call."""
        common = {
            "tenant": order.tenant,
            "agent_number": order.agent,
            "rows": [_given(row, order.begun_first) for row in order.rows],
            "rules": _rules_of(order),
            "intent": order.intent,
            "now": now,
        }
        if order.is_single:
            schedule_call(self._taking, owner="owner", **common)
        else:
            accept_calls(self._accepting, **common)

    def cancel(self, cancel: Cancel, now: int) -> None:
        """One try of a cancel; now and then it runs out of time, and the rest is left to the queue."""
        cancel_calls(
            self._canceling,
            tenant=cancel.tenant,
            name=cancel.variable,
            value=cancel.value,
            reason=None,
            out_of_time=lambda: self._rng.random() < 0.3,
            now=now,
        )

    def work(self, message: Mapping[str, Any], *, now: int, out_of_time: Callable[[], bool]) -> None:
        """What the batch worker does about a message."""
        continue_batch_work(self._work, message, out_of_time=out_of_time, now=now)

    def follow(self, records: list[Record], *, now: int) -> None:
        """What the second consumer of the stream does about records."""
        follow_calls(self._following, [end for end in map(read_end, records) if end is not None], now=now)

    def sweep(self, *, now: int) -> None:
        """What the sweeper does."""
        sweep(self._batches, self._queue, self._groups, now=now, out_of_time=lambda: False)


def _rules_of(order: Order) -> Callable[..., RowRules]:
    def rules(agent: Agent, hours: Hours | None, *, needs_email: bool) -> RowRules:
        return RowRules(_KEYS, agent, hours, needs_email=needs_email, zone="UTC", group_by=order.group_by)

    return rules


def _given(row: Row, begun: int) -> dict[str, Any]:
    """The row as the customer spells it."""
    when = None
    if row.starts_after is not None:
        when = datetime.fromtimestamp((begun + row.starts_after) / 1000, UTC).isoformat()
    return {"name": "John Doe", "phone": row.phone, "email": row.email, "scheduled_at": when, **row.variables}
