"""What the table's stream says, as the function that reads it is told."""

from collections.abc import Mapping
from typing import Any

from drumbeat.adapters.dynamodb.enrollment_items import enrollment_of
from drumbeat.adapters.dynamodb.items import from_wire
from drumbeat.adapters.dynamodb.sequence_items import sender_of, sequence_of
from drumbeat.domain.enrollment import is_over
from drumbeat.domain.event import Change, EnrollmentChange, EnrollmentEnd, SenderChange, SequenceChange
from drumbeat.domain.times import SECOND

_ONLY_ENROLLMENTS_HAVE = "batch_tag"
"""Enrollments have it from the beginning, nothing else does: the template's filter goes by it too."""
_ONLY_SENDERS_HAVE = "from_email"
_ONLY_SEQUENCES_HAVE = "bounce_rate_threshold"


def read_change(record: Mapping[str, Any]) -> Change | None:
    """The change of an enrollment, a sender or a sequence that a stream record tells of, None for anything else.

    What is new has not changed: nothing has happened to it yet, and restoring a table must not tell its history again.
    Raises KeyError, ValueError or TypeError for images that this code can't read.
    """
    told = record["dynamodb"]
    images = [from_wire(told[name]) for name in ("OldImage", "NewImage") if name in told]
    if len(images) < 2:
        return None
    (old, new), at = images, int(told["ApproximateCreationDateTime"] * SECOND)
    if _ONLY_ENROLLMENTS_HAVE in old and _ONLY_ENROLLMENTS_HAVE in new:
        return EnrollmentChange(enrollment_of(old), enrollment_of(new), at)
    if _ONLY_SENDERS_HAVE in new:
        return SenderChange(sender_of(old), sender_of(new), at)
    return SequenceChange(sequence_of(old), sequence_of(new), at) if _ONLY_SEQUENCES_HAVE in new else None


def read_end(record: Mapping[str, Any]) -> EnrollmentEnd | None:
    """The enrollment that is over as a stream record tells, or gone with its contact; None for anything else.

    Raises like `read_change`.
    """
    told = record["dynamodb"]
    is_gone = "NewImage" not in told
    image = from_wire(told["OldImage" if is_gone else "NewImage"])
    if _ONLY_ENROLLMENTS_HAVE not in image:
        return None
    enrollment = enrollment_of(image)
    return EnrollmentEnd(enrollment, is_gone) if is_gone or is_over(enrollment) else None
