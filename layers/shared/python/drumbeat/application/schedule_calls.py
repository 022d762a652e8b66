"""The background of an accepted call: its rows are made in their order by the batch engine, a hundred at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from drumbeat.application.batch_actions import Action, Actions
from drumbeat.application.batch_rows import arguments_of
from drumbeat.application.call_rows import REJECTED, SCHEDULE, problem_of, row_of
from drumbeat.application.make_calls import begin_calls, make_calls
from drumbeat.domain.batch import WENT_WRONG, Batch, BatchState, Outcome
from drumbeat.domain.call_making import BATCH_CANCELED
from drumbeat.domain.ids import EnrollmentKey, enrollment_uuid

if TYPE_CHECKING:
    from drumbeat.application.batch_ports import Batches
    from drumbeat.application.call_ports import MakePorts


def schedule_actions(ports: Callable[[], MakePorts], batches: Callable[[], Batches]) -> Actions:
    """The batch engine's action: ordered, so that the first row of a call group is the first that is called.

    It goes to the end, so that what was set aside for a row has an owner who gives it back.
    """

    def run(batch: Batch, rows: Sequence[int], now: int) -> Sequence[Outcome]:
        return _Run(ports(), batches()).run(batch, rows, now)

    def give_up(batch: Batch, row: int, now: int) -> Outcome:
        return _Run(ports(), batches()).give_up(batch, row, now)

    return {SCHEDULE: Action(run, ordered=True, to_the_end=True, give_up=give_up)}


@dataclass(frozen=True, slots=True)
class _Run:
    ports: MakePorts
    batches: Batches

    def run(self, batch: Batch, indices: Sequence[int], now: int) -> list[Outcome]:
        """Makes the accepted ones among the rows; the outcome of one that is made names its enrollment.

        A chunk that comes again finds what is made.
        """
        arguments = dict(zip(indices, arguments_of(self.batches, batch, indices), strict=True))
        problems = {index: problem_of(argument) for index, argument in arguments.items()}
        rows = [row_of(batch, index, arguments[index]) for index in indices if problems[index] is None]
        terms = begin_calls(
            self.ports,
            tenant=batch.tenant,
            number=batch.params["sequence"],
            accepted_at=batch.created_at,
            price=batch.params["price"],
            now=now,
        )
        if batch.state is BatchState.CANCELED:
            terms = replace(terms, ended=BATCH_CANCELED)
        made = make_calls(self.ports, terms, rows, now)
        return [
            _outcome(batch, made[index]) if index in made else Outcome(REJECTED, problems[index]) for index in indices
        ]

    def give_up(self, batch: Batch, index: int, now: int) -> Outcome:
        """Gives back what was set aside for a row that can't be made; one that was made can be made again."""
        (argument,) = arguments_of(self.batches, batch, [index])
        if problem_of(argument) is None:
            self.ports.calls.give_up(batch.tenant, row_of(batch, index, argument), price=batch.params["price"], now=now)
        return WENT_WRONG


def _outcome(batch: Batch, key: EnrollmentKey | None) -> Outcome:
    return WENT_WRONG if key is None else Outcome(None, enrollment_uuid(batch.tenant, key))
