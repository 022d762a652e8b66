"""Call groups go on: the next member is called when the active one is over, or everybody hears that the chain is.

Nothing here remembers anything: every look decides on what is stored, so that it may be made at any time, twice, or
by two at once, and whoever dies in between leaves the rest to the next look.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple, Protocol

from drumbeat.application.sequences import wake_senders
from drumbeat.domain.call_group import (
    AGENT_GONE,
    SUCCEEDED,
    CallGroup,
    GroupName,
    Member,
    Turn,
    activated,
    called_off,
    cleared,
    closed,
    end_of_chain,
    looked_at,
    passed_on,
    skipped,
    turn,
)
from drumbeat.domain.enrollment import Enrollment, EnrollmentState, is_over
from drumbeat.domain.errors import StoreBusy
from drumbeat.domain.lifecycle import SENDER_GONE, Move, paused

if TYPE_CHECKING:
    from drumbeat.application.ports import Enrollments, LaneWaker, OutOfTime, Sequences
    from drumbeat.domain.ids import EnrollmentKey

_AT_ONCE = 90
"""How many members one step looks at: what becomes of all of them fits a transaction, beside the group."""
_TRIES = 5


class CallGroups(Protocol):
    """Keeps call groups."""

    def get(self, name: GroupName) -> CallGroup | None: ...
    def members(self, name: GroupName, *, first: int, last: int) -> Iterator[Member]: ...
    def up(self, until: int) -> list[GroupName]: ...

    def store(self, seen: CallGroup, told: CallGroup, moves: Sequence[Move] = ()) -> bool:
        """Writes the group and the enrollments, all or nothing, if all of them still are as seen; False if not."""
        ...


@dataclass(frozen=True, slots=True)
class CallGroupPorts:
    """What seeing to call groups touches."""

    groups: CallGroups
    enrollments: Enrollments
    sequences: Sequences
    lanes: LaneWaker


@dataclass(frozen=True, slots=True)
class SeenTo:
    """What looks came to: groups looked at, members whose turn has come, chains that came to their end."""

    groups: int
    activated: int
    closed: int


class Step(NamedTuple):
    """What a group becomes next, and what becomes of enrollments in the same write."""

    told: CallGroup
    moves: tuple[Move, ...] = ()


class Look(NamedTuple):
    """A group after everything it wanted was done, and what that was; None if there is no such group."""

    group: CallGroup | None
    activated: int = 0
    closed: int = 0


def follow_members(ports: CallGroupPorts, members: Sequence[Enrollment], *, now: int) -> SeenTo:
    """Sees to the groups of members that are over as these images tell; other enrollments concern no group.

    Run again, late or in another order it comes to the same. Raises StoreBusy: some groups may have been seen to.
    """
    told: dict[GroupName, list[Enrollment]] = {}
    for member in members:
        if member.group is not None:
            told.setdefault(GroupName(member.tenant, member.key.sequence, member.group), []).append(member)
    return _summed([see_to(ports, name, images, now=now) for name, images in told.items()])


def look_at_groups(ports: CallGroupPorts, *, now: int, out_of_time: OutOfTime) -> SeenTo:
    """Sees to the groups that nobody has seen to for long; costs one query when there are none."""
    looks = []
    for name in ports.groups.up(now):
        if out_of_time():
            break
        looks.append(look := see_to(ports, name, now=now))
        if look.group is not None and look.group.look_at is not None and look.group.look_at <= now:
            ports.groups.store(look.group, looked_at(look.group, now))
    return _summed(looks)


def see_to(ports: CallGroupPorts, name: GroupName, images: Sequence[Enrollment] = (), *, now: int) -> Look:
    """Does all that the group wants done.

    `images` show members at some moment: of one that is gone they alone know how it ended, and only they tell of a
    success that came after its turn. Raises StoreBusy.
    """
    look, refused = Look(None), 0
    while refused < _TRIES:
        seen = ports.groups.get(name)
        step = None if seen is None else _next_step(ports, seen, images, now)
        if seen is None or step is None:
            return look._replace(group=seen)
        if not ports.groups.store(seen, *step):
            refused += 1
            continue
        look = _with(look, seen, step.told)
        if _is_seen_to(seen, step.told):
            return look
    raise StoreBusy("The call group keeps changing. Try again.")


def _is_seen_to(seen: CallGroup, told: CallGroup) -> bool:
    """Whether this write has left nothing to do: everybody has heard, and somebody new is called or nobody waits."""
    return told.is_cleared and (told.active is None or told.active != seen.active)


def _with(look: Look, seen: CallGroup, told: CallGroup) -> Look:
    has_called = told.active is not None and told.active != seen.active
    is_closed = told.closed_through != seen.closed_through or told.closed_at != seen.closed_at
    return Look(replace(told, version=seen.version + 1), look.activated + has_called, look.closed + is_closed)


def _summed(looks: Sequence[Look]) -> SeenTo:
    return SeenTo(len(looks), sum(look.activated for look in looks), sum(look.closed for look in looks))


def _next_step(ports: CallGroupPorts, group: CallGroup, images: Sequence[Enrollment], now: int) -> Step | None:
    """What is to be done about the group now, None if nothing is."""
    active = _stored(ports, group.name, group.active)
    because = _end_of_chain(ports, group, active, images)
    if because is not None:
        return _close(group, active, because, now)
    if turn(active) is Turn.PASSES_ON and (group.active is not None or group.is_waited_in):
        return _pass_on(ports, group, now)
    return None if group.is_cleared else _clear(ports, group, now)


def _stored(ports: CallGroupPorts, name: GroupName, key: EnrollmentKey | None) -> Enrollment | None:
    """Who is called. Whoever waits is not: that one has the key of somebody who was deleted while it was made."""
    found = None if key is None else _there(ports, name, [key]).get(key)
    return None if found is None or found.state is EnrollmentState.WAITING else found


def _there(ports: CallGroupPorts, name: GroupName, keys: Iterable[EnrollmentKey]) -> Mapping[EnrollmentKey, Enrollment]:
    """The enrollments of these members; one that got the key of a deleted member may be of no group, or another."""
    found = ports.enrollments.existing(name.tenant, list(dict.fromkeys(keys)))
    return {key: member for key, member in found.items() if member.group == name.digest}


def _end_of_chain(
    ports: CallGroupPorts, group: CallGroup, active: Enrollment | None, images: Sequence[Enrollment]
) -> str | None:
    """Why the chain is over, None if it is not."""
    if active is not None and turn(active) is Turn.CLOSES:
        return end_of_chain(active)
    for image in images:
        because = end_of_chain(image) if image.key == group.active and active is None else None
        if because is not None:
            return because
        if image.succeeded_at is not None and image.key != group.active and _has_had_its_turn(ports, group, image.key):
            return SUCCEEDED
    return None


def _has_had_its_turn(ports: CallGroupPorts, group: CallGroup, key: EnrollmentKey) -> bool:
    """Whether a member of the chain that is not over was called before the active one."""
    first, last = group.closed_through + 1, group.head - 1
    return any(member.key == key for member in ports.groups.members(group.name, first=first, last=last))


def _close(group: CallGroup, active: Enrollment | None, because: str, now: int) -> Step:
    """Nobody is called any more: not even who is at this moment, where an earlier call has succeeded late."""
    is_called = active is not None and not is_over(active)
    moves = (Move(active, called_off(active, because, now)),) if active is not None and is_called else ()
    return Step(closed(group, because, now), moves)


def _pass_on(ports: CallGroupPorts, group: CallGroup, now: int) -> Step:
    """The first one that still waits is called; those before it were taken out while they waited."""
    members, there = _some(ports, group, group.head, group.last)
    for member in members:
        waiting = there.get(member.key)
        if waiting is not None and waiting.state is EnrollmentState.WAITING:
            return _activate(ports, group, member, waiting, now)
    through = members[-1].ordinal if members else group.last
    return Step(skipped(group, through) if through < group.last else passed_on(group, None))


def _activate(ports: CallGroupPorts, group: CallGroup, member: Member, waiting: Enrollment, now: int) -> Step:
    """Who is bound to a sender that is gone is paused where its turn comes: somebody has to decide."""
    sequence = ports.sequences.get(group.name.tenant, group.name.sequence)
    if sequence is None:
        return Step(closed(group, AGENT_GONE, now))
    told = activated(waiting, sequence, now)
    if not wake_senders(ports.lanes, ports.sequences, told, sequence, now):
        told = paused(told, SENDER_GONE, now)
    return Step(passed_on(group, member), (Move(waiting, told),))


def _clear(ports: CallGroupPorts, group: CallGroup, now: int) -> Step:
    """The next ones that waited in a chain that is over hear of it."""
    members, there = _some(ports, group, group.cleared_through + 1, group.closed_through)
    because = group.closed_because or SUCCEEDED
    waiting = [seen for seen in there.values() if seen.state is EnrollmentState.WAITING]
    moves = [Move(seen, called_off(seen, because, now)) for seen in waiting]
    through = members[-1].ordinal if members else group.closed_through
    return Step(cleared(group, through), tuple(moves))


def _some(
    ports: CallGroupPorts, group: CallGroup, first: int, last: int
) -> tuple[list[Member], Mapping[EnrollmentKey, Enrollment]]:
    """The first members of a range, and the enrollments of theirs that are there."""
    members = list(islice(ports.groups.members(group.name, first=first, last=last), _AT_ONCE))
    return members, _there(ports, group.name, [member.key for member in members])
