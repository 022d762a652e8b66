"""The background of an accepted call: its rows are made in their order by the batch engine, a hundred at a time."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from drumbeat.application.batch_actions import Action, Actions
from drumbeat.application.batch_ports import Batches
from drumbeat.application.batch_rows import arguments_of
from drumbeat.application.call_ports import MakePorts
from drumbeat.application.call_rows import REJECTED, SCHEDULE, problem_of, row_of
from drumbeat.application.make_calls import begin_calls, make_calls
from drumbeat.domain.batch import Batch, BatchState, Outcome
from drumbeat.domain.call_making import BATCH_CANCELED
from drumbeat.domain.ids import enrollment_uuid


def schedule_actions(ports: Callable[[], MakePorts], batches: Callable[[], Batches]) -> Actions:
    """The batch engine's action: ordered, so that the first row of a call group is the first that is called.

    It goes to the end, so that what was set aside for a row has an owner who gives it back.
    """

    def run(batch: Batch, rows: Sequence[int], now: int) -> list[Outcome]:
        return _Run(ports(), batches()).run(batch, rows, now)

    return {SCHEDULE: Action(run, ordered=True, to_the_end=True)}


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
            Outcome(None, enrollment_uuid(batch.tenant, made[index]))
            if index in made
            else Outcome(REJECTED, problems[index])
            for index in indices
        ]
