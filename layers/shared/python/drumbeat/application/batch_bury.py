"""Work that failed again and again: what can be done of it is done, the rest is failed by name, so that batches end."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from drumbeat.application.batch_messages import RESOLVE, RUN_CHUNK
from drumbeat.application.batch_resolve import resolve_batch
from drumbeat.application.batch_run import run_chunk
from drumbeat.application.batch_work import UnknownMessage, WorkPorts, continue_batch_work
from drumbeat.domain.batch import MESSAGE_VERSION, Batch, BatchState, Outcome

if TYPE_CHECKING:
    from drumbeat.application.batch_actions import Action
    from drumbeat.application.batch_ports import BatchRunPorts
    from drumbeat.application.ports import OutOfTime


class Attempt(Protocol):
    """Does something that may fail: None if it raised what another try would not mend, and that was logged."""

    def __call__[Done](self, work: Callable[[], Done]) -> Done | None: ...


def bury_batch_work(
    ports: WorkPorts, message: Mapping[str, Any], *, attempt: Attempt, out_of_time: OutOfTime, now: int
) -> None:
    """Ends what the message is about.

    Of a chunk, each item is tried alone, and one that still raises is failed with INTERNAL_ERROR. A batch whose targets
    can't be found is FAILED. Anything else is tried once more, and raises what it raises. Raises UnknownMessage.
    """
    match message:
        case {"kind": kind, "v": version} if kind not in {RESOLVE, RUN_CHUNK} or version != MESSAGE_VERSION:
            continue_batch_work(ports, message, out_of_time=out_of_time, now=now)
        case {"tenant": int(tenant), "batch": int(number), "first": int(first)}:
            run_chunk(ports.batch, tenant=tenant, number=number, first=first, now=now, run=_one_by_one(attempt))
        case {"tenant": int(tenant), "batch": int(number)}:
            _bury_search(ports.batch, tenant, number, attempt, out_of_time, now)
        case _:
            raise UnknownMessage(f"cannot bury {message!r}")


def _one_by_one(attempt: Attempt) -> Callable[[Action, Batch, Sequence[int], int], list[Outcome]]:
    def run(action: Action, batch: Batch, targets: Sequence[int], now: int) -> list[Outcome]:
        outcomes = []
        for target in targets:
            done = attempt(lambda target=target: action.run(batch, [target], now))  # type: ignore[misc]
            outcomes.append(done[0] if done else action.give_up(batch, target, now))
        return outcomes

    return run


def _bury_search(
    ports: BatchRunPorts, tenant: int, number: int, attempt: Attempt, out_of_time: OutOfTime, now: int
) -> None:
    def search() -> bool:
        resolve_batch(ports, tenant=tenant, number=number, out_of_time=out_of_time, now=now)
        return True

    if attempt(search):
        return
    batch = ports.batches.get(tenant, number)
    if batch is not None and batch.state is BatchState.RESOLVING:
        ports.batches.move(batch, BatchState.FAILED, now=now)
