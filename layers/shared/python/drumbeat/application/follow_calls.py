"""What the ends of enrollments mean for others: the next of a call group is called, and credits are given back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from drumbeat.application.call_groups import CallGroupPorts, follow_members
from drumbeat.application.credits import Credits, release_holds
from drumbeat.domain.credits import Hold, hold_left_behind, idle_hold

if TYPE_CHECKING:
    from drumbeat.domain.event import EnrollmentEnd


@dataclass(frozen=True, slots=True)
class FollowPorts:
    """What following calls touches."""

    groups: CallGroupPorts
    credits: Credits


@dataclass(frozen=True, slots=True)
class Followed:
    """How many call groups were seen to, how many members had their turn, how many chains came to their end, and how
    many enrollments gave back what they had set aside.
    """

    groups: int
    activated: int
    closed: int
    released: int


def follow_calls(ports: FollowPorts, ends: Sequence[EnrollmentEnd], *, now: int) -> Followed:
    """Does what these ends ask for; run again, late or in another order it comes to the same.

    Raises what the store raises: some of it may have been done by then.
    """
    seen_to = follow_members(ports.groups, [end.enrollment for end in ends], now=now)
    released = release_holds(ports.credits, _idle_holds(ends), now=now)
    return Followed(seen_to.groups, seen_to.activated, seen_to.closed, released)


def _idle_holds(ends: Sequence[EnrollmentEnd]) -> Iterator[Hold]:
    for end in ends:
        hold = hold_left_behind(end.enrollment) if end.is_gone else idle_hold(end.enrollment)
        if hold is not None:
            yield hold
