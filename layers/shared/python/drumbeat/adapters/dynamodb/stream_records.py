"""What the table's stream says, as the function that reads it is told."""

from collections.abc import Mapping
from typing import Any

from drumbeat.adapters.dynamodb.enrollment_items import enrollment_of
from drumbeat.adapters.dynamodb.items import from_wire
from drumbeat.domain.enrollment import is_over
from drumbeat.domain.event import EnrollmentChange, EnrollmentEnd
from drumbeat.domain.times import SECOND

_ONLY_ENROLLMENTS_HAVE = "batch_tag"
"""Enrollments have it from the beginning, nothing else does: the template's filter goes by it too."""


def read_change(record: Mapping[str, Any]) -> EnrollmentChange | None:
    """The change of an enrollment that a stream record tells of, None for anything else.

    One that is new is none: nothing has happened to it yet, and restoring a table must not tell its history again.
    Raises KeyError, ValueError or TypeError for images that this code can't read.
    """
    told = record["dynamodb"]
    images = [from_wire(told[name]) for name in ("OldImage", "NewImage") if name in told]
    if len(images) < 2 or not all(_ONLY_ENROLLMENTS_HAVE in image for image in images):
        return None
    old, new = map(enrollment_of, images)
    return EnrollmentChange(old, new, int(told["ApproximateCreationDateTime"] * SECOND))


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
