"""The answers of contract 3.4 and 3.5 as closed models: what the source document has, and the names we gave the rest.

Read from the text of the contract, not from the code. Only the names of an enrollment's own fields are ours: the
document leaves them out.
"""

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, ConfigDict, TypeAdapter
from pydantic.alias_generators import to_camel

from tests.contract.scene import is_instant

STATES = ("active", "paused", "completed", "replied", "bounced", "unsubscribed", "unenrolled", "failed")
TERMINAL = STATES[2:]
TERMINAL_ERROR = "Enrollment is in terminal state '{state}'; lead identity cannot be modified."
TOP = ["ok", "succeeded", "failed", "results"]
GOOD_ROW = ["ok", "enrollmentId", "enrollment"]
BAD_ROW = ["ok", "enrollmentId", "code", "error"]
MOST_UPDATES = 100
LEAD_FIELDS = (
    "leadName", "leadEmail", "leadLinkedinUrl", "leadProfileUrn", "leadExternalId", "inboxId", "sessionId",
)  # fmt: skip


def _instant(value: Any) -> Any:
    assert value is None or is_instant(value), value
    return value


type Instant = Annotated[str, BeforeValidator(_instant)]


class _Closed(BaseModel):
    """Knows every key there may be."""

    model_config = ConfigDict(extra="forbid", strict=True, alias_generator=to_camel)


class Enrollment(_Closed):
    """What the single PATCH, the list, the enrolment and a good row show."""

    id: str
    cadence_id: str
    state: Literal[STATES]  # type: ignore[valid-type]
    exit_reason: str | None
    lead_external_id: str | None
    lead_name: str | None
    lead_email: str | None
    lead_linkedin_url: str | None
    lead_profile_urn: str | None
    inbox_id: str | None
    session_id: str | None
    context: dict[str, Any] | None
    current_step_index: int
    next_step_due_at: Instant | None
    awaiting: str | None
    last_error: str | None
    last_step_at: Instant | None
    accepted_at: Instant | None
    replied_at: Instant | None
    created_at: Instant

    def model_post_init(self, _: Any) -> None:
        assert str(UUID(self.id)) == self.id
        assert str(UUID(self.cadence_id)) == self.cadence_id


class GoodRow(_Closed):
    ok: Literal[True]
    enrollment_id: str
    enrollment: Enrollment


class PlainBadRow(_Closed):
    ok: Literal[False]
    enrollment_id: str
    code: Literal["NOT_FOUND", "CADENCE_MISMATCH", "PATCH_FAILED"]
    error: str


class TerminalDetail(_Closed):
    state: Literal[TERMINAL]  # type: ignore[valid-type]


class TerminalRow(_Closed):
    ok: Literal[False]
    enrollment_id: str
    code: Literal["ENROLLMENT_TERMINAL_STATE"]
    error: str
    detail: TerminalDetail


class ConflictDetail(_Closed):
    conflicting_external_id: str


class ConflictRow(_Closed):
    ok: Literal[False]
    enrollment_id: str
    code: Literal["LEAD_EXTERNAL_ID_CONFLICT"]
    error: str
    detail: ConflictDetail


class Relinked(_Closed):
    """The answer of bulk-relink."""

    ok: Literal[True]
    succeeded: int
    failed: int
    results: list[GoodRow | TerminalRow | ConflictRow | PlainBadRow]


_RELINKED, _ENROLLMENT = TypeAdapter(Relinked), TypeAdapter(Enrollment)


def check_relinked(body: Any) -> Any:
    """The body, which is as the document has it: keys, their order, types, and the two counts."""
    read = _RELINKED.validate_python(body)
    assert list(body) == TOP
    assert read.succeeded == sum(row.ok for row in read.results)
    assert read.failed == len(read.results) - read.succeeded
    for row in body["results"]:
        has_detail = row.get("code") in {"ENROLLMENT_TERMINAL_STATE", "LEAD_EXTERNAL_ID_CONFLICT"}
        assert list(row) == (GOOD_ROW if row["ok"] else [*BAD_ROW, "detail"] if has_detail else BAD_ROW)
        assert not row["ok"] or row["enrollment"]["id"] == row["enrollmentId"].lower()
    return body


def check_enrollment(row: Any) -> Any:
    """The enrollment, which has just the keys it has everywhere."""
    _ENROLLMENT.validate_python(row)
    return row
