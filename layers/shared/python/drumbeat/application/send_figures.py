"""What to count of sends: how they went in numbers, for those who run the stack."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from drumbeat.application.send_step import Outcome, Report
from drumbeat.domain.verdict import Accepted, Asked, Rejected, Unknown


@dataclass(frozen=True, slots=True)
class SendFigures:
    """How many sends went which way, and how late those were that went well.

    What was `sent` was taken over: a mail by a server, a step or a request by the tenant's app. It counts if it could
    not be written down as well; its enrollment is parked later then, and counted as parked.
    """

    lateness: tuple[int, ...]
    parked: int
    refused: int

    @property
    def sent(self) -> int:
        """How many were taken over."""
        return len(self.lateness)

    @classmethod
    def of(cls, reports: Iterable[Report]) -> Self:
        """Counts them."""
        reports = list(reports)
        return cls(
            lateness=tuple(report.lateness or 0 for report in reports if _is_taken(report)),
            parked=sum(_is_parked(report) for report in reports),
            refused=sum(isinstance(report.attempted, Rejected) for report in reports),
        )


def _is_taken(report: Report) -> bool:
    attempted = report.attempted
    return isinstance(attempted, Accepted) or (isinstance(attempted, Asked) and attempted.doubt is None)


def _is_parked(report: Report) -> bool:
    unknown = report.outcome is Outcome.ATTEMPTED and isinstance(report.attempted, Unknown)
    return unknown or report.outcome is Outcome.PARKED
