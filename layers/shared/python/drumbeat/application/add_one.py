"""Adding one contact to a sequence, with an answer that says why not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from drumbeat.application.add_to_sequence import add_to_sequence
from drumbeat.application.rulesets import ruleset_of
from drumbeat.application.sequences import get_sequence
from drumbeat.domain.batch import NO_SUCH_TARGET
from drumbeat.domain.errors import NotAdded, NotFound, SequenceNotActive, StoreBusy
from drumbeat.domain.sequence import SequenceStatus

if TYPE_CHECKING:
    from drumbeat.application.addition import AddPorts
    from drumbeat.domain.enrollment import Enrollment


def add_one(
    ports: AddPorts,
    *,
    tenant: int,
    sequence_number: int,
    sender_number: int,
    contact: int,
    intent: str | None,
    now: int,
) -> Enrollment:
    """Adds the contact to the sequence, to be mailed by the sender; the same intent adds it once.

    Raises NotFound for any of them, SequenceNotActive, and NotAdded for what the ruleset says of the contact.
    """
    sequence = get_sequence(ports.sequences, tenant=tenant, number=sequence_number)
    if sequence.status is not SequenceStatus.ACTIVE:
        raise SequenceNotActive("Contacts are added to active sequences only.")
    sender = ports.sequences.sender(tenant, sender_number)
    if sender is None:
        raise NotFound("sender", sender_number)
    tag = f"one.{intent[:16] if intent else now}"
    (outcome,) = add_to_sequence(
        ports,
        tenant=tenant,
        sequence=sequence,
        ruleset=ruleset_of(ports.rulesets, sequence),
        sender=sender,
        contacts=[contact],
        tag=tag,
        now=now,
    )
    if outcome.code == NO_SUCH_TARGET.code:
        raise NotFound("contact", contact)
    if outcome.code is not None:
        raise NotAdded(outcome.text or outcome.code, reason=outcome.code)
    runs = ports.enrollments.runs(tenant, [sequence_number], [contact])[sequence_number, contact]
    made = next((run for run in runs if run.batch_tag == tag), None)
    if made is None:
        raise StoreBusy("The contact was taken out again at this very moment. Try again.")
    return made
