"""Call groups on the table: the group and its members lie in one partition (docs/adr/0037)."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from drumbeat.adapters.dynamodb import keys
from drumbeat.adapters.dynamodb.enrollment_changes import move_writes
from drumbeat.adapters.dynamodb.table import ABSENT, Table
from drumbeat.domain.call_group import CallGroup, GroupName, Member
from drumbeat.domain.ids import EnrollmentKey

if TYPE_CHECKING:
    from drumbeat.domain.lifecycle import Move

_QUEUE = "queue"
_PAGE = 100
_AS_SEEN = "version = :seen"
_KEPT = (
    "version", "head", "last", "accepted_at", "closed_at", "closed_because", "closed_through", "cleared_through",
    "look_at",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class CallGroupStore:
    """Keeps call groups; every write of one is under the version that was seen."""

    table: Table

    def get(self, name: GroupName) -> CallGroup | None:
        """The group, None if nobody has ever come to it."""
        item = self.table.get(keys.call_group(*name))
        return None if item is None else _group_of(name, item)

    def store(self, seen: CallGroup, told: CallGroup, moves: Sequence[Move] = ()) -> bool:
        """Writes the group and what becomes of enrollments with it, if all of them still are as seen; False if not.

        Raises StoreBusy.
        """
        return self.table.commits([_write(self.table, seen, told), *move_writes(self.table, moves)])

    def members(self, name: GroupName, *, first: int, last: int) -> Iterator[Member]:
        """The members from ordinal `first` through `last`, in order; reads only as far as it is consumed."""
        if first > last:
            return  # no range to DynamoDB
        partition, _ = keys.call_group(*name)
        between = keys.call_member_sort(first), keys.call_member_sort(last)
        for row in self.table.items(partition, between=between, limit=_PAGE):
            yield Member(row["ordinal"], EnrollmentKey(name.sequence, row["contact"], row["run"]))

    def up(self, until: int) -> list[GroupName]:
        """The groups to look at by `until`, longest waiting first: one query, however much is stored."""
        rows = self.table.items(keys.waking_groups(), index=_QUEUE, between=("0", keys.wakes_until(until)))
        return [_name_in(row["qsk"]) for row in rows]


def get_many(table: Table, tenant: int, sequence: int, digests: Collection[str]) -> Mapping[str, CallGroup]:
    """The groups of these digests, 100 a request; one that nobody has ever come to is there too, as new."""
    wanted = {digest: GroupName(tenant, sequence, digest) for digest in digests}
    found = table.get_many([keys.call_group(*name) for name in wanted.values()])
    return {
        digest: CallGroup(name) if (item := found.get(keys.call_group(*name))) is None else _group_of(name, item)
        for digest, name in wanted.items()
    }


def join_writes(table: Table, seen: CallGroup, told: CallGroup, members: Sequence[Member]) -> list[dict[str, Any]]:
    """Members of a transaction with which these come to the group, if it still is as `seen`.

    They are one for the group and one for each member, none where nobody comes. The transaction has to hold the
    enrollments too: nobody is a member who was not made, nor made without being one.
    """
    return [_write(table, seen, told), *(_member(table, seen.name, one) for one in members)] if members else []


def _write(table: Table, seen: CallGroup, told: CallGroup) -> dict[str, Any]:
    item = _item(replace(told, version=seen.version + 1))
    if seen.version == 0:
        return table.put_write(item, condition=ABSENT)
    return table.put_write(item, condition=_AS_SEEN, values={":seen": seen.version})


def _member(table: Table, name: GroupName, member: Member) -> dict[str, Any]:
    partition, sort = keys.call_member(*name, member.ordinal)
    who = {"ordinal": member.ordinal, "contact": member.key.contact, "run": member.key.run}
    return table.put_write({"PK": partition, "SK": sort, **who}, condition=ABSENT)


def _item(group: CallGroup) -> dict[str, Any]:
    partition, sort = keys.call_group(*group.name)
    active = {} if group.active is None else {"active_contact": group.active.contact, "active_run": group.active.run}
    return {"PK": partition, "SK": sort} | {name: getattr(group, name) for name in _KEPT} | active | _place(group)


def _place(group: CallGroup) -> dict[str, str]:
    if group.look_at is None:
        return {}
    return {"qpk": keys.waking_groups(), "qsk": keys.waking_group_sort(group.look_at, *group.name)}


def _group_of(name: GroupName, item: Mapping[str, Any]) -> CallGroup:
    is_active = "active_contact" in item
    active = EnrollmentKey(name.sequence, item["active_contact"], item["active_run"]) if is_active else None
    return CallGroup(name, active=active, **{field: item[field] for field in _KEPT if field in item})


def _name_in(sort: str) -> GroupName:
    _, tenant, sequence, digest = sort.split("#")
    return GroupName(int(tenant), int(sequence), digest)
