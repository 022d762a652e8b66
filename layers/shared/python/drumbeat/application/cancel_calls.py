"""Canceling by a variable: first what is made from now on, then what is there already, however many that are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import batched
from typing import TYPE_CHECKING, Protocol

from drumbeat.application.enrollment_actions import EnrollmentChanges, change_each
from drumbeat.domain.batch import MESSAGE_VERSION
from drumbeat.domain.cancellation import CANCELABLE, Cancellation, canceled, variable_digest

if TYPE_CHECKING:
    from drumbeat.application.ports import BatchQueue, Enrollments, OutOfTime
    from drumbeat.domain.enrollment import Enrollment
    from drumbeat.domain.ids import EnrollmentKey

CANCEL_CALLS = "cancel_calls"
_TOGETHER = 100


class References(Protocol):
    """Knows who has which variable, and what has been canceled."""

    def cancel(self, tenant: int, digest: str, cancellation: Cancellation) -> None:
        """From now on nothing is made any more that was accepted with this variable up to then; a later one stands."""
        ...

    def cancellation(self, tenant: int, digest: str) -> Cancellation | None:
        """The last cancellation of a variable with a value."""
        ...

    def accepted(
        self, tenant: int, digest: str, *, until: int, after: EnrollmentKey | None
    ) -> Iterator[Sequence[EnrollmentKey]]:
        """The enrollments of what was accepted with this variable up to an instant, in key order behind `after`."""
        ...


@dataclass(frozen=True, slots=True)
class CancelPorts:
    """What canceling touches."""

    references: References
    enrollments: Enrollments
    changes: EnrollmentChanges
    queue: BatchQueue


def cancel_calls(
    ports: CancelPorts,
    *,
    tenant: int,
    name: str,
    value: str,
    reason: str | None,
    out_of_time: OutOfTime,
    now: int,
) -> int:
    """Ends what was accepted up to now with this variable and value, of every agent; returns how many were ended here.

    Nothing to end is no failure. What is accepted, but not made yet, is made as ended. What does not fit the time goes
    to the queue. Raises StoreBusy: called again, it goes on.
    """
    digest = variable_digest(name, value)
    cancellation = Cancellation(now, reason)
    ports.references.cancel(tenant, digest, cancellation)
    return _end(ports, tenant, digest, cancellation, None, out_of_time, now)


def continue_cancel(
    ports: CancelPorts, *, tenant: int, digest: str, after: EnrollmentKey, out_of_time: OutOfTime, now: int
) -> None:
    """Ends what stands behind `after`. Where somebody has canceled the same once more, for that reason."""
    cancellation = ports.references.cancellation(tenant, digest)
    if cancellation is not None:
        _end(ports, tenant, digest, cancellation, after, out_of_time, now)


def _end(
    ports: CancelPorts,
    tenant: int,
    digest: str,
    cancellation: Cancellation,
    after: EnrollmentKey | None,
    out_of_time: OutOfTime,
    now: int,
) -> int:
    def told(seen: Enrollment) -> Enrollment | None:
        return canceled(seen, cancellation, now) if seen.state in CANCELABLE else None

    ended = 0
    for page in ports.references.accepted(tenant, digest, until=cancellation.at, after=after):
        for some in batched(page, _TOGETHER, strict=False):
            found = ports.enrollments.existing(tenant, some)
            ended += change_each(ports.enrollments, ports.changes, found.values(), told)
            if out_of_time():
                ports.queue.put(_message(tenant, digest, some[-1]))
                return ended
    return ended


def _message(tenant: int, digest: str, after: EnrollmentKey) -> dict[str, int | str]:
    return {
        "v": MESSAGE_VERSION,
        "kind": CANCEL_CALLS,
        "tenant": tenant,
        "digest": digest,
        "sequence": after.sequence,
        "contact": after.contact,
        "run": after.run,
    }
