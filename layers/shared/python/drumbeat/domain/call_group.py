"""Call groups: people who are called one after the other, until a call of theirs ends the chain. Facts in, state out.

Exactly one member of a group may be called at a time. Whoever changes the group does so under its version, so that of
two who want to at once one looks again (contract 4.5, ADR 37).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from drumbeat.domain.digest import digest
from drumbeat.domain.enrollment import Enrollment, EnrollmentState, is_anytime, is_over
from drumbeat.domain.fit_text import comparable
from drumbeat.domain.lifecycle import finished
from drumbeat.domain.schedule import next_open
from drumbeat.domain.times import HOUR

if TYPE_CHECKING:
    from drumbeat.domain.ids import EnrollmentKey
    from drumbeat.domain.sequence import Sequence

LOOK_AGAIN = 6 * HOUR
"""How long a group with waiting members is left alone, should nobody have told it that its active one is over."""
SUCCEEDED = "a call of its group was successful"
REPLIED = "somebody of its group has replied"
AGENT_GONE = "its agent is gone"
CANCELLED = "the active call of its group was cancelled"
_DIGITS = 40


class Place(StrEnum):
    """Where somebody stands who comes to a group: is called, waits, or is too late for a chain that is over."""

    ACTIVE = "active"
    WAITING = "waiting"
    CLOSED = "closed"


class GroupName(NamedTuple):
    """Which group: `digest` is `group_digest` of what its members have in common."""

    tenant: int
    sequence: int
    digest: str


class Member(NamedTuple):
    """A member by its place in the order of arrival; the first of a group has 1."""

    ordinal: int
    key: EnrollmentKey


@dataclass(frozen=True, slots=True)
class CallGroup:
    """What a group is at the moment; every write of it adds one to `version`, and 0 was never written.

    `active` is who is called, over or not: it stays until somebody else is, or nobody waits any more. `head` is the
    first member whose turn has not come, `last` the last one that arrived; what lies between waits. A chain that is
    over keeps its members: those through `closed_through`, of whom those through `cleared_through` have been told.
    Whoever was accepted by `closed_at` belongs to it; `closed_because` is what its members are told. `accepted_at` is
    the latest acceptance of any member. A group with something to do is looked at again at `look_at`, never if None.
    """

    name: GroupName
    version: int = 0
    active: EnrollmentKey | None = None
    head: int = 1
    last: int = 0
    accepted_at: int = 0
    closed_at: int | None = None
    closed_because: str | None = None
    closed_through: int = 0
    cleared_through: int = 0
    look_at: int | None = None

    @property
    def is_waited_in(self) -> bool:
        """Whether there may be members whose turn has not come."""
        return self.head <= self.last

    @property
    def is_cleared(self) -> bool:
        """Whether everybody has been told of the chains that are over."""
        return self.cleared_through == self.closed_through


class Joined(NamedTuple):
    """The group with one more member, its ordinal and its place. The `CLOSED` have no ordinal: they are no members."""

    group: CallGroup
    ordinal: int
    place: Place


class Turn(StrEnum):
    """What a group makes of its active member: goes on waiting for it, calls the next one, or is closed."""

    HOLDS = "holds"
    PASSES_ON = "passes on"
    CLOSES = "closes"


def group_digest(variable: str, value: str) -> str:
    """What the members of a group have in common: the value of a variable, as `comparable` as to whoever cancels it."""
    return digest(f"{len(variable)} {variable} {comparable(value)}")[:_DIGITS]


def joined(group: CallGroup, key: EnrollmentKey, accepted_at: int) -> Joined:
    """Somebody whose call we accepted then comes to the group: is called if nobody is, else waits.

    Whoever was accepted before the chain came to its end belongs to it, however late it is made; later ones begin anew.
    """
    if group.closed_at is not None and accepted_at <= group.closed_at:
        return Joined(group, 0, Place.CLOSED)
    ordinal, latest = group.last + 1, max(group.accepted_at, accepted_at)
    if group.active is None:
        first = replace(group, active=key, head=ordinal + 1, last=ordinal, accepted_at=latest)
        return Joined(first, ordinal, Place.ACTIVE)
    look_at = accepted_at + LOOK_AGAIN if group.look_at is None else group.look_at
    return Joined(replace(group, last=ordinal, accepted_at=latest, look_at=look_at), ordinal, Place.WAITING)


def turn(active: Enrollment | None) -> Turn:
    """What the group makes of its active member, None if that one is gone without a trace.

    A success, a reply and a cancel end the chain, whatever has become of the enrollment afterwards. Who is paused, or
    in doubt, keeps its turn: somebody has to decide.
    """
    if active is None:
        return Turn.PASSES_ON
    if not is_over(active):
        return Turn.HOLDS
    return Turn.PASSES_ON if end_of_chain(active) is None else Turn.CLOSES


def end_of_chain(active: Enrollment) -> str | None:
    """Why the end of the active member is the end of all, None if it is not."""
    if active.succeeded_at is not None:
        return SUCCEEDED
    if active.replied_at is not None:
        return REPLIED
    return CANCELLED if active.finished_at is not None else None


def passed_on(group: CallGroup, to: Member | None) -> CallGroup:
    """The group that calls this member now, or has nobody left to call."""
    if to is None:
        return _at_rest(replace(group, active=None, head=group.last + 1))
    return _at_rest(replace(group, active=to.key, head=to.ordinal + 1))


def skipped(group: CallGroup, through: int) -> CallGroup:
    """The group that has looked at its waiting members through this one: all of them are over."""
    return replace(group, head=through + 1)


def closed(group: CallGroup, because: str, now: int) -> CallGroup:
    """The group whose chain is over for everybody in it, and for those accepted by now who are still to come."""
    cleared_through = group.head - 1 if group.is_cleared else group.cleared_through
    over = replace(
        group,
        active=None,
        head=group.last + 1,
        closed_at=max(now, group.accepted_at, group.closed_at or 0),
        closed_because=because,
        closed_through=group.last,
        cleared_through=cleared_through,
    )
    return _at_rest(over)


def cleared(group: CallGroup, through: int) -> CallGroup:
    """The group whose members through this one know that their chain is over."""
    return _at_rest(replace(group, cleared_through=through))


def looked_at(group: CallGroup, now: int) -> CallGroup:
    """The group that needs no look for some time, or none at all."""
    return _at_rest(replace(group, look_at=now + LOOK_AGAIN))


def _at_rest(group: CallGroup) -> CallGroup:
    """Nobody looks again at a group where nobody waits."""
    return group if group.is_waited_in or not group.is_cleared else replace(group, look_at=None)


def activated(waiting: Enrollment, sequence: Sequence, now: int) -> Enrollment:
    """The waiting member whose turn has come: it is due when it would be if it had not waited, but from now on.

    One that was paused while it waited is paused now, and keeps its turn.
    """
    soonest = max(now, waiting.due)
    anytime = is_anytime(waiting.anytime, waiting.due, now)
    due = soonest if anytime else next_open(soonest, sequence.hours, waiting.zone)
    state = EnrollmentState.ACTIVE if waiting.paused_at is None else EnrollmentState.PAUSED
    return replace(waiting, state=state, due=due, timed=due > now, anytime=anytime)


def called_off(member: Enrollment, because: str, now: int) -> Enrollment:
    """The member that is not called any more, as its chain is over; a call under way is noted when it ends."""
    return replace(finished(member, now), exit_reason=because)
