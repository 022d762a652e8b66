"""Reading back who has replied, and what could not be told whose it is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Protocol

from drumbeat.application.sequences import get_sequence
from drumbeat.domain.placed_enrollment import PlacedEnrollment

if TYPE_CHECKING:
    from drumbeat.application.inbox_ports import UnmatchedReplies
    from drumbeat.application.ports import Sequences
    from drumbeat.domain.enrollment import Enrollment
    from drumbeat.domain.unmatched_reply import Place, UnmatchedReply


class Replies(Protocol):
    """Finds who has replied."""

    def newest(self, tenant: int, sequence: int) -> Iterator[Enrollment]: ...


def list_replies(
    sequences: Sequences, replies: Replies, *, tenant: int, sequence_number: int
) -> Iterator[PlacedEnrollment]:
    """The sequence's enrollments that ended with a reply, the latest first. Raises NotFound."""
    sequence = get_sequence(sequences, tenant=tenant, number=sequence_number)
    found = replies.newest(tenant, sequence_number)
    return (PlacedEnrollment(enrollment, sequence, None) for enrollment in found)


def list_unmatched_replies(
    unmatched: UnmatchedReplies, *, tenant: int, before: Place | None
) -> Iterator[UnmatchedReply]:
    """The mails of the last thirty days that belong to no enrollment, the latest first, from behind `before` on."""
    return unmatched.newest(tenant, before=before)
