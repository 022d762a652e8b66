"""Sequence states (contract 1.6 and 1.7): what Outreach calls an enrollment, and how it names the states it is in."""

from typing import Any

from drumbeat.dialects.outreach.collection import Attribute, Collection, Relation, Shape
from drumbeat.dialects.outreach.ids import number_in_path
from drumbeat.dialects.outreach.sequences import SEQUENCES
from drumbeat.domain.contact import view_of_contact
from drumbeat.domain.enrollment import Enrollment, EnrollmentState
from drumbeat.domain.errors import NotFound
from drumbeat.domain.ids import EnrollmentKey, enrollment_number, key_of_enrollment_number
from drumbeat.domain.placed_enrollment import PlacedEnrollment, place_number
from drumbeat.domain.placed_step import seen_kind
from drumbeat.domain.sequence import SequenceStatus

_NAMES = {
    EnrollmentState.ACTIVE: "active",
    EnrollmentState.HELD: "pending",
    EnrollmentState.WAITING: "pending",
    EnrollmentState.PAUSED: "paused",
    EnrollmentState.FINISHED: "finished",
    EnrollmentState.REPLIED: "finished",
    EnrollmentState.BOUNCED: "bounced",
    EnrollmentState.UNSUBSCRIBED: "opted_out",
    EnrollmentState.REMOVED: "disabled",
    EnrollmentState.PARKED: "failed",
    EnrollmentState.FAILED: "failed",
}
_DOUBT = "Nobody knows whether the mail left: "
_LONGEST_REASON = 255


def view_of_state(placed: PlacedEnrollment) -> dict[str, Any]:
    """The enrollment as conditions see it."""
    enrollment = placed.enrollment
    contact = {} if placed.contact is None else view_of_contact(placed.contact)
    return {
        "number": enrollment_number(enrollment.key),
        "place": place_number(enrollment.key),
        "state": _state(placed),
        "changed_at": _changed_at(enrollment),
        "paused_reason": enrollment.paused_reason,
        "error": _error(enrollment),
        "replied_at": enrollment.replied_at,
        "bounces": int(enrollment.bounced_at is not None),
        "opt_outs": int(enrollment.unsubscribed_at is not None),
        "created_at": enrollment.created_at,
        "updated_at": max(_instants(enrollment)),
        "contact": enrollment.key.contact,
        "sequence": enrollment.key.sequence,
        "sender": None if placed.is_connected else enrollment.sender,
        "step": placed.next_step,
        "step_order": None if placed.next_step is None else enrollment.step + 1,
        "step_kind": None if placed.step is None else seen_kind(placed.step),
        "contact.company_number": contact.get("company_number"),
        "contact.opportunity": contact.get("opportunity"),
    }


def _state(placed: PlacedEnrollment) -> str:
    """Active only where mails can leave: an enrollment of a sequence that does not send waits."""
    state = placed.enrollment.state
    sends = placed.sequence is not None and placed.sequence.status is SequenceStatus.ACTIVE
    return "pending" if state is EnrollmentState.ACTIVE and not sends else _NAMES[state]


def _error(enrollment: Enrollment) -> str | None:
    if enrollment.state is EnrollmentState.PARKED:
        return f"{_DOUBT}{enrollment.parked_reason or 'its worker died'}"[:_LONGEST_REASON]
    reason = enrollment.exit_reason if enrollment.state is EnrollmentState.FAILED else enrollment.bounce_reason
    return None if reason is None else reason[:_LONGEST_REASON]


def _changed_at(enrollment: Enrollment) -> int | None:
    """Since when the enrollment is in its state, as far as that was noted."""
    noted = {
        EnrollmentState.HELD: enrollment.held_at,
        EnrollmentState.PAUSED: enrollment.paused_at,
        EnrollmentState.FINISHED: enrollment.finished_at or enrollment.last_sent_at,
        EnrollmentState.REPLIED: enrollment.replied_at,
        EnrollmentState.BOUNCED: enrollment.bounced_at,
        EnrollmentState.UNSUBSCRIBED: enrollment.unsubscribed_at,
        EnrollmentState.PARKED: enrollment.parked_at,
    }
    return noted.get(enrollment.state)


def _instants(enrollment: Enrollment) -> list[int]:
    """Whenever something about the enrollment was noted."""
    noted = (
        enrollment.created_at, enrollment.sent_at, enrollment.last_sent_at, enrollment.opened_at,
        enrollment.replied_at, enrollment.bounced_at, enrollment.unsubscribed_at, enrollment.parked_at,
        enrollment.held_at, enrollment.paused_at, enrollment.finished_at,
    )  # fmt: skip
    return [instant for instant in noted if instant is not None]


SEQUENCE_STATES = Collection(
    type="sequenceState",
    path="sequenceStates",
    view=view_of_state,
    natural="place",
    attributes=(
        Attribute("state", "state", Shape.TEXT, "FSR"),
        Attribute("stateChangedAt", "changed_at", Shape.INSTANT, "R"),
        Attribute("pauseReason", "paused_reason", Shape.TEXT, "FSR"),
        Attribute("errorReason", "error", Shape.TEXT, "R"),
        Attribute("repliedAt", "replied_at", Shape.INSTANT, "FSR"),
        Attribute("bounceCount", "bounces", Shape.WHOLE, "R"),
        Attribute("optOutCount", "opt_outs", Shape.WHOLE, "R"),
        Attribute("createdAt", "created_at", Shape.INSTANT, "FSR"),
        Attribute("updatedAt", "updated_at", Shape.INSTANT, "FSR"),
    ),
    relations=(
        Relation("prospect", "prospect", "contact", filters=(Attribute("emails", "contact.emails", Shape.TEXT, "F"),)),
        Relation(
            "sequence",
            "sequence",
            "sequence",
            filters=tuple(
                Attribute(attribute.name, f"sequence.{attribute.field}", attribute.shape, "F")
                for attribute in SEQUENCES.attributes
            ),
        ),
        Relation("mailbox", "mailbox", "sender", filters=(Attribute("email", "sender.email", Shape.TEXT, "F"),)),
        Relation(
            "sequenceStep",
            "sequenceStep",
            "step",
            read_only=True,
            filters=(
                Attribute("order", "step_order", Shape.WHOLE, "F"),
                Attribute("stepType", "step_kind", Shape.TEXT, "F"),
            ),
        ),
        Relation("account", "account", "contact.company_number", read_only=True),
        Relation("opportunity", "opportunity", "contact.opportunity", read_only=True),
    ),
)


def state_in_path(text: str) -> EnrollmentKey:
    """The enrollment that a path names. Raises NotFound."""
    key = key_of_enrollment_number(number_in_path("enrollment", text))
    if key is None:
        raise NotFound("enrollment")
    return key
