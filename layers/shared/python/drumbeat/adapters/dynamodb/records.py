"""Records of one kind: found by number or by conditions, and changed only while they are as they were read."""

from __future__ import annotations

from dataclasses import MISSING, dataclass, fields, replace
from itertools import batched
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

from drumbeat.adapters.dynamodb import keys
from drumbeat.adapters.dynamodb.creation import create_once
from drumbeat.adapters.dynamodb.items import wire_value
from drumbeat.adapters.dynamodb.numbers import Counters
from drumbeat.adapters.dynamodb.statements import Change, Statements
from drumbeat.adapters.dynamodb.table import PRESENT, ConditionFailed
from drumbeat.domain.condition import Looked, Op, matches
from drumbeat.domain.errors import StoreBusy

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from drumbeat.adapters.dynamodb.table import Table
    from drumbeat.domain.condition import Condition
    from drumbeat.domain.ids import Kind

_TRIES = 5
_AT_ONCE = 100
_NO_NUMBER = 10**16 - 1
_SILENT = {"revision", "opt_out_revocable"}
_EMPTY: tuple[Any, ...] = (None, (), {})


def _always(_: object) -> bool:
    return True


class Record(Protocol):
    """What has a number and is changed under its revision."""

    __dataclass_fields__: ClassVar[dict[str, Any]]

    @property
    def tenant(self) -> int: ...
    @property
    def number(self) -> int: ...
    @property
    def revision(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Form[R: Record]:
    """How records of a kind are kept: where, what an item holds of one, and how conditions see it.

    Kinds that a tenant has many of are `paged`: their partitions hold a page of numbers each. What is not `shown` is as
    if it did not exist.
    """

    kind: Kind
    key: Callable[[int, int], keys.Key]
    item: Callable[[R], dict[str, Any]]
    load: Callable[[Mapping[str, Any]], R]
    view: Callable[[R], Mapping[str, Any]]
    paged: bool = False
    shown: Callable[[R], bool] = _always


def plain_form[R: Record](
    type_: type[R],
    kind: Kind,
    key: Callable[[int, int], keys.Key],
    view: Callable[[R], Mapping[str, Any]],
    *,
    paged: bool = False,
) -> Form[R]:
    """The form of records whose attributes are named like their fields; what is empty is not in the item."""
    names = [field.name for field in fields(type_)]
    required = {field.name for field in fields(type_) if field.default is field.default_factory is MISSING}

    def item(record: R) -> dict[str, Any]:
        partition, sort = key(record.tenant, record.number)
        return {"PK": partition, "SK": sort} | without_empty({name: getattr(record, name) for name in names})

    def load(found: Mapping[str, Any]) -> R:
        return type_(**{name: _plain(found.get(name)) for name in names if name in found or name in required})

    return Form(kind, key, item, load, view, paged)


@dataclass(frozen=True, slots=True)
class Records[R: Record]:
    """The records of one form in the table."""

    table: Table
    form: Form[R]

    def create(self, record: R, *, intent: str | None, now: int) -> int:
        """Writes the record; returns the number it has (an earlier attempt's, if there was one)."""
        item = self.form.item(record)
        return create_once(self.table, record.tenant, record.number, [item], intent=intent, now=now)

    def get(self, tenant: int, number: int) -> R | None:
        """The record, or None."""
        item = self.table.get(self.form.key(tenant, number))
        found = None if item is None else self.form.load(item)
        return found if found is not None and self.form.shown(found) else None

    def get_some(self, tenant: int, numbers: Sequence[int]) -> dict[int, R]:
        """Those among the records that exist, by number."""
        found = self.table.get_many([self.form.key(tenant, number) for number in numbers])
        return {record.number: record for record in map(self.form.load, found.values()) if self.form.shown(record)}

    def change(self, tenant: int, numbers: Sequence[int], change: Callable[[R], R], *, now: int) -> dict[int, R]:
        """Changes the records that exist and returns them as they then are, by number; each on its own.

        What `change` leaves as it is, is not written. A record that somebody else changes meanwhile is read again and
        changed anew: `change` must be one that may be repeated. Raises StoreBusy.
        """
        done: dict[int, R] = {}
        waiting = list(dict.fromkeys(numbers))
        for _ in range(_TRIES):
            found = self.get_some(tenant, waiting)
            pairs = [(old, change(old)) for old in found.values()]
            done |= {old.number: old for old, new in pairs if not self._differs(old, new)}
            revised = [(old, _revised(old, new, now)) for old, new in pairs if old.number not in done]
            refused = Statements(self.table).change([self._change(old, new) for old, new in revised])
            done |= {new.number: new for place, (_, new) in enumerate(revised) if place not in refused}
            waiting = [revised[place][0].number for place in sorted(refused)]
            if not waiting:
                return done
        raise StoreBusy("The records keep changing. Try again.")

    def _differs(self, old: R, new: R) -> bool:
        return bool(changed(self.form.item(old), self.form.item(new)))

    def _change(self, old: R, new: R) -> Change:
        changes = changed(self.form.item(old), self.form.item(new))
        where = {"revision": old.revision} if old.revision else {}
        return Change(
            self.form.key(old.tenant, old.number), changes, where, missing=() if old.revision else ("revision",)
        )

    def discard(self, tenant: int, number: int) -> bool:
        """Deletes the record; False if it was gone."""
        try:
            self.table.delete(self.form.key(tenant, number), condition=PRESENT)
        except ConditionFailed:
            return False
        return True

    def remove(self, tenant: int, numbers: Sequence[int]) -> None:
        """Deletes records; one that is gone stays so."""
        self.table.delete_many([self.form.key(tenant, number) for number in numbers])

    def search(self, tenant: int, conditions: Sequence[Condition], *, after: int = 0) -> Iterator[Looked[R]]:
        """The records that match, in number order behind `after`, one page after the other.

        Named numbers are read by key, everything else record by record.
        """
        numbers, others = numbers_asked_for(conditions)
        if numbers is not None:
            return self.among(tenant, numbers, others, after=after)
        return self.all(tenant, others, after=after)

    def among(
        self, tenant: int, numbers: Iterable[int], conditions: Sequence[Condition], *, after: int = 0
    ) -> Iterator[Looked[R]]:
        """Those of the numbered records that exist and match, in number order behind `after`."""
        for part in batched(sorted({number for number in numbers if number > after}), _AT_ONCE, strict=False):
            found = self.get_some(tenant, part)
            yield self._looked((found[number] for number in part if number in found), conditions, part[-1])

    def all(self, tenant: int, conditions: Sequence[Condition], *, after: int = 0) -> Iterator[Looked[R]]:
        """All records behind `after` that match, in number order."""
        low, high = _span(conditions, after)
        if self.form.paged:
            high = min(high, Counters(self.table).last(tenant, self.form.kind))
        while low <= high:
            end = min(high, low | keys.PAGE - 1) if self.form.paged else high
            between = keys.contact_sort(low), keys.contact_sort(end)
            for page in self.table.pages(self.form.key(tenant, low)[0], between=between):
                records = [self.form.load(item) for item in page]
                yield self._looked(records, conditions, records[-1].number if records else end)
            low = end + 1

    def _looked(self, records: Iterable[R], conditions: Sequence[Condition], upto: int) -> Looked[R]:
        shown = (record for record in records if self.form.shown(record))
        return Looked([record for record in shown if matches(self.form.view(record), conditions)], upto)


def numbers_asked_for(conditions: Sequence[Condition]) -> tuple[set[int] | None, list[Condition]]:
    """The only numbers that can match, None if none are named, and the conditions that this leaves to look at."""
    named = [condition for condition in conditions if condition.field == "number" and condition.op is Op.ANY_OF]
    others = [condition for condition in conditions if condition not in named]
    if not named:
        return None, others
    return set.intersection(*({value for value in c.values if type(value) is int} for c in named)), others


def _span(conditions: Iterable[Condition], after: int) -> tuple[int, int]:
    """The first and the last number behind `after` that can match."""
    low, high = after + 1, _NO_NUMBER
    for condition in conditions:
        if condition.field == "number" and condition.op is Op.BETWEEN:
            low = max(low, condition.low) if isinstance(condition.low, int) else low
            high = min(high, condition.high) if isinstance(condition.high, int) else high
    return low, high


def _revised[R: Record](old: R, new: R, now: int) -> R:
    return replace(new, revision=old.revision + 1, updated_at=now)


def changed(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """The attributes that differ between two forms of an item, as they are after; None where they are gone."""
    names = dict.fromkeys([*before, *after])
    return {name: after.get(name) for name in names if _wire(before.get(name)) != _wire(after.get(name))}


def unchanged_since(revision: int) -> tuple[str, dict[str, Any]]:
    """The condition that an item still has this revision, and the values it speaks of."""
    if revision:
        return "revision = :seen", {":seen": revision}
    return "attribute_exists(PK) AND attribute_not_exists(revision)", {}


def without_empty(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values that say something; a revision of 0 says nothing, nor does an opt-out that cannot be taken back."""
    return {name: value for name, value in values.items() if value not in _EMPTY and (name not in _SILENT or value)}


def _plain(value: Any) -> Any:
    """A list of the table as the tuple that records hold."""
    return tuple(value) if isinstance(value, list) else value


def _wire(value: Any) -> Any:
    """Typed, as 1 and True are not the same to the table."""
    return None if value is None else wire_value(value)
