"""Results of calls, as tenants' diallers tell them: each is noted once, with what it costs."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from drumbeat.application.sequences import wake_senders
from drumbeat.domain.call_answer import call_noted
from drumbeat.domain.call_result import CallEnded, NotedCall
from drumbeat.domain.enrollment import Enrollment, EnrollmentState
from drumbeat.domain.errors import NotFound, StoreBusy
from drumbeat.domain.token import Asked, answered_by

if TYPE_CHECKING:
    from drumbeat.application.ports import Enrollments, LaneWaker, Sequences
    from drumbeat.domain.agent import Agent
    from drumbeat.domain.sealing import TokenKeys
    from drumbeat.domain.sequence import Sequence

_TRIES = 5


class Noting(StrEnum):
    """How an attempt to note a result ended."""

    WRITTEN = "written"
    KNOWN = "known"  # this very call's result was there
    CHANGED = "changed"  # the enrollment was no longer as it was seen: nothing was written


class NotedCalls(Protocol):
    """Keeps results of calls."""

    def note(self, seen: Enrollment, told: Enrollment, noted: NotedCall, *, price: int) -> Noting:
        """Writes the result, what `told` has changed and what it costs, together: if the enrollment is as `seen`."""
        ...


@dataclass(frozen=True, slots=True)
class CallResultPorts:
    """What the result of a call touches."""

    enrollments: Enrollments
    sequences: Sequences
    results: NotedCalls
    lanes: LaneWaker
    keys: TokenKeys


def take_call_result(ports: CallResultPorts, token: str, ended: CallEnded, *, now: int) -> bool:
    """Notes the result of a call; False if that changes nothing because it has been noted before.

    It is never too late (`call_noted`). Raises NotFound for a token that is not ours or asks for no call, and for an
    enrollment that is gone.
    """
    request = answered_by(ports.keys, token)
    if request is None:
        raise NotFound("request")
    noted = NotedCall(request.step, request.epoch, request.asked, ended, now)
    for _ in range(_TRIES):
        found, sequence, agent = _about(ports, request)
        told = call_noted(found, request, ended, sequence, now)
        if told == found:
            return False
        if _is_due_elsewhen(found, told):
            wake_senders(ports.lanes, ports.sequences, told, sequence, now)
        match ports.results.note(found, told, noted, price=agent.credits_per_call):
            case Noting.WRITTEN:
                return True
            case Noting.KNOWN:
                return False
    raise StoreBusy("The enrollment keeps changing. Try again.")


def _about(ports: CallResultPorts, request: Asked) -> tuple[Enrollment, Sequence, Agent]:
    found = ports.enrollments.get(request.tenant, request.enrollment)
    sequence = ports.sequences.get(request.tenant, request.enrollment.sequence)
    if found is None or found.is_deleted or sequence is None or sequence.agent is None:
        raise NotFound("request")
    return found, sequence, sequence.agent


def _is_due_elsewhen(found: Enrollment, told: Enrollment) -> bool:
    """Whether it stands somewhere else in its queue now, so that its lane has to look."""
    before, after = ((entry.state, entry.step, entry.due) for entry in (found, told))
    return told.state is EnrollmentState.ACTIVE and before != after
