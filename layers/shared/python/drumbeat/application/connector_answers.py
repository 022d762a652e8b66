"""Answers of tenants' apps: a token says which request of ours they are about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from drumbeat.application.sequences import wake_senders
from drumbeat.domain.connector_answer import Answer, answered
from drumbeat.domain.draft import Draft
from drumbeat.domain.enrollment import Enrollment, EnrollmentState
from drumbeat.domain.errors import NotFound, StoreBusy
from drumbeat.domain.token import answered_by

if TYPE_CHECKING:
    from drumbeat.application.ports import Enrollments, LaneWaker, Sequences
    from drumbeat.domain.sealing import TokenKeys

_TRIES = 5


class Answers(Protocol):
    """Writes what answers make of enrollments."""

    def take(self, seen: Enrollment, told: Enrollment, draft: Draft | None, now: int) -> bool:
        """Writes what `told` has changed, and the draft with it, if the enrollment still is as `seen`; False if not."""
        ...


@dataclass(frozen=True, slots=True)
class AnswerPorts:
    """What an answer touches."""

    enrollments: Enrollments
    sequences: Sequences
    answers: Answers
    lanes: LaneWaker
    keys: TokenKeys


def take_answer(ports: AnswerPorts, token: str, answer: Answer, *, now: int) -> bool:
    """Notes an answer; False if it changes nothing because it has been given before.

    Raises NotFound for a token that is not ours and for an enrollment that is gone, LateAnswer for a request that is
    no longer open, ValidationFailed for a draft that cannot be sent.
    """
    request = answered_by(ports.keys, token)
    if request is None:
        raise NotFound("request")
    told: Enrollment | None = None
    for _ in range(_TRIES):
        found = ports.enrollments.get(request.tenant, request.enrollment)
        sequence = ports.sequences.get(request.tenant, request.enrollment.sequence)
        if found is None or sequence is None:
            raise NotFound("request")
        if found == told:
            return True  # written before; its acknowledgement got lost
        told = answered(found, request, answer, sequence, now)
        if told == found:
            return False
        if told.state is EnrollmentState.ACTIVE and told.awaits is not found.awaits:
            wake_senders(ports.lanes, ports.sequences, told, sequence, now)
        if ports.answers.take(found, told, answer if isinstance(answer, Draft) else None, now):
            return True
    raise StoreBusy("The enrollment keeps changing. Try again.")
