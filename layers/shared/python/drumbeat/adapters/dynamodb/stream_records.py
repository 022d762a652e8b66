"""What the table's stream says, as the function that reads it is told."""

from collections.abc import Mapping
from typing import Any

from drumbeat.adapters.dynamodb.enrollment_items import enrollment_of
from drumbeat.adapters.dynamodb.items import from_wire
from drumbeat.domain.event import EnrollmentChange
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
