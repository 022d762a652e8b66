"""One row of a relinking: what it asks of an enrollment, and what that comes to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any, NamedTuple

from drumbeat.domain.email import same_mailbox_key
from drumbeat.domain.enrollment import OVER, Awaits, Enrollment, EnrollmentState, Lead, may_go_on
from drumbeat.domain.lifecycle import PAUSED_BY_A_USER, finished, paused, resumed
from drumbeat.domain.step_move import ANSWERS_WITHIN

if TYPE_CHECKING:
    from drumbeat.domain.contact import Contact
    from drumbeat.domain.ids import EnrollmentKey
    from drumbeat.domain.sequence import Sequence


class RelinkCode(StrEnum):
    """Why a row was refused (contract 3.5)."""

    NOT_FOUND = "NOT_FOUND"
    SEQUENCE_MISMATCH = "SEQUENCE_MISMATCH"
    TERMINAL_STATE = "ENROLLMENT_TERMINAL_STATE"
    EXTERNAL_ID_CONFLICT = "LEAD_EXTERNAL_ID_CONFLICT"
    PATCH_FAILED = "PATCH_FAILED"


class Turn(StrEnum):
    """What a row does to an enrollment's state."""

    GO_ON = "go_on"
    PAUSE = "pause"
    END = "end"


@dataclass(frozen=True, slots=True)
class Row:
    """One asked change; a `key` of None names no enrollment of this tenant.

    `changes` holds what shall change, None clears: `email` (normalized), `sender` (a number), and the lead's fields by
    their names. A `problem` says what is wrong with one of its values. `reason` says why a `turn` ends it.
    """

    key: EnrollmentKey | None
    changes: Mapping[str, Any] = field(default_factory=dict)
    problem: str | None = None
    turn: Turn | None = None
    reason: str | None = None


class Hurry(NamedTuple):
    """Whether what a row leaves active shall be due at once; said again later, it does not hurry what followed.

    Whoever is being called is not called a second time for it.
    """

    is_wanted: bool
    asked_at: int

    def is_wanted_for(self, enrollment: Enrollment) -> bool:
        """Whether it shall: a step that was done, or asked for, since then may have been the hurried one."""
        since = enrollment.due - ANSWERS_WITHIN
        is_asked_for = enrollment.awaits is Awaits.STEP and (enrollment.has_callee or since > self.asked_at)
        is_done = enrollment.last_sent_at is not None and enrollment.last_sent_at > self.asked_at
        return self.is_wanted and enrollment.state is EnrollmentState.ACTIVE and not (is_done or is_asked_for)


@dataclass(frozen=True, slots=True)
class Relinked:
    """The enrollment as it is after its row."""

    enrollment: Enrollment


@dataclass(frozen=True, slots=True)
class Refused:
    """Why a row changed nothing; `enrollment` is what is over, `external_id` the one that is taken.

    `field` names the change that is at fault, if one is.
    """

    code: RelinkCode
    text: str
    enrollment: Enrollment | None = None
    external_id: str | None = None
    field: str | None = None


type Result = Relinked | Refused

NO_SUCH_ENROLLMENT = Refused(RelinkCode.NOT_FOUND, "There is no such enrollment.")
KEEPS_CHANGING = Refused(RelinkCode.PATCH_FAILED, "Others keep changing it at this moment. Try again.")
_ELSEWHERE = Refused(RelinkCode.SEQUENCE_MISMATCH, "The enrollment belongs to another sequence.")
BEING_SENT = Refused(
    RelinkCode.PATCH_FAILED, "A step of this enrollment is being sent at this moment. Try again in a minute."
)
SENDER_GONE = Refused(RelinkCode.PATCH_FAILED, "What it is bound to has been deleted.", field="sender")
_NO_SENDER = Refused(RelinkCode.PATCH_FAILED, "There is nothing with this id to send from.", field="sender")
_NOBODY_ELSE = Refused(RelinkCode.PATCH_FAILED, "Nobody else would send for this enrollment.", field="sender")
_CALLED = Refused(
    RelinkCode.PATCH_FAILED, "It calls somebody: whom it mails stays the one who is called.", field="email"
)
_BARRED = Refused(RelinkCode.PATCH_FAILED, "This address has unsubscribed, and is not mailed.", field="email")
_IN_DOUBT = Refused(
    RelinkCode.PATCH_FAILED, "Nobody knows whether its last step was done. Decide on that first (unknown sends)."
)
_WITH_THE_APP = Refused(
    RelinkCode.PATCH_FAILED,
    "A step of it is with your app, for the profile as it was. Wait for the answer, or say retryNow to ask anew.",
)
_SENDS_NOTHING: Mapping[EnrollmentState, Refused] = {
    EnrollmentState.HELD: Refused(
        RelinkCode.PATCH_FAILED, "It waits to be let in by its sequence's throttle: nothing is sent."
    ),
    EnrollmentState.WAITING: Refused(
        RelinkCode.PATCH_FAILED, "It waits for another of its call group to end: nobody is called."
    ),
}


@dataclass(frozen=True, slots=True)
class Picture:
    """What was read: the enrollments that exist, who holds which external id in the sequence, and who is who.

    `people` are contacts by `same_mailbox_key` of their addresses, those too that would have to be made; one that must
    not be mailed is unsubscribed there. `senders` are those that may be chosen, `may_unbind` says
    whether none may be.
    """

    sequence: Sequence
    enrollments: Mapping[EnrollmentKey, Enrollment]
    holders: Mapping[str, EnrollmentKey]
    people: Mapping[str, Contact]
    senders: frozenset[int]
    may_unbind: bool = True

    def person(self, email: str) -> Contact:
        """Whose address this is."""
        return self.people[same_mailbox_key(email)]


def applied(
    picture: Picture,
    holders: Mapping[str, EnrollmentKey],
    seen: Enrollment,
    row: Row,
    *,
    hurry: Hurry,
    now: int,
) -> Result:
    """What the row makes of the enrollment, where `holders` are who has which external id by then."""
    settled = _settled(picture, seen, row, hurry) or _value_refusal(picture, holders, seen, row.changes)
    if settled is not None:
        return settled
    told = _turned(_changed(picture, seen, row.changes, now), row, picture.sequence, now)
    if isinstance(told, Refused):
        return told
    told = _due_now(told, now) if hurry.is_wanted_for(told) else told
    # The answer to what was asked about one profile must never count for another one.
    return _WITH_THE_APP if told.awaits is Awaits.STEP and _is_another_profile(seen, told) else Relinked(told)


def _settled(picture: Picture, seen: Enrollment, row: Row, hurry: Hurry) -> Result | None:
    """What is certain whatever the values are."""
    if seen.key.sequence != picture.sequence.number:
        return _ELSEWHERE
    if seen.state in OVER:
        return Relinked(seen) if _is_ended_already(seen, row) else _terminal(seen)
    if row.problem is not None:
        return Refused(RelinkCode.PATCH_FAILED, row.problem)
    changes_what_is_sent = bool(row.changes) or hurry.is_wanted or row.turn is Turn.GO_ON
    return BEING_SENT if seen.owner is not None and changes_what_is_sent else None


def _value_refusal(
    picture: Picture, holders: Mapping[str, EnrollmentKey], seen: Enrollment, changes: Mapping[str, Any]
) -> Refused | None:
    sender, email, external_id = (changes.get(name) for name in ("sender", "email", "external_id"))
    unbinds = "sender" in changes and sender is None
    if unbinds and not (picture.sequence.senders or picture.sequence.connector):
        return _NOBODY_ELSE
    if (unbinds and not picture.may_unbind) or (sender is not None and sender not in picture.senders):
        return _NO_SENDER
    if "email" in changes and seen.has_callee and (email is None or picture.person(email).number != seen.contact):
        return _CALLED  # a stop of theirs would no longer reach the calls
    if email is not None and picture.person(email).unsubscribed_at is not None:
        return _BARRED
    if external_id is not None and holders.get(external_id, seen.key) != seen.key:
        text = "This external id is already used in the sequence."
        return Refused(RelinkCode.EXTERNAL_ID_CONFLICT, text, external_id=external_id)
    return None


def _changed(picture: Picture, seen: Enrollment, changes: Mapping[str, Any], now: int) -> Enrollment:
    of_lead = {name: value for name, value in changes.items() if name not in {"email", "sender"}}
    told = replace(seen, lead=replace(seen.lead, **of_lead))
    if "sender" in changes:
        told = _bound_to(told, changes["sender"], picture.sequence)
    if "email" in changes:
        email = changes["email"]
        told = _about(told, None if email is None else picture.person(email))
    if _is_another_profile(seen, told):
        told = replace(told, accepted_at=None)
    return told if _lead(told) == _lead(seen) else _undrafted(told, now)


def _is_another_profile(seen: Enrollment, told: Enrollment) -> bool:
    """Whether it names another profile than before; to name one where there was none is no other."""
    before = seen.lead.linkedin_url, seen.lead.profile_urn
    after = told.lead.linkedin_url, told.lead.profile_urn
    return any(old is not None and old != new for old, new in zip(before, after, strict=True))


def _lead(enrollment: Enrollment) -> tuple[int | None, Lead]:
    """All that a draft is written for."""
    return enrollment.contact, replace(enrollment.lead, session=None)


def _undrafted(enrollment: Enrollment, now: int) -> Enrollment:
    """Without what was written, or is being written, for the lead as it was: the next one must not get to read that."""
    free = replace(enrollment, drafted=None)
    return _anew(free, now) if free.awaits is Awaits.DRAFT else free


def _about(enrollment: Enrollment, person: Contact | None) -> Enrollment:
    """The enrollment with another person to mail, in that person's zone and in a conversation of their own."""
    wanted = None if person is None else person.number
    if wanted == enrollment.contact:
        return enrollment
    relinked_to = None if wanted == enrollment.key.contact else wanted or 0
    zone = enrollment.zone if person is None else person.zone
    return replace(enrollment, relinked_to=relinked_to, zone=zone, thread=None)


def _bound_to(enrollment: Enrollment, sender: int | None, sequence: Sequence) -> Enrollment:
    """The enrollment in another lane; without a sender those in rotation send it, or it goes through the connector."""
    if sender is None and sequence.senders:
        return replace(enrollment, sender=None, bound=False) if enrollment.bound else enrollment
    wanted = sequence.connector if sender is None else sender
    return replace(enrollment, sender=wanted, bound=wanted is not None)


def _turned(enrollment: Enrollment, row: Row, sequence: Sequence, now: int) -> Enrollment | Refused:
    state = enrollment.state
    match row.turn:
        case Turn.END:
            return replace(finished(enrollment, now), exit_reason=row.reason)
        case Turn.PAUSE if state in _SENDS_NOTHING:
            return _SENDS_NOTHING[state]
        case Turn.PAUSE if state is not EnrollmentState.PAUSED and may_go_on(enrollment):
            return paused(enrollment, PAUSED_BY_A_USER, now)
        case Turn.GO_ON if state is EnrollmentState.PARKED:
            return _IN_DOUBT
        case Turn.GO_ON if state is EnrollmentState.PAUSED:
            return resumed(enrollment, sequence)
    return enrollment


def _due_now(enrollment: Enrollment, now: int) -> Enrollment:
    """The enrollment as due at once.

    One that is due and waits for its turn stays as it is: its lane knows it by its due time (docs/adr/0020).
    """
    if enrollment.awaits is None and enrollment.due <= now:
        return replace(enrollment, attempts=0, put_off_since=None)
    return _anew(enrollment, now)


def _anew(enrollment: Enrollment, now: int) -> Enrollment:
    """Due at once and under a new epoch: what was under way, or asked for, under the old one means nothing."""
    fresh = replace(enrollment, attempts=0, put_off_since=None, due=now, timed=False, awaits=None)
    asked = enrollment.asked + (enrollment.awaits in {Awaits.DRAFT, Awaits.STEP})
    return replace(fresh, asked=asked, epoch=enrollment.epoch + 1)


def _is_ended_already(seen: Enrollment, row: Row) -> bool:
    is_ended = seen.finished_at is not None or seen.state is EnrollmentState.REMOVED
    return row.turn is Turn.END and not row.changes and row.problem is None and is_ended


def _terminal(seen: Enrollment) -> Refused:
    text = f"Enrollment is in terminal state '{seen.state.value}'; lead identity cannot be modified."
    return Refused(RelinkCode.TERMINAL_STATE, text, enrollment=seen)
