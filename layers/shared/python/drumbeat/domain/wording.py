"""What a step said to somebody, as plain text with the merge fields filled in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from drumbeat.domain.mail import body_of, subject_of, text_of, values_of
from drumbeat.domain.merge import fill_html, fill_text
from drumbeat.domain.sequence import DraftStrategy, Step, StepKind

if TYPE_CHECKING:
    from drumbeat.domain.contact import Contact
    from drumbeat.domain.draft import Draft


@dataclass(frozen=True, slots=True)
class Wording:
    """The texts of a step; a message on a channel has no subject."""

    text: str
    subject: str | None = None


def wording_of(step: Step, contact: Contact | None, name: str | None, draft: Draft | None) -> Wording | None:
    """What the step said to the contact, whom the tenant may call by another `name`; None where we do not know."""
    values = values_of(contact, name)
    if step.is_drafted:
        return None if draft is None else Wording(draft.text, subject_of(step, values, draft))
    if step.kind is StepKind.EMAIL:
        text = text_of(fill_html(body_of(step), values)) if step.text is None else fill_text(step.text, values)
        return Wording(text, subject_of(step, values, None))
    is_ours = step.draft is DraftStrategy.STATIC and step.text
    return Wording(fill_text(step.text or "", values)) if is_ours else None
