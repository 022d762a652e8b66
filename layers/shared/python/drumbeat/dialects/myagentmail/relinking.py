"""Changing enrolments: what a PATCH and the rows of a bulk-relink ask for, and how their outcomes are worded."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, StrictStr, StringConstraints, model_validator

from drumbeat.dialects.myagentmail.enrollments import enrollment_body, wire_state
from drumbeat.dialects.myagentmail.fields import Fields
from drumbeat.dialects.text import Email, Line
from drumbeat.dialects.validation import validated
from drumbeat.domain.errors import (
    BeingSent,
    CannotBeMailed,
    DomainError,
    EnrollmentNotActive,
    EnrollmentOver,
    ExternalIdTaken,
    NotFound,
    StoreBusy,
    ValidationFailed,
    invalid_field,
)
from drumbeat.domain.ids import Kind, enrollment_key, resource_number
from drumbeat.domain.relink import MOST_ROWS
from drumbeat.domain.relink_row import BEING_SENT, KEEPS_CHANGING, Refused, RelinkCode, Relinked, Result, Row, Turn

if TYPE_CHECKING:
    from drumbeat.application.leads import PlacedLead
    from drumbeat.domain.enrollment import Enrollment

_CODES = {RelinkCode.SEQUENCE_MISMATCH: "CADENCE_MISMATCH"}
_FIELDS = {"sender": "inboxId", "email": "leadEmail"}
_NAMES = {
    "lead_name": "name",
    "lead_email": "email",
    "lead_linkedin_url": "linkedin_url",
    "lead_profile_urn": "profile_urn",
    "lead_external_id": "external_id",
    "session_id": "session",
}
"""What the engine calls the fields that go there as they are."""
_TURNS = {"active": Turn.GO_ON, "paused": Turn.PAUSE, "unenrolled": Turn.END}
_URL_LENGTH = 500


def _web_address(text: str) -> str:
    try:
        parts = urlsplit(text)
    except ValueError:
        parts = urlsplit("")
    if parts.scheme not in {"http", "https"} or not parts.hostname or " " in text:
        raise ValueError("must be a URL that begins with https:// or http://")
    return text


type Words = Annotated[Line, Field(min_length=1)]
type WebAddress = Annotated[Line, StringConstraints(max_length=_URL_LENGTH), AfterValidator(_web_address)]


class Identity(Fields):
    """Who an enrolment is about and who sends it; what is absent stays, null clears."""

    lead_name: Words | None = None
    lead_email: Email | None = None
    lead_linkedin_url: WebAddress | None = None
    lead_profile_urn: Words | None = None
    lead_external_id: Words | None = None
    inbox_id: StrictStr | None = None
    session_id: Words | None = None

    def changes(self, tenant: int) -> dict[str, Any]:
        """What is asked for, in the engine's words. Raises ValidationFailed for an inbox of nobody."""
        changed = {_NAMES[name]: getattr(self, name) for name in self.model_fields_set if name in _NAMES}
        if "inbox_id" in self.model_fields_set:
            changed["sender"] = None if self.inbox_id is None else sender_number(tenant, self.inbox_id)
        return changed


class UpdateEnrollmentRequest(Identity):
    """PATCH /v1/enrollments/{enrollment_id}."""

    state: Literal["active", "paused", "unenrolled"] = "active"
    exit_reason: Annotated[Line, StringConstraints(max_length=160)] | None = None

    @model_validator(mode="after")
    def _has_a_reason_only_where_it_ends(self) -> Self:
        if self.exit_reason is not None and not self._ends:
            raise ValueError('exitReason goes with "state": "unenrolled" only')
        return self

    @property
    def _ends(self) -> bool:
        return "state" in self.model_fields_set and self.state == "unenrolled"

    def row(self, tenant: int, spelled: str) -> Row:
        """The one row that it is. Raises ValidationFailed, and NotFound for the enrolment."""
        key = enrollment_key(tenant, spelled)
        if key is None:
            raise NotFound("enrollment")
        turn = _TURNS[self.state] if "state" in self.model_fields_set else None
        return Row(key, self.changes(tenant), turn=turn, reason=self.exit_reason)


class Update(Fields):
    """A row of a bulk-relink. Its values are looked at one by one, so that what is wrong fails this row only."""

    enrollment_id: StrictStr
    lead_name: Any = None
    lead_email: Any = None
    lead_linkedin_url: Any = None
    lead_profile_urn: Any = None
    lead_external_id: Any = None
    inbox_id: Any = None
    session_id: Any = None

    def row(self, tenant: int) -> Row:
        """What it asks for; an id that names nothing is a row that finds nothing."""
        key = enrollment_key(tenant, self.enrollment_id)
        given = self.model_dump(by_alias=True, exclude_unset=True, exclude={"enrollment_id"})
        try:
            return Row(key, validated(Identity, given).changes(tenant))
        except ValidationFailed as refusal:
            return Row(key, problem=refusal.message)


class BulkRelinkRequest(Fields):
    """POST /v1/cadences/{cadence_id}/enrollments/bulk-relink."""

    updates: Annotated[list[Update], Field(max_length=MOST_ROWS)]

    def rows(self, tenant: int) -> list[Row]:
        """The rows in their order."""
        return [update.row(tenant) for update in self.updates]


def sender_number(tenant: int, spelled: str) -> int:
    """The number behind an inbox's id. Raises ValidationFailed (field "inboxId")."""
    number = resource_number(Kind.SENDER, tenant, spelled)
    if number is None:
        raise invalid_field("inboxId", "There is no such inbox.")
    return number


def changed_by_rows(results: Iterable[Result]) -> list[Enrollment]:
    """What the rows that succeeded made of their enrolments."""
    return [result.enrollment for result in results if isinstance(result, Relinked)]


def bulk_body(updates: Sequence[Update], results: Sequence[Result], placed: Iterable[PlacedLead]) -> dict[str, Any]:
    """What became of the rows; `placed` are the enrolments of those that succeeded, in their order."""
    shown = iter(placed)
    rows = [
        _refused_row(update.enrollment_id, result)
        if isinstance(result, Refused)
        else {"ok": True, "enrollmentId": update.enrollment_id, "enrollment": enrollment_body(next(shown))}
        for update, result in zip(updates, results, strict=True)
    ]
    succeeded = sum(isinstance(result, Relinked) for result in results)
    return {"ok": True, "succeeded": succeeded, "failed": len(rows) - succeeded, "results": rows}


def _refused_row(spelled: str, refused: Refused) -> dict[str, Any]:
    row = {"ok": False, "enrollmentId": spelled, "code": _CODES.get(refused.code, refused.code.value)}
    detail = _detail(refused)
    return row | {"error": _error(refused)} | ({"detail": detail} if detail else {})


def _detail(refused: Refused) -> Mapping[str, Any]:
    if refused.enrollment is not None:
        return {"state": wire_state(refused.enrollment)}
    return {} if refused.external_id is None else {"conflictingExternalId": refused.external_id}


def _error(refused: Refused) -> str:
    match refused.code:
        case RelinkCode.SEQUENCE_MISMATCH:
            return "The enrollment belongs to another cadence."
        case RelinkCode.TERMINAL_STATE if refused.enrollment is not None:
            state = wire_state(refused.enrollment)
            return f"Enrollment is in terminal state '{state}'; lead identity cannot be modified."
        case RelinkCode.EXTERNAL_ID_CONFLICT:
            return "This leadExternalId is already used in the cadence."
    return refused.text if refused.field is None else f"{_FIELDS[refused.field]}: {refused.text}"


def changed_by(result: Result) -> Enrollment:
    """What a call of one row made of its enrolment. Raises what the row was refused for."""
    if isinstance(result, Relinked):
        return result.enrollment
    raise _refusal(result)


def _refusal(refused: Refused) -> DomainError:
    text, details = _error(refused), _detail(refused)
    match refused:
        case Refused(code=RelinkCode.NOT_FOUND | RelinkCode.SEQUENCE_MISMATCH):
            return NotFound("enrollment")
        case Refused(code=RelinkCode.TERMINAL_STATE):
            return EnrollmentOver(text, **details)
        case Refused(code=RelinkCode.EXTERNAL_ID_CONFLICT):
            return ExternalIdTaken(text, **details)
        case Refused(field="sender"):
            return invalid_field("inboxId", refused.text)
        case Refused(field="email"):
            return CannotBeMailed(text)
    others: list[tuple[Refused, type[DomainError]]] = [(BEING_SENT, BeingSent), (KEEPS_CHANGING, StoreBusy)]
    return next((kind for known, kind in others if known == refused), EnrollmentNotActive)(text)
