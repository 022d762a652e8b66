"""A tenant's app asks whether it may still act on a request: a token says which one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from drumbeat.domain.errors import NotFound
from drumbeat.domain.request_state import RequestState, Standing, request_state
from drumbeat.domain.token import answered_by

if TYPE_CHECKING:
    from drumbeat.application.ports import Contacts, Enrollments, Sequences
    from drumbeat.domain.enrollment import Enrollment
    from drumbeat.domain.sealing import TokenKeys


class Cancellations(Protocol):
    """Knows what has been canceled by a variable."""

    def is_canceled(self, enrollment: Enrollment) -> bool:
        """Whether whom it calls is being deleted, or a cancellation concerns them: it may not have been ended yet."""
        ...


@dataclass(frozen=True, slots=True)
class CheckPorts:
    """What a look at a request touches; nothing is written."""

    enrollments: Enrollments
    sequences: Sequences
    contacts: Contacts
    cancellations: Cancellations
    keys: TokenKeys


def check_request(ports: CheckPorts, token: str, *, now: int) -> RequestState:
    """How a request stands. Raises NotFound for a token that is not ours and for an enrollment that is gone."""
    request = answered_by(ports.keys, token)
    if request is None:
        raise NotFound("request")
    found = ports.enrollments.get(request.tenant, request.enrollment)
    sequence = ports.sequences.get(request.tenant, request.enrollment.sequence)
    if found is None or sequence is None:
        raise NotFound("request")
    contact = None if found.contact is None else ports.contacts.get(request.tenant, found.contact)
    is_canceled = found.has_callee and ports.cancellations.is_canceled(found)
    return request_state(request, Standing(found, sequence, contact, is_canceled=is_canceled), now)
