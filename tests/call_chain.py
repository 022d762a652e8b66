"""A call group, and whoever comes to it and ends: as batches, people, workers and apps write it."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from drumbeat.adapters.dynamodb import keys
from drumbeat.adapters.dynamodb.call_groups import CallGroupStore, get_many, join_writes
from drumbeat.adapters.dynamodb.enrollment_items import enrollment_item
from drumbeat.adapters.dynamodb.enrollments import EnrollmentStore
from drumbeat.adapters.dynamodb.sequence_items import sender_item, sequence_item
from drumbeat.adapters.dynamodb.table import ABSENT, ConditionFailed, Table
from drumbeat.domain.call_group import CallGroup, GroupName, Member, Place, called_off, group_digest, joined
from drumbeat.domain.enrollment import Enrollment, EnrollmentState, is_over, new_enrollment
from drumbeat.domain.ids import EnrollmentKey
from drumbeat.domain.lifecycle import deleted, finished, paused
from drumbeat.domain.sequence import Sender, SenderKind, SequenceStatus, Step, StepKind
from drumbeat.domain.sequence import Sequence as Cadence

NOW = 1_797_156_000_000
TENANT, SEQUENCE, SENDER = 1, 1, 11
_TRIES = 50
State = EnrollmentState


class CallChain:
    """One group of one agent, whose members are contacts 1, 2, …; time stands still unless somebody moves `now`."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self.now = NOW
        self.begin_anew("Acme")
        place = ("dialler", "https://dialler.example/hook", 0, "", "sealed", "", "", 0, NOW)
        table.put(sender_item(Sender(TENANT, SENDER, None, *place, kind=SenderKind.CONNECTOR)))
        table.put(sequence_item(_agent()))

    def begin_anew(self, company: str) -> None:
        """From now on it is about another group."""
        self.name = GroupName(TENANT, SEQUENCE, group_digest("company", company))

    def through(self, table: Table) -> "CallChain":
        """The same group, seen and changed by another way to the table."""
        other = object.__new__(CallChain)
        other.__dict__ |= self.__dict__ | {"table": table}
        return other

    def join(self, contact: int, *, accepted_at: int | None = None) -> EnrollmentState:
        """Makes a member as a batch makes a row: with the group, all or nothing, decided anew if others are first."""
        key, at = EnrollmentKey(SEQUENCE, contact), self.now if accepted_at is None else accepted_at
        for _ in range(_TRIES):
            known = self.member(contact)
            if known is not None:
                return known.state
            seen = self.group()
            told, ordinal, place = joined(seen, key, at)
            made = self._made(key, place, seen)
            members = [] if place is Place.CLOSED else [Member(ordinal, key)]
            put = self.table.put_write(enrollment_item(made), condition=ABSENT)
            if self.table.commits([put, *join_writes(self.table, seen, told, members)]):
                return made.state
        raise AssertionError("it never joined")

    def join_new(self) -> int:
        """Has somebody join who has not been there; says who."""
        contact = 1 + sum(1 for _ in EnrollmentStore(self.table).of_sequence(TENANT, SEQUENCE, deleted=True))
        self.join(contact)
        return contact

    def _made(self, key: EnrollmentKey, place: Place, seen: CallGroup) -> Enrollment:
        made = new_enrollment(
            TENANT, key, batch_number=1, batch_tag=f"b1.{key.contact}", now=self.now, zone="UTC", bound_to=SENDER
        )
        if place is Place.CLOSED:
            return called_off(made, seen.closed_because or "", self.now)
        return replace(made, group=self.name.digest, state=State.ACTIVE if place is Place.ACTIVE else State.WAITING)

    def member(self, contact: int) -> Enrollment | None:
        """The enrollment, also one that was taken away."""
        key = EnrollmentKey(SEQUENCE, contact)
        return EnrollmentStore(self.table).existing(TENANT, [key]).get(key)

    def state(self, contact: int) -> EnrollmentState | None:
        """What has become of a member, None if it is gone."""
        member = self.member(contact)
        return None if member is None else member.state

    def there(self, contact: int) -> Enrollment:
        """The enrollment, which is there."""
        found = self.member(contact)
        assert found is not None
        return found

    def members(self) -> list[Member]:
        return list(CallGroupStore(self.table).members(self.name, first=1, last=self.group().last))

    def states(self) -> list[EnrollmentState | None]:
        """What has become of everybody in the group, in the order in which they came."""
        return [self.state(member.key.contact) for member in self.members()]

    def group(self) -> CallGroup:
        return get_many(self.table, TENANT, SEQUENCE, [self.name.digest])[self.name.digest]

    def change(self, contact: int, what: str) -> bool:
        """Does something to a member; False if that is nothing to it by now."""
        for _ in range(_TRIES):
            seen = self.member(contact)
            told = None if seen is None else CHANGES[what](seen, self.now)
            if seen is None or told is None:
                return False
            if self._write(seen, told):
                return True
        raise AssertionError("it never changed")

    def _write(self, seen: Enrollment, told: Enrollment) -> bool:
        is_news = " AND attribute_not_exists(succeeded_at)" if seen.succeeded_at is None else ""
        condition, values = f"#state = :seen{is_news}", {":seen": seen.state.value}
        try:
            self.table.put(enrollment_item(told), condition=condition, names={"#state": "state"}, values=values)
        except ConditionFailed:
            return False
        return True

    def drop(self, contact: int) -> None:
        """Removes a member's item, as deleting its contact does."""
        self.table.delete(keys.enrollment(TENANT, EnrollmentKey(SEQUENCE, contact)))


def _when(states: set[EnrollmentState], told: Callable[[Enrollment, int], Enrollment]) -> Any:
    return lambda seen, now: told(seen, now) if seen.state in states else None


_ACTIVE = {State.ACTIVE}
CHANGES: Mapping[str, Callable[[Enrollment, int], Enrollment | None]] = {
    "cancel": lambda seen, now: None if is_over(seen) else finished(seen, now),
    "fail": _when(_ACTIVE, lambda seen, _: replace(seen, state=State.FAILED)),
    "end": _when(_ACTIVE, lambda seen, _: replace(seen, state=State.FINISHED)),
    "succeed": _when(_ACTIVE, lambda seen, now: replace(seen, state=State.FINISHED, succeeded_at=now)),
    "reply": _when(_ACTIVE, lambda seen, now: replace(seen, state=State.REPLIED, replied_at=now)),
    "bounce": _when(_ACTIVE, lambda seen, now: replace(seen, state=State.BOUNCED, bounced_at=now)),
    "unsubscribe": lambda seen, _: None if is_over(seen) else replace(seen, state=State.UNSUBSCRIBED),
    "take away": lambda seen, _: None if seen.is_deleted else deleted(seen),
    "pause": _when(_ACTIVE, lambda seen, now: paused(seen, "paused by a user", now)),
    "park": _when(_ACTIVE, lambda seen, now: replace(seen, state=State.PARKED, parked_at=now, parked_reason="?")),
    "resume": _when(
        {State.PAUSED, State.PARKED},
        lambda seen, _: replace(seen, state=State.ACTIVE, paused_at=None, paused_reason=None, parked_reason=None),
    ),
    "succeed late": lambda seen, now: (
        replace(seen, succeeded_at=now) if seen.state is State.FAILED and seen.succeeded_at is None else None
    ),
}
"""What may become of a member: by name, what it is then, None where that can't happen to it."""


def _agent() -> Cadence:
    steps = (Step(1, "", "", 0, kind=StepKind.CALL),)
    place = (SequenceStatus.ACTIVE, None, 0, 0, False, 8.0, steps, (), NOW)
    return Cadence(TENANT, SEQUENCE, "Agent", *place, mailboxes=(SENDER,), connector=SENDER)
