"""What dispatching and sending need from the outside world."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from drumbeat.domain.enrollment import Enrollment, EnrollmentState

if TYPE_CHECKING:
    from drumbeat.domain.allowance import Allowance, AllowanceName, Draw
    from drumbeat.domain.callee import Callee
    from drumbeat.domain.contact import Contact
    from drumbeat.domain.credits import Month
    from drumbeat.domain.draft import Draft
    from drumbeat.domain.hint import Hint
    from drumbeat.domain.ids import EnrollmentKey
    from drumbeat.domain.lane import Lane
    from drumbeat.domain.mail import Mail
    from drumbeat.domain.mail_signal import MailSignal
    from drumbeat.domain.plan import Bound
    from drumbeat.domain.sequence import Sender, Step
    from drumbeat.domain.sequence import Sequence as Cadence
    from drumbeat.domain.suppression import SuppressionReason
    from drumbeat.domain.verdict import Accepted, Attempted, Retry, Unknown
    from drumbeat.domain.waiting import Waiting

type Clock = Callable[[], int]
type StopCheck = Callable[[], EnrollmentState | None]


class LaneName(NamedTuple):
    """Which lane: every sender has one."""

    tenant: int
    sender: int


@dataclass(frozen=True, slots=True)
class Crew:
    """The lanes of one sequence: those to look at and the others, whose reservations count too.

    `sequence` is None for a lane that belongs to none. `senders` lacks the deleted ones. `served` are the sequences by
    number that the lanes to look at serve. `monthly_limit` is the tenant's, if it has one.
    """

    sequence: Cadence | None
    looked_at: tuple[Lane, ...]
    others: tuple[Lane, ...] = ()
    senders: Mapping[int, Sender] = field(default_factory=dict)
    served: Mapping[int, Cadence] = field(default_factory=dict)
    monthly_limit: int | None = None

    @property
    def capped(self) -> dict[int, Cadence]:
        """The sequences with a daily cap that its lanes to look at send for, by number."""
        home = {} if self.sequence is None else {self.sequence.number: self.sequence}
        every = {**self.served, **home}
        return {number: sequence for number, sequence in every.items() if sequence.daily_cap is not None}


class LaneChange(NamedTuple):
    """A lane as it was seen and as it shall be."""

    seen: Lane
    planned: Lane


class Lanes(Protocol):
    """Keeps the lanes' pace, and shows what waits for them."""

    def awake(self, until: int) -> list[LaneName]: ...
    def crews(self, names: Sequence[LaneName]) -> list[Crew]: ...
    def allowances(self, capped: Sequence[Cadence], now: int) -> Mapping[AllowanceName, Allowance]: ...
    def sends(self, tenants: Iterable[int], month: Month) -> Mapping[int, int]: ...
    def new(self, tenant: int, sequence: int) -> Iterator[Waiting]: ...
    def deferred(self, tenant: int, sequence: int) -> Iterator[Waiting]: ...
    def follow_ups(self, tenant: int, senders: Sequence[int]) -> Iterator[Waiting]: ...
    def bound(self, sequence: Cadence, sender: int) -> Bound: ...
    def enrollments(
        self, wanted: Sequence[tuple[int, EnrollmentKey]]
    ) -> Mapping[tuple[int, EnrollmentKey], Enrollment]: ...
    def store(self, change: LaneChange, draws: Sequence[Draw] = ()) -> bool: ...


class Hints(Protocol):
    """Carries hints to the send workers, none before its instant, each at least once."""

    def put(self, hints: Sequence[Hint], now: int) -> None: ...


@dataclass(frozen=True, slots=True)
class Scene:
    """An enrollment and what it belongs to, read after the claim: a stop committed before it is in here.

    `contact` is whom it mails. The others are there for steps that need them: the tenant's `app`, the `draft` that was
    delivered, the lead's `context`, and the `callee`. One that `is_canceled` is about to be ended by somebody who has
    more than this to end (ADR 38): nothing of it leaves until then.
    """

    enrollment: Enrollment | None
    sequence: Cadence | None
    sender: Sender | None
    contact: Contact | None
    app: Sender | None = None
    draft: Draft | None = None
    context: Mapping[str, Any] = field(default_factory=dict)
    callee: Callee | None = None
    is_canceled: bool = False


class Settlement(NamedTuple):
    """A claimed enrollment, and what it is to become."""

    held: Enrollment
    settled: Enrollment


class Attempts(Protocol):
    """Claims enrollments for an attempt and settles them; every write is conditional: one worker gets through."""

    def claim(self, hints: Sequence[Hint], *, owner: str, now: int, lease: int) -> None: ...
    def scenes(self, hints: Sequence[Hint]) -> list[Scene]: ...
    def stop_signs(self, contacts: Sequence[Contact]) -> dict[tuple[int, int], EnrollmentState]: ...
    def release(self, hints: Sequence[Hint], *, owner: str) -> None: ...
    def announce(self, settlement: Settlement) -> bool: ...
    def settle(self, settlements: Sequence[Settlement]) -> list[bool]: ...
    def park(self, found: Enrollment, parked: Enrollment, now: int) -> bool: ...
    def abandon(self, found: Enrollment, abandoned: Enrollment, now: int) -> bool: ...
    def note_health(self, seen: Sender, sender: Sender) -> None: ...


class Mailer(Protocol):
    """Hands mails to the sender's server."""

    def send(self, sender: Sender, mail: Mail, stop: StopCheck) -> Attempted:
        """Sends one mail; `stop` is asked right before its content goes out. Raises only what `stop` raises."""
        ...


@dataclass(frozen=True, slots=True)
class StepRequest:
    """What the tenant's app is asked for: the draft of a mail, or to do a step itself.

    `enrollment` is as it waits for the answer: `awaits` says which of the two, `asked` which request this is, `due` is
    the deadline. The request of an attempt that came to nothing is made again with the same number. `subject` and
    `text` are the step's, filled in; `context` is what the tenant wants to be told about the lead. `callee` is whom to
    call, for a step that calls.
    """

    enrollment: Enrollment
    sequence: Cadence
    step: Step
    contact: Contact | None
    subject: str | None
    text: str | None
    context: Mapping[str, Any]
    callee: Callee | None = None


class Connector(Protocol):
    """Asks the tenant's own app."""

    def ask(self, app: Sender, request: StepRequest) -> Accepted | Retry | Unknown:
        """Hands the request over.

        Accepted: the app has taken it. Retry: it certainly will not act on it. Unknown: it may, as it was too slow or
        went silent. Raises nothing once the request may have arrived.
        """
        ...


class Signals(Protocol):
    """Notes what recipients do."""

    def note(
        self, tenant: int, key: EnrollmentKey, signal: MailSignal, at: int, *, also: Mapping[str, int] = ...
    ) -> bool: ...
    def suppress(
        self, tenant: int, contact: int, now: int, *, reason: SuppressionReason, source: str | None = None
    ) -> None: ...
    def suppress_address(
        self, tenant: int, email: str, now: int, *, reason: SuppressionReason, source: str | None = None
    ) -> int | None: ...
    def take_out(
        self, enrollment: Enrollment, state: EnrollmentState, now: int, *, signal: MailSignal | None = None
    ) -> bool: ...
    def sequences_of(self, enrollments: Sequence[Enrollment]) -> Mapping[tuple[int, int], Cadence]: ...


class ContactEnrollments(Protocol):
    """Finds the enrollments that mail a contact, whoever was enrolled."""

    def mailing(self, tenant: int, contact: int) -> list[Enrollment]: ...
