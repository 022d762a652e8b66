"""Making accepted rows on the table: what is known of them, and several of them in one transaction (docs/adr/0036)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from drumbeat.adapters.dynamodb import keys
from drumbeat.adapters.dynamodb.call_groups import get_many, join_writes
from drumbeat.adapters.dynamodb.callees import callee_item, callee_of
from drumbeat.adapters.dynamodb.contact_items import address_digest, contact_item, contact_of, lock_item
from drumbeat.adapters.dynamodb.creation import is_kept, marker_write
from drumbeat.adapters.dynamodb.credits import give_back_write, hold_writes
from drumbeat.adapters.dynamodb.enrollment_items import enrollment_of, made_item
from drumbeat.adapters.dynamodb.enrollments import EnrollmentStore
from drumbeat.adapters.dynamodb.references import ReferenceStore, reference_writes, watermark_checks
from drumbeat.adapters.dynamodb.table import ABSENT, PRESENT, Table
from drumbeat.application.call_ports import MadeCall, Written
from drumbeat.domain.call_group import Member
from drumbeat.domain.call_making import CallRow, CallTerms, Facts, NewCall
from drumbeat.domain.cancellation import digests_of
from drumbeat.domain.enrollment import is_over
from drumbeat.domain.ids import EnrollmentKey

if TYPE_CHECKING:
    from drumbeat.domain.contact import Contact
    from drumbeat.domain.credits import CreditAccount

_MOST_WRITES = 100
_NEVER_MADE = {"number": 0}
"""A mark of nobody: no contact has this number."""
type _Items = Mapping[keys.Key, Mapping[str, Any]]


@dataclass(slots=True)
class _Pack:
    """Calls that are written together; `size` is how many writes they are at most."""

    calls: list[NewCall] = field(default_factory=list)
    own: list[dict[str, Any]] = field(default_factory=list)

    @property
    def size(self) -> int:
        joining = [call for call in self.calls if call.joined is not None]
        groups = {call.row.group for call in joining}
        return len(self.own) + len(digests_of(self.checked)) + len(groups) + len(joining) + 2

    @property
    def checked(self) -> list[Mapping[str, str]]:
        """The variables that nobody may have canceled: what is over from the beginning calls nobody anyway."""
        return [call.row.callee.variables for call in self.calls if not is_over(call.enrollment)]


@dataclass(frozen=True, slots=True)
class NewCallStore:
    """Makes rows, each once."""

    table: Table

    def get(self, tenant: int, key: EnrollmentKey) -> MadeCall | None:
        """What was made, None if it is gone."""
        made, callee = keys.enrollment(tenant, key), keys.callee(tenant, key)
        contact = keys.contact(tenant, key.contact)
        found = self.table.get_many([made, callee, contact])
        if len(found) < 3:
            return None
        return MadeCall(enrollment_of(found[made]), callee_of(found[callee]), contact_of(found[contact]).email)

    def made_under(self, tenant: int, sequence: int, mark: str, *, now: int) -> EnrollmentKey | None:
        """What a row with this mark became."""
        item = self.table.get(keys.made(tenant, mark))
        return _made(sequence, item) if item is not None and is_kept(item, now) else None

    def look(self, terms: CallTerms, rows: Sequence[CallRow], *, now: int, closely: bool = False) -> Facts:
        """What is known of the rows: three reads for a hundred, more where contacts are there; see `Calls`."""
        tenant, own = terms.tenant, {row.index: _own_key(terms, row) for row in rows}
        mailboxes = dict.fromkeys(row.mailbox for row in rows if row.mailbox is not None)
        digests = {mailbox: address_digest(mailbox) for mailbox in mailboxes}
        there = self.table.get_many(
            [
                *own.values(),
                *(keys.email_lock(tenant, digest) for digest in digests.values()),
                *(keys.suppression(tenant, digest) for digest in digests.values()),
            ]
        )
        made = {
            row.index: _made(terms.number, there[own[row.index]])
            for row in rows
            if _counts(row, there.get(own[row.index]), now)
        }
        people = self._people(tenant, digests, there)
        runs = EnrollmentStore(self.table).runs(tenant, [terms.number], [person.number for person in people.values()])
        groups = dict.fromkeys(row.group for row in rows if row.group is not None and row.index not in made)
        return Facts(
            made=made,
            people=people,
            barred={
                mailbox: there[key]["suppressed_at"]
                for mailbox, digest in digests.items()
                if (key := keys.suppression(tenant, digest)) in there
            },
            runs={contact: len(some) for (_, contact), some in runs.items()},
            groups=dict(get_many(self.table, tenant, terms.number, groups)),
            canceled=self._canceled(terms, rows) if closely else {},
        )

    def _people(self, tenant: int, digests: Mapping[str, str], there: _Items) -> dict[str, Contact]:
        owners = {
            mailbox: int(there[key]["contact"])
            for mailbox, digest in digests.items()
            if (key := keys.email_lock(tenant, digest)) in there
        }
        found = self.table.get_many([keys.contact(tenant, number) for number in owners.values()])
        return {
            mailbox: contact_of(found[key])
            for mailbox, number in owners.items()
            if (key := keys.contact(tenant, number)) in found
        }

    def _canceled(self, terms: CallTerms, rows: Sequence[CallRow]) -> dict[int, Any]:
        variables = [row.callee.variables for row in rows]
        found = ReferenceStore(self.table).canceled_since(terms.tenant, variables, terms.accepted_at)
        return {row.index: since for row, since in zip(rows, found, strict=True) if since is not None}

    def insert(
        self, terms: CallTerms, calls: Sequence[NewCall], *, now: int, account: CreditAccount | None = None
    ) -> Written:
        """Writes calls in their order, up to the first transaction that is refused; see `Calls`."""
        written: Counter[str] = Counter()  # how often each group
        done = 0
        while done < len(calls):
            pack = self._packed(terms, calls[done:], now)
            held = (
                [] if account is None else hold_writes(self.table, account, (terms.price or 0) * len(pack.calls), now)
            )
            if not self.table.commits([*self._writes(terms, pack, written), *held]):
                return Written(done, len(pack.calls))
            done += len(pack.calls)
            written.update({call.row.group for call in pack.calls if call.joined is not None and call.row.group})
        return Written(done)

    def give_up(self, tenant: int, row: CallRow, *, price: int | None, now: int) -> bool:
        """Marks a row as one that is never made, and gives back what was set aside for it; see `Calls`."""
        freed = [] if price is None else [give_back_write(self.table, tenant, price)]
        return self.table.commits([*self._mark(tenant, row, _NEVER_MADE, now), *freed])

    def _packed(self, terms: CallTerms, calls: Iterable[NewCall], now: int) -> _Pack:
        """As many of the first calls as a transaction takes."""
        pack = _Pack()
        for call in calls:
            wider = _Pack([*pack.calls, call], [*pack.own, *self._own_writes(terms, call, now)])
            if pack.calls and wider.size > _MOST_WRITES:
                break
            pack = wider
        return pack

    def _writes(self, terms: CallTerms, pack: _Pack, written: Mapping[str, int]) -> list[dict[str, Any]]:
        writes = [*pack.own, *watermark_checks(self.table, terms.tenant, pack.checked, terms.accepted_at)]
        if terms.sender is not None:
            writes.append(self.table.check_write(keys.sender(terms.tenant, terms.sender), condition=PRESENT))
        for digest in dict.fromkeys(call.row.group for call in pack.calls if call.joined is not None):
            writes += self._joining([call for call in pack.calls if call.row.group == digest], written[digest or ""])
        return writes

    def _joining(self, calls: Sequence[NewCall], written: int) -> list[dict[str, Any]]:
        """What these calls write of their group, which was written so often since it was read."""
        came = [(call, call.joined) for call in calls if call.joined is not None]
        members = [Member(joined.ordinal, call.enrollment.key) for call, joined in came]
        first, last = came[0][0].seen, came[-1][1].group
        if first is None:
            raise RuntimeError("a call joins a group that nobody has seen")
        return join_writes(self.table, replace(first, version=first.version + written), last, members)

    def _own_writes(self, terms: CallTerms, call: NewCall, now: int) -> list[dict[str, Any]]:
        """What nobody else's call touches."""
        tenant, key, row = terms.tenant, call.enrollment.key, call.row
        writes = [
            self.table.put_write(made_item(call.enrollment), condition=ABSENT),
            self.table.put_write(callee_item(tenant, key, row.callee)),
            *reference_writes(self.table, tenant, key, row.callee.variables, terms.accepted_at),
        ]
        if call.contact is not None:
            locks = [lock_item(call.contact, address) for address in call.contact.addresses]
            writes += [self.table.put_write(lock, condition=ABSENT) for lock in locks]
            writes.append(self.table.put_write(contact_item(call.contact)))
        return writes + self._mark(tenant, row, {"number": key.contact, "run": key.run}, now)

    def _mark(self, tenant: int, row: CallRow, made: Mapping[str, int], now: int) -> list[dict[str, Any]]:
        if row.once is None:
            return []
        return [marker_write(self.table, tenant, row.once.mark, made, life=row.once.life, now=now)]


def _own_key(terms: CallTerms, row: CallRow) -> keys.Key:
    """Where it shows that the row was made."""
    if row.once is not None:
        return keys.made(terms.tenant, row.once.mark)
    return keys.enrollment(terms.tenant, EnrollmentKey(terms.number, row.number))


def _counts(row: CallRow, item: Mapping[str, Any] | None, now: int) -> bool:
    return item is not None if row.once is None else is_kept(item, now)


def _made(sequence: int, item: Mapping[str, Any]) -> EnrollmentKey | None:
    """The enrollment that an item shows: itself, or the one that a mark names; None if there will never be one."""
    if item.get("number") == _NEVER_MADE["number"]:
        return None
    contact = item["contact"] if "contact" in item else item["number"]
    return EnrollmentKey(sequence, contact, item["run"])
