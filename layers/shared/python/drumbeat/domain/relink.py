"""Changing who enrollments are about, row by row: what is refused, what is written, and what must be written together.

Everything here is decided on a picture of what was read; who writes it down finds out whether it still was so.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from drumbeat.domain.contact import Contact
from drumbeat.domain.email import same_mailbox_key
from drumbeat.domain.enrollment import Awaits, Enrollment, EnrollmentState
from drumbeat.domain.groups import Groups
from drumbeat.domain.ids import EnrollmentKey
from drumbeat.domain.lifecycle import PAUSED_BY_A_USER, Move, finished, paused, resumed
from drumbeat.domain.sequence import Sequence

MOST_ROWS = 100
_WRITES_TOGETHER = 100
"""What a transaction takes."""
_ROWS_TOGETHER = _WRITES_TOGETHER // 3
"""A row writes its enrollment and the locks of two ids, at most."""

OVER = frozenset(
    {
        EnrollmentState.FINISHED,
        EnrollmentState.REPLIED,
        EnrollmentState.BOUNCED,
        EnrollmentState.UNSUBSCRIBED,
        EnrollmentState.REMOVED,
        EnrollmentState.FAILED,
    }
)
"""Whom such an enrollment is about does not change any more."""


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


@dataclass(frozen=True, slots=True)
class Relinked:
    """The enrollment as it is after its row."""

    enrollment: Enrollment


@dataclass(frozen=True, slots=True)
class Refused:
    """Why a row changed nothing; `enrollment` is what is over, `external_id` the one that is taken."""

    code: RelinkCode
    text: str
    enrollment: Enrollment | None = None
    external_id: str | None = None


type Result = Relinked | Refused

NO_SUCH_ENROLLMENT = Refused(RelinkCode.NOT_FOUND, "There is no such enrollment.")
KEEPS_CHANGING = Refused(RelinkCode.PATCH_FAILED, "Others keep changing it at this moment. Try again.")
_ELSEWHERE = Refused(RelinkCode.SEQUENCE_MISMATCH, "The enrollment belongs to another sequence.")
_BEING_SENT = Refused(
    RelinkCode.PATCH_FAILED, "A step of this enrollment is being sent at this moment. Try again in a minute."
)
SENDER_GONE = Refused(RelinkCode.PATCH_FAILED, "The inbox that it is bound to has been deleted.")
_NO_SENDER = Refused(RelinkCode.PATCH_FAILED, "There is no such inbox.")
_BARRED = Refused(RelinkCode.PATCH_FAILED, "This address has unsubscribed, and is not mailed.")
_IN_DOUBT = Refused(
    RelinkCode.PATCH_FAILED, "Nobody knows whether its last step was done. Decide on that first (unknown sends)."
)
_WAITS_OUTSIDE = Refused(RelinkCode.PATCH_FAILED, "It waits to be let in by its sequence's throttle: nothing is sent.")


@dataclass(frozen=True, slots=True)
class Picture:
    """What was read: the enrollments that exist, who holds which external id in the sequence, and who is who.

    `people` are contacts by `same_mailbox_key` of their addresses, those too that would have to be made; one that must
    not be mailed is unsubscribed there. `senders` are those that may be chosen.
    """

    sequence: Sequence
    enrollments: Mapping[EnrollmentKey, Enrollment]
    holders: Mapping[str, EnrollmentKey]
    people: Mapping[str, Contact]
    senders: frozenset[int]


@dataclass(frozen=True, slots=True)
class Group:
    """Rows that touch each other: what they come to is written as a whole, or decided anew."""

    results: Mapping[int, Result]
    moves: tuple[Move, ...]

    @property
    def moves_ids(self) -> bool:
        """Whether external ids change hands, so that their locks do as well."""
        return any(move.moves_id for move in self.moves)

    @property
    def writes(self) -> int:
        """How many items it writes, at most."""
        return sum(3 if move.moves_id else 1 for move in self.moves)


@dataclass(frozen=True, slots=True)
class Decision:
    """What becomes of rows, by their places. The `later` ones come after what is decided here is written."""

    groups: tuple[Group, ...]
    later: tuple[int, ...] = ()


def decide(picture: Picture, rows: Mapping[int, Row], *, retry_now: bool, now: int) -> Decision:
    """What the rows come to, applied one by one in the order of their places.

    An external id that an earlier row gave up is free for a later one, not the other way round. With `retry_now`, what
    a row leaves active is due at once. A group too large for a transaction is cut: its later rows come later.
    """
    groups = _decided(picture, rows, retry_now, now)
    fitting = [group for group in groups if group.writes <= _WRITES_TOGETHER]
    later: list[int] = []
    for group in groups:
        if group.writes > _WRITES_TOGETHER:
            places = sorted(group.results)
            first = {place: rows[place] for place in places[:_ROWS_TOGETHER]}
            fitting += _decided(picture, first, retry_now, now)
            later += places[_ROWS_TOGETHER:]
    return Decision(tuple(fitting), tuple(sorted(later)))


def _decided(picture: Picture, rows: Mapping[int, Row], retry_now: bool, now: int) -> list[Group]:
    desk = _Desk(picture, retry_now, now)
    for place in sorted(rows):
        desk.take(place, rows[place])
    return desk.groups()


class _Desk:
    """Applies rows to the picture."""

    def __init__(self, picture: Picture, retry_now: bool, now: int) -> None:
        self._picture = picture
        self._retry_now = retry_now
        self._now = now
        self._current = dict(picture.enrollments)
        self._holders = dict(picture.holders)
        self._results: dict[int, Result] = {}
        self._names: dict[int, object] = {}
        self._touching = Groups[object]()

    def take(self, place: int, row: Row) -> None:
        """Decides on the next row."""
        seen = None if row.key is None else self._current.get(row.key)
        self._names[place] = place if seen is None else seen.key
        if seen is not None:
            self._join(seen, row)
        result = NO_SUCH_ENROLLMENT if seen is None or seen.is_deleted else self._result(seen, row)
        self._results[place] = result
        if isinstance(result, Relinked) and seen is not None:
            self._note(seen, result.enrollment)

    def groups(self) -> list[Group]:
        """Everything that was decided."""
        together: dict[object, dict[int, Result]] = {}
        for place, name in self._names.items():
            together.setdefault(self._touching.of(name), {})[place] = self._results[place]
        return [Group(results, self._moves(results)) for results in together.values()]

    def _join(self, seen: Enrollment, row: Row) -> None:
        if "external_id" in row.changes:
            for external_id in (seen.lead.external_id, row.changes["external_id"]):
                if external_id is not None:
                    self._touching.join(seen.key, external_id)

    def _note(self, seen: Enrollment, told: Enrollment) -> None:
        self._current[seen.key] = told
        old, new = seen.lead.external_id, told.lead.external_id
        if old != new:
            if old is not None:
                self._holders.pop(old, None)
            if new is not None:
                self._holders[new] = seen.key

    def _moves(self, results: Mapping[int, Result]) -> tuple[Move, ...]:
        keys = dict.fromkeys(result.enrollment.key for result in results.values() if isinstance(result, Relinked))
        moves = (Move(self._picture.enrollments[key], self._current[key]) for key in keys)
        return tuple(move for move in moves if move.seen != move.told)

    def _result(self, seen: Enrollment, row: Row) -> Result:
        if seen.key.sequence != self._picture.sequence.number:
            return _ELSEWHERE
        if seen.state in OVER:
            return Relinked(seen) if _is_ended_already(seen, row) else _terminal(seen)
        if row.problem is not None:
            return Refused(RelinkCode.PATCH_FAILED, row.problem)
        changes_mail = bool(row.changes) or self._retry_now or row.turn is Turn.GO_ON
        if seen.owner is not None and changes_mail:
            return _BEING_SENT
        refusal = self._value_refusal(seen, row.changes)
        if refusal is not None:
            return refusal
        turned = _turned(self._changed(seen, row.changes), row, self._picture.sequence, self._now)
        if isinstance(turned, Refused):
            return turned
        return Relinked(_due_now(turned, self._now) if self._retry_now else turned)

    def _value_refusal(self, seen: Enrollment, changes: Mapping[str, Any]) -> Refused | None:
        sender, email, external_id = (changes.get(name) for name in ("sender", "email", "external_id"))
        if sender is not None and sender not in self._picture.senders:
            return _NO_SENDER
        if email is not None and self._person(email).unsubscribed_at is not None:
            return _BARRED
        if external_id is not None and self._holders.get(external_id, seen.key) != seen.key:
            text = "This external id is already used in the sequence."
            return Refused(RelinkCode.EXTERNAL_ID_CONFLICT, text, external_id=external_id)
        return None

    def _person(self, email: str) -> Contact:
        return self._picture.people[same_mailbox_key(email)]

    def _changed(self, seen: Enrollment, changes: Mapping[str, Any]) -> Enrollment:
        of_lead = {name: value for name, value in changes.items() if name not in {"email", "sender"}}
        told = replace(seen, lead=replace(seen.lead, **of_lead))
        if "sender" in changes:
            told = _bound_to(told, changes["sender"], self._picture.sequence)
        if "email" not in changes:
            return told
        email = changes["email"]
        return _about(told, None if email is None else self._person(email))


def _about(enrollment: Enrollment, person: Contact | None) -> Enrollment:
    """The enrollment with another person to mail, in that person's zone and in a conversation of their own."""
    wanted = None if person is None else person.number
    if wanted == enrollment.contact:
        return enrollment
    relinked_to = None if wanted == enrollment.key.contact else wanted or 0
    zone = enrollment.zone if person is None else person.zone
    return replace(enrollment, relinked_to=relinked_to, zone=zone, thread=None)


def _bound_to(enrollment: Enrollment, sender: int | None, sequence: Sequence) -> Enrollment:
    """The enrollment in another lane; without a sender it goes through the sequence's connector."""
    wanted = sequence.connector if sender is None else sender
    return replace(enrollment, sender=wanted, bound=wanted is not None)


def _turned(enrollment: Enrollment, row: Row, sequence: Sequence, now: int) -> Enrollment | Refused:
    state = enrollment.state
    match row.turn:
        case Turn.END:
            return replace(finished(enrollment, now), exit_reason=row.reason)
        case Turn.PAUSE if state is EnrollmentState.HELD:
            return _WAITS_OUTSIDE
        case Turn.PAUSE if state is EnrollmentState.ACTIVE:
            return paused(enrollment, PAUSED_BY_A_USER, now)
        case Turn.GO_ON if state is EnrollmentState.PARKED:
            return _IN_DOUBT
        case Turn.GO_ON if state is EnrollmentState.PAUSED:
            return resumed(enrollment, sequence)
    return enrollment


def _due_now(enrollment: Enrollment, now: int) -> Enrollment:
    """The active enrollment as due at once, under a new epoch: what was under way for the old one means nothing.

    One that is due and waits for its turn stays as it is: its lane knows it by its due time (docs/adr/0020).
    """
    if enrollment.state is not EnrollmentState.ACTIVE:
        return enrollment
    fresh = replace(enrollment, attempts=0, put_off_since=None)
    if enrollment.awaits is None and enrollment.due <= now:
        return fresh
    asked = enrollment.asked + (enrollment.awaits in {Awaits.DRAFT, Awaits.STEP})
    return replace(fresh, due=now, timed=False, awaits=None, asked=asked, epoch=enrollment.epoch + 1)


def _is_ended_already(seen: Enrollment, row: Row) -> bool:
    is_ended = seen.finished_at is not None or seen.state is EnrollmentState.REMOVED
    return row.turn is Turn.END and not row.changes and row.problem is None and is_ended


def _terminal(seen: Enrollment) -> Refused:
    text = f"Enrollment is in terminal state '{seen.state.value}'; lead identity cannot be modified."
    return Refused(RelinkCode.TERMINAL_STATE, text, enrollment=seen)
