"""Enrollments: bulk inserts by deterministic keys, and reading them back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from heapq import merge
from itertools import batched
from typing import TYPE_CHECKING

from drumbeat.adapters.dynamodb import keys
from drumbeat.adapters.dynamodb.enrollment_items import enrollment_of, keys_beside, made_item
from drumbeat.adapters.dynamodb.lead_locks import unlock_write
from drumbeat.adapters.dynamodb.numbers import Counters
from drumbeat.adapters.dynamodb.statements import Statements
from drumbeat.adapters.dynamodb.table import ABSENT, Table, TransactionRefused
from drumbeat.domain.errors import StoreBusy
from drumbeat.domain.ids import EnrollmentKey, Kind

if TYPE_CHECKING:
    from drumbeat.domain.enrollment import Enrollment

_MOST_WRITES = 100
_TRIES = 5
_PAIRS_PER_REQUEST = 50
_MINE = "attribute_not_exists(first_sequence) OR first_sequence = :me"


@dataclass(frozen=True, slots=True)
class EnrollmentStore:
    """Keeps enrollments. Being enrolled is a property of the key, so nothing can be enrolled twice."""

    table: Table

    def existing(self, tenant: int, wanted: Sequence[EnrollmentKey]) -> dict[EnrollmentKey, Enrollment]:
        """Those among `wanted` that exist."""
        found = self.table.get_many([keys.enrollment(tenant, key) for key in wanted])
        return {enrollment.key: enrollment for enrollment in map(enrollment_of, found.values())}

    def get(self, tenant: int, key: EnrollmentKey) -> Enrollment | None:
        """The enrollment, or None."""
        item = self.table.get(keys.enrollment(tenant, key))
        found = None if item is None else enrollment_of(item)
        return None if found is None or found.is_deleted else found

    def runs(
        self, tenant: int, sequences: Sequence[int], contacts: Sequence[int]
    ) -> dict[tuple[int, int], list[Enrollment]]:
        """All runs of these contacts through these sequences in their order, the deleted ones too.

        A contact's runs through a sequence have no gaps: whoever has one more is asked for once more.
        """
        found: dict[tuple[int, int], list[Enrollment]] = {}
        wanted = [EnrollmentKey(sequence, contact) for sequence in sequences for contact in contacts]
        if len(wanted) <= _PAIRS_PER_REQUEST:
            wanted += [replace(key, run=1) for key in wanted]  # a second request is dearer
        while wanted:
            there = self.existing(tenant, wanted)
            last = {(key.sequence, key.contact): key.run for key in wanted}
            for key in wanted:
                if key in there:
                    found.setdefault((key.sequence, key.contact), []).append(there[key])
            full = [EnrollmentKey(*pair, run) for pair, run in last.items()]
            wanted = [replace(key, run=key.run + 1) for key in full if key in there]
        return found

    def insert(self, enrollments: Sequence[Enrollment]) -> set[EnrollmentKey]:
        """Writes those that are not there yet, 25 a request; returns the keys that were already taken."""
        taken = Statements(self.table).insert([made_item(enrollment) for enrollment in enrollments])
        return {enrollments[place].key for place in taken}

    def members(self, tenant: int, program: int, contacts: Sequence[int]) -> Mapping[int, int]:
        """Which of the program's sequences took each contact first, for those that one did."""
        wanted = {keys.membership(tenant, program, contact): contact for contact in contacts}
        found = self.table.get_many(list(wanted))
        return {wanted[key]: int(item["first_sequence"]) for key, item in found.items()}

    def insert_members(self, enrollments: Sequence[Enrollment], *, program: int, unique: bool) -> set[EnrollmentKey]:
        """Like `insert`, and notes the membership in the program in the same transaction.

        With `unique`, an enrollment whose contact another sequence of the program took is refused as taken too.
        """
        return self._write_groups([self._member(entry, program, unique) for entry in enrollments], enrollments)

    def fences(self, tenant: int, contacts: Sequence[int]) -> dict[int, int]:
        """How often each contact was added where exclusivity counts, for those that were."""
        wanted = {keys.fence(tenant, contact): contact for contact in contacts}
        found = self.table.get_many(list(wanted))
        return {wanted[key]: int(item["adds"]) for key, item in found.items()}

    def insert_fenced(
        self, enrollments: Sequence[Enrollment], *, fences: Mapping[int, int], program: int | None, unique: bool
    ) -> set[EnrollmentKey]:
        """Like `insert`, or `insert_members` where there is a program, while a contact's fence is as it was seen.

        Of two adds of one contact at once, to whichever sequences, one is refused as if it were taken.
        """
        groups = [
            self.insertion(entry, fence=fences.get(entry.key.contact, 0), program=program, unique=unique)
            for entry in enrollments
        ]
        return self._write_groups(groups, enrollments)

    def insertion(
        self, enrollment: Enrollment, *, fence: int | None, program: int | None, unique: bool
    ) -> list[dict[str, object]]:
        """The writes of `insert_fenced` for one enrollment, without its fence where that is None."""
        passed = [] if fence is None else [self._passed(enrollment, fence)]
        return [*self._writes(enrollment, program, unique), *passed]

    def _writes(self, enrollment: Enrollment, program: int | None, unique: bool) -> list[dict[str, object]]:
        if program is None:
            return [self.table.put_write(made_item(enrollment), condition=ABSENT)]
        return self._member(enrollment, program, unique)

    def _write_groups(
        self, groups: Sequence[list[dict[str, object]]], enrollments: Sequence[Enrollment]
    ) -> set[EnrollmentKey]:
        """Writes groups of equal size, each all or nothing; returns the keys of those that were refused."""
        refused: set[EnrollmentKey] = set()
        pairs = list(zip(enrollments, groups, strict=True))
        for part in batched(pairs, _MOST_WRITES // max(map(len, groups), default=1), strict=False):
            refused |= self._write_part(list(part))
        return refused

    def _write_part(self, part: list[tuple[Enrollment, list[dict[str, object]]]]) -> set[EnrollmentKey]:
        refused: set[EnrollmentKey] = set()
        while part:
            try:
                self.table.transact([write for _, group in part for write in group])
                return refused
            except TransactionRefused as refusal:
                out = {place // len(part[0][1]) for place in refusal.failed}
                refused |= {part[place][0].key for place in out}
                part = [pair for place, pair in enumerate(part) if place not in out]
        return refused

    def _member(self, enrollment: Enrollment, program: int, unique: bool) -> list[dict[str, object]]:
        me = enrollment.key.sequence
        membership = self.table.update_write(
            keys.membership(enrollment.tenant, program, enrollment.key.contact),
            "SET first_sequence = if_not_exists(first_sequence, :me)",
            condition=_MINE if unique else "",
            values={":me": me},
        )
        return [self.table.put_write(made_item(enrollment), condition=ABSENT), membership]

    def _passed(self, enrollment: Enrollment, seen: int) -> dict[str, object]:
        key, count = keys.fence(enrollment.tenant, enrollment.key.contact), "SET adds = :next"
        if seen == 0:
            return self.table.update_write(key, count, condition=ABSENT, values={":next": 1})
        return self.table.update_write(key, count, condition="adds = :seen", values={":next": seen + 1, ":seen": seen})

    def of_sequence(
        self,
        tenant: int,
        sequence: int,
        *,
        contacts: tuple[int, int] | None = None,
        after: EnrollmentKey | None = None,
        deleted: bool = False,
    ) -> Iterator[Enrollment]:
        """The sequence's enrollments by contact number; `contacts` bounds it at both ends, `after` starts behind.

        With `deleted`, those too that were taken away.
        """
        options: dict[str, object] = {}
        if contacts is not None:
            options["between"] = keys.contact_sort(contacts[0]), f"{keys.contact_sort(contacts[1])}#~"
        elif after is not None:
            options["after"] = keys.enrollment(tenant, after)[1]
        shards = [keys.enrollment_shard(tenant, sequence, shard) for shard in range(keys.SHARDS)]
        rows = merge(*(self.table.items(shard, **options) for shard in shards), key=lambda item: str(item["SK"]))
        return (enrollment for enrollment in map(enrollment_of, rows) if deleted or not enrollment.is_deleted)

    def of_contact(self, tenant: int, contact: int) -> list[Enrollment]:
        """The contact's enrollments in every sequence, by sequence and run."""
        return self.of_contacts(tenant, [contact])

    def of_contacts(self, tenant: int, contacts: Sequence[int], *, deleted: bool = False) -> list[Enrollment]:
        """The enrollments of several contacts, each contact's by sequence and run: the keys are known.

        With `deleted`, those too that were taken away.
        """
        last = Counters(self.table).last(tenant, Kind.SEQUENCE)
        runs = self.runs(tenant, range(1, last + 1), contacts).values()
        found = [entry for some in runs for entry in some if deleted or not entry.is_deleted]
        return sorted(found, key=lambda entry: (entry.key.contact, entry.key))

    def mailing(self, tenant: int, contact: int) -> list[Enrollment]:
        """The enrollments that mail the contact, whoever was enrolled; one relinked just now may be missing."""
        own = (entry for entry in self.of_contact(tenant, contact) if entry.contact == contact)
        return [*own, *self.relinked_to(tenant, contact)]

    def relinked_to(self, tenant: int, contact: int) -> list[Enrollment]:
        """The enrollments of others that mail this contact; one that was relinked a moment ago may be missing."""
        rows = self.table.items(keys.relinked(tenant, contact), index="related")
        found = self.table.get_many([(row["PK"], row["SK"]) for row in rows])
        return [entry for entry in map(enrollment_of, found.values()) if entry.relinked_to == contact]

    def any_waiting(self, tenant: int, sequence: int) -> bool:
        """Whether an enrollment of the sequence is waiting for a step.

        The queue index may lag behind; what it does not show yet is looked for in the sequence itself.
        """
        for queue in (keys.new_queue(tenant, sequence), keys.deferred_queue(tenant, sequence)):
            if next(self.table.items(queue, index="queue", limit=1), None) is not None:
                return True
        shards = [keys.enrollment_shard(tenant, sequence, shard) for shard in range(keys.SHARDS)]
        return any("qpk" in item for shard in shards for item in self.table.items(shard))

    def remove(self, enrollments: Sequence[Enrollment], *, programs: Mapping[int, int]) -> None:
        """Deletes enrollments with what is theirs: the locks on their external ids, contexts, callees, what their calls
        came to, and the marks of their contacts (`programs`: sequence → program with a membership).

        A contact's later runs go first: whoever dies half-way leaves no gap.
        """
        marks = [
            keys.membership(entry.tenant, programs[entry.key.sequence], entry.key.contact)
            for entry in enrollments
            if entry.key.sequence in programs
        ]
        marks += [key for entry in enrollments for key in (*keys_beside(entry), *_results_of(entry))]
        self.table.delete_many(marks + [keys.fence(entry.tenant, entry.key.contact) for entry in enrollments])
        for run in sorted({entry.key.run for entry in enrollments}, reverse=True):
            doomed = [entry for entry in enrollments if entry.key.run == run]
            self._remove_with_ids(doomed)
            self.table.delete_many(keys.enrollment(entry.tenant, entry.key) for entry in doomed)

    def _remove_with_ids(self, doomed: Sequence[Enrollment]) -> None:
        """Deletes those that have external ids together with the locks on them. Raises StoreBusy."""
        held = [entry for entry in doomed if entry.lead.external_id is not None]
        for _ in range(_TRIES):
            if not held:
                return
            refused = self._write_groups([self._removal(entry) for entry in held], held)
            changed = self.existing(held[0].tenant, sorted(refused)).values()
            held = [entry for entry in changed if entry.lead.external_id is not None]
        raise StoreBusy("The enrollments keep changing. Try again.")

    def _removal(self, enrollment: Enrollment) -> list[dict[str, object]]:
        external_id = enrollment.lead.external_id or ""
        gone = self.table.delete_write(
            keys.enrollment(enrollment.tenant, enrollment.key),
            condition="lead_external_id = :seen",
            values={":seen": external_id},
        )
        return [gone, unlock_write(self.table, enrollment.tenant, enrollment.key, external_id)]


def _results_of(enrollment: Enrollment) -> list[keys.Key]:
    """Where the results of its calls are kept: any of its requests may have been for one."""
    if enrollment.last_call is None:
        return []
    return [keys.call_result(enrollment.tenant, enrollment.key, asked + 1) for asked in range(enrollment.asked)]
