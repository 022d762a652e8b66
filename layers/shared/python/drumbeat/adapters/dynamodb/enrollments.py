"""Enrollments: bulk inserts by deterministic keys, and reading them back."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import merge
from itertools import batched

from drumbeat.adapters.dynamodb import keys
from drumbeat.adapters.dynamodb.enrollment_items import enrollment_item, enrollment_of
from drumbeat.adapters.dynamodb.numbers import Counters
from drumbeat.adapters.dynamodb.statements import Statements
from drumbeat.adapters.dynamodb.table import ABSENT, Table, TransactionRefused
from drumbeat.domain.enrollment import Enrollment
from drumbeat.domain.ids import EnrollmentKey, Kind

_PAIRS_PER_TRANSACTION = 50
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
        return None if item is None else enrollment_of(item)

    def insert(self, enrollments: Sequence[Enrollment]) -> set[EnrollmentKey]:
        """Writes those that are not there yet, 25 a request; returns the keys that were already taken."""
        taken = Statements(self.table).insert([enrollment_item(enrollment) for enrollment in enrollments])
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
        refused: set[EnrollmentKey] = set()
        for part in batched(enrollments, _PAIRS_PER_TRANSACTION, strict=False):
            refused |= self._insert_members_part(list(part), program, unique)
        return refused

    def _insert_members_part(self, part: list[Enrollment], program: int, unique: bool) -> set[EnrollmentKey]:
        refused: set[EnrollmentKey] = set()
        while part:
            try:
                self.table.transact([write for entry in part for write in self._member(entry, program, unique)])
                return refused
            except TransactionRefused as refusal:
                out = {place // 2 for place in refusal.failed}
                refused |= {part[place].key for place in out}
                part = [entry for place, entry in enumerate(part) if place not in out]
        return refused

    def _member(self, enrollment: Enrollment, program: int, unique: bool) -> list[dict[str, object]]:
        me = enrollment.key.sequence
        membership = self.table.update_write(
            keys.membership(enrollment.tenant, program, enrollment.key.contact),
            "SET first_sequence = if_not_exists(first_sequence, :me)",
            condition=_MINE if unique else "",
            values={":me": me},
        )
        return [self.table.put_write(enrollment_item(enrollment), condition=ABSENT), membership]

    def of_sequence(
        self,
        tenant: int,
        sequence: int,
        *,
        contacts: tuple[int, int] | None = None,
        after: EnrollmentKey | None = None,
    ) -> Iterator[Enrollment]:
        """The sequence's enrollments by contact number; `contacts` bounds it at both ends, `after` starts behind."""
        options: dict[str, object] = {}
        if contacts is not None:
            options["between"] = keys.contact_sort(contacts[0]), f"{keys.contact_sort(contacts[1])}#~"
        elif after is not None:
            options["after"] = keys.enrollment(tenant, after)[1]
        shards = [keys.enrollment_shard(tenant, sequence, shard) for shard in range(keys.SHARDS)]
        rows = merge(*(self.table.items(shard, **options) for shard in shards), key=lambda item: str(item["SK"]))
        return map(enrollment_of, rows)

    def of_contact(self, tenant: int, contact: int) -> list[Enrollment]:
        """The contact's enrollments in every sequence, by sequence: the keys are known, so nothing is searched."""
        return self.of_contacts(tenant, [contact])

    def of_contacts(self, tenant: int, contacts: Sequence[int]) -> list[Enrollment]:
        """The enrollments of several contacts, each contact's by sequence."""
        last = Counters(self.table).last(tenant, Kind.SEQUENCE)
        wanted = [EnrollmentKey(sequence, contact) for contact in contacts for sequence in range(1, last + 1)]
        found = self.existing(tenant, wanted)
        return [found[key] for key in wanted if key in found]

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
        """Deletes enrollments and their membership in their sequence's program (`programs`: sequence → program)."""
        doomed = [keys.enrollment(entry.tenant, entry.key) for entry in enrollments]
        doomed += [
            keys.membership(entry.tenant, programs[entry.key.sequence], entry.key.contact)
            for entry in enrollments
            if entry.key.sequence in programs
        ]
        self.table.delete_many(doomed)
