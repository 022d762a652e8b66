"""What an accepted row becomes: whose enrollment, and in which state from the beginning. Facts in, enrollment out.

Every accepted row becomes exactly one enrollment, also one that must not call any more when it is made: nothing that
was accepted is lost, and what was set aside for it has an owner (contract 4.4, ADR 36).
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, NamedTuple

from drumbeat.domain.adding import MOST_RUNS
from drumbeat.domain.call_group import AGENT_GONE, CallGroup, Joined, Place, called_off, group_digest, joined
from drumbeat.domain.cancellation import Cancellation, canceled
from drumbeat.domain.contact import Contact
from drumbeat.domain.email import same_mailbox_key
from drumbeat.domain.enrollment import Enrollment, EnrollmentState, Lead, new_enrollment
from drumbeat.domain.ids import EnrollmentKey
from drumbeat.domain.lifecycle import first_due
from drumbeat.domain.person_name import first_and_last

if TYPE_CHECKING:
    from drumbeat.domain.callee import Callee
    from drumbeat.domain.sequence import Sequence

BATCH_CANCELED = "the batch that asked for the call was canceled"
_BATCH_NUMBER = 1
"""What is asked for by calls goes by age."""


class Once(NamedTuple):
    """A mark, and for how many milliseconds it is kept."""

    mark: str
    life: int


@dataclass(frozen=True, slots=True)
class CallRow:
    """An accepted row. `index` is its place in the call, `tag` marks its enrollment.

    `number` is its contact's, if a new one has to be made: the same whenever the row is made. `once` is the mark under
    which the row is made once, None where nobody tries again.
    """

    index: int
    tag: str
    number: int
    callee: Callee
    email: str | None = None
    anytime: bool = False
    once: Once | None = None

    @property
    def mailbox(self) -> str | None:
        """What its address is known by."""
        return None if self.email is None else same_mailbox_key(self.email)

    @property
    def group(self) -> str | None:
        """The digest of its call group."""
        variable = self.callee.group_by
        return None if variable is None else group_digest(variable, self.callee.variables[variable])


@dataclass(frozen=True, slots=True)
class CallTerms:
    """What holds for all rows of a call: its agent (None if that is gone) and who does the steps.

    `price` is what was set aside for each row, None for nothing; `ended` says why none of them is called any more.
    """

    tenant: int
    number: int
    agent: Sequence | None
    sender: int | None
    accepted_at: int
    price: int | None
    ended: str | None = None


@dataclass(slots=True)
class Facts:
    """What is known when rows are made: `made` ones by index, `people` and `barred` (since when) by mailbox.

    What has been given up stands among the made ones, as None.

    `runs` are how often a contact has been in the sequence, `canceled` what has ended a row since it was accepted.
    """

    made: dict[int, EnrollmentKey | None] = field(default_factory=dict)
    people: dict[str, Contact] = field(default_factory=dict)
    barred: dict[str, int] = field(default_factory=dict)
    runs: dict[int, int] = field(default_factory=dict)
    groups: dict[str, CallGroup] = field(default_factory=dict)
    canceled: dict[int, Cancellation] = field(default_factory=dict)

    def note(self, call: NewCall) -> None:
        """What is known once this call has been written."""
        self.runs[call.enrollment.key.contact] = call.enrollment.key.run + 1
        if call.contact is not None and call.row.mailbox is not None and call.contact.email is not None:
            self.people[call.row.mailbox] = call.contact
        if call.joined is not None:
            self.groups[call.joined.group.name.digest] = call.joined.group


@dataclass(frozen=True, slots=True)
class NewCall:
    """An enrollment that shall come to be, with its contact if that is new, and how it comes to its call group."""

    row: CallRow
    enrollment: Enrollment
    contact: Contact | None
    seen: CallGroup | None = None
    joined: Joined | None = None


def new_call(terms: CallTerms, row: CallRow, facts: Facts, now: int) -> NewCall:
    """The row's enrollment: ready to call, waiting for its group's turn, or over from the beginning."""
    contact, is_new = _contact(terms, row, facts)
    key = EnrollmentKey(terms.number, contact.number, facts.runs.get(contact.number, 0))
    made = contact if is_new else None
    ready = _ready(terms, row, key, now)
    over = _over(terms, row, facts, contact, ready, now)
    if over is not None:
        return NewCall(row, over, made)
    if row.group is None:
        return NewCall(row, ready, made)
    seen = facts.groups[row.group]
    came = joined(seen, key, terms.accepted_at)
    match came.place:
        case Place.CLOSED:
            return NewCall(row, called_off(ready, seen.closed_because or "", now), made)
        case Place.WAITING:
            state = EnrollmentState.WAITING
        case Place.ACTIVE:
            state = EnrollmentState.ACTIVE
    return NewCall(row, replace(ready, state=state, group=row.group), made, seen, came)


def _contact(terms: CallTerms, row: CallRow, facts: Facts) -> tuple[Contact, bool]:
    """Whose address it is; somebody new where nobody has it, without it where its owner has been here too often."""
    person = None if row.mailbox is None else facts.people.get(row.mailbox)
    if person is not None and facts.runs.get(person.number, 0) < MOST_RUNS:
        return person, False
    email = row.email if person is None else None
    first, last = first_and_last(row.callee.name)
    fresh = Contact(terms.tenant, row.number, 0, email, first, last, None, terms.accepted_at, zone=row.callee.zone)
    barred = None if email is None else facts.barred.get(row.mailbox or "")
    return replace(fresh, unsubscribed_at=barred, updated_at=terms.accepted_at), True


def _ready(terms: CallTerms, row: CallRow, key: EnrollmentKey, now: int) -> Enrollment:
    fresh = new_enrollment(
        terms.tenant,
        key,
        batch_number=_BATCH_NUMBER,
        batch_tag=row.tag,
        now=now,
        due=_due(terms.agent, row, now),
        zone=row.callee.zone,
        bound_to=terms.sender,
    )
    whom = replace(fresh, lead=Lead(name=row.callee.name), has_callee=True, anytime=row.anytime)
    return replace(whom, created_at=terms.accepted_at, hold=terms.price)


def _due(agent: Sequence | None, row: CallRow, now: int) -> int:
    start = max(now, row.callee.scheduled_at or 0)
    if agent is None:
        return start
    return first_due(replace(agent, hours=None) if row.anytime else agent, row.callee.zone, start)


def _over(
    terms: CallTerms, row: CallRow, facts: Facts, contact: Contact, ready: Enrollment, now: int
) -> Enrollment | None:
    """The enrollment where nobody is to be called, None where somebody is."""
    ended = AGENT_GONE if terms.agent is None else terms.ended
    if ended is not None:
        return called_off(ready, ended, now)
    if row.index in facts.canceled:
        return canceled(ready, facts.canceled[row.index], now)
    barred = None if row.mailbox is None else facts.barred.get(row.mailbox)
    since = contact.unsubscribed_at or barred
    return None if since is None else replace(ready, state=EnrollmentState.UNSUBSCRIBED, unsubscribed_at=since)
