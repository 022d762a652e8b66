"""What use cases that make calls need from the outside world."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from drumbeat.application.batch_ports import Batches
    from drumbeat.application.ports import BatchQueue, LaneWaker, Numbers, Sequences
    from drumbeat.domain.batch import Batch, Chunk
    from drumbeat.domain.call_making import CallRow, CallTerms, Facts, NewCall
    from drumbeat.domain.callee import Callee
    from drumbeat.domain.credits import CreditAccount
    from drumbeat.domain.enrollment import Enrollment
    from drumbeat.domain.ids import EnrollmentKey
    from drumbeat.domain.phone import Phones


class Written(NamedTuple):
    """How many calls were written, in their order, and how many behind them were refused together."""

    done: int
    refused: int = 0


class MadeCall(NamedTuple):
    """An enrollment, whom it calls, and the address of its contact."""

    enrollment: Enrollment
    callee: Callee
    email: str | None


class Calls(Protocol):
    """Makes rows, each once."""

    def get(self, tenant: int, key: EnrollmentKey) -> MadeCall | None:
        """What was made, None if it is gone."""
        ...

    def made_under(self, tenant: int, sequence: int, mark: str, *, now: int) -> EnrollmentKey | None:
        """What a row with this mark became."""
        ...

    def look(self, terms: CallTerms, rows: Sequence[CallRow], *, now: int, closely: bool = False) -> Facts:
        """What is known of the rows, in as few reads as it takes; what has been canceled only if asked `closely`."""
        ...

    def insert(
        self, terms: CallTerms, calls: Sequence[NewCall], *, now: int, account: CreditAccount | None = None
    ) -> Written:
        """Writes calls in their order, as many together as a transaction takes, up to the first that is refused.

        Each is written with everything that is its own, once, and while what was known of it holds. With an `account`
        what they cost is set aside with them. Raises InsufficientCredits, and StoreBusy.
        """
        ...

    def give_up(self, tenant: int, row: CallRow, *, price: int | None, now: int) -> bool:
        """Marks a row as one that is never made, and gives back what was set aside for it. False if it was made."""
        ...


class AcceptedCalls(Protocol):
    """Keeps what was accepted."""

    def number_of(self, tenant: int, intent: str, *, now: int) -> int | None:
        """The number under which this intent made something within a day."""
        ...

    def accept(
        self, batch: Batch, chunks: Sequence[Chunk], account: CreditAccount, *, cost: int, intent: str | None, now: int
    ) -> int | None:
        """Writes a running batch, its chunks and what it sets aside together; returns the number it has.

        That is an earlier attempt's where the intent has made one: nothing is written then. None if others have taken
        of the credits since the account was read. Raises InsufficientCredits.
        """
        ...


class CreditAccounts(Protocol):
    """Knows what is left of a tenant's credits."""

    def account(self, tenant: int) -> CreditAccount:
        """The tenant's credits as they are now."""
        ...


@dataclass(frozen=True, slots=True)
class MakePorts:
    """What making calls touches."""

    calls: Calls
    sequences: Sequences
    lanes: LaneWaker


@dataclass(frozen=True, slots=True)
class TakePorts:
    """What taking rows touches, however many they are."""

    making: MakePorts
    credits: CreditAccounts
    numbers: Numbers
    phones: Phones


@dataclass(frozen=True, slots=True)
class AcceptPorts:
    """What accepting a call of many rows touches."""

    taking: TakePorts
    accepted: AcceptedCalls
    batches: Batches
    queue: BatchQueue
