"""Throttles on the table: one with enrollments that wait stands in the queue index under the instant to look at it."""

from dataclasses import dataclass
from typing import Any

from drumbeat.adapters.dynamodb import keys
from drumbeat.adapters.dynamodb.enrollment_items import enrollment_of
from drumbeat.adapters.dynamodb.table import ConditionFailed, Table
from drumbeat.application.let_in import Held, ThrottleName
from drumbeat.domain.enrollment import EnrollmentState
from drumbeat.domain.throttle import Throttle

_QUEUE = "queue"
_ANNOUNCE = (
    "SET qpk = :throttles, qsk = :sort, look_at = :now, announced_at = :now, tenant = :tenant,"
    " #sequence = :sequence, revision = if_not_exists(revision, :zero) + :one"
)
_KEPT = ("day", "day_count", "inside", "counted_at", "let_in_at", "look_at")


@dataclass(frozen=True, slots=True)
class ThrottleStore:
    """Keeps throttles, and shows who waits for them."""

    table: Table

    def announce(self, tenant: int, sequence: int, now: int) -> None:
        """Makes the next look see the sequence; a throttle that never was begins here."""
        values = {
            ":throttles": keys.waking_throttles(),
            ":sort": keys.waking_throttle_sort(now, tenant, sequence),
            ":now": now,
            ":tenant": tenant,
            ":sequence": sequence,
            ":zero": 0,
            ":one": 1,
        }
        names = {"#sequence": "sequence"}
        self.table.update(keys.throttle(tenant, sequence), _ANNOUNCE, condition="", names=names, values=values)

    def get(self, tenant: int, sequence: int) -> Throttle | None:
        """The throttle, or None."""
        item = self.table.get(keys.throttle(tenant, sequence))
        return None if item is None else _throttle_of(item)

    def store(self, seen: Throttle, planned: Throttle) -> bool:
        """Replaces a throttle that is still as it was seen; False if it is not, or if nobody can tell."""
        changes: dict[str, Any] = {name: getattr(planned, name) for name in _KEPT} | _place(planned)
        present = {name: value for name, value in changes.items() if value is not None}
        absent = [f"#{name}" for name in changes if name not in present]
        sets = ", ".join(f"#{name} = :{name}" for name in present)
        expression = f"SET #revision = :next, {sets}" + (f" REMOVE {', '.join(absent)}" if absent else "")
        try:
            self.table.update(
                keys.throttle(seen.tenant, seen.sequence),
                expression,
                condition="#revision = :seen",
                names={f"#{name}": name for name in ("revision", *changes)},
                values={f":{name}": value for name, value in present.items()}
                | {":seen": seen.revision, ":next": seen.revision + 1},
            )
        except ConditionFailed:
            return False
        return True

    def up(self, until: int) -> list[ThrottleName]:
        """The throttles to look at by `until`, longest waiting first: one query, however much is stored."""
        rows = self.table.items(keys.waking_throttles(), index=_QUEUE, between=("0", keys.wakes_until(until)))
        return [ThrottleName(*map(int, row["qsk"].split("#")[1:])) for row in rows]

    def held(self, tenant: int, sequence: int, most: int) -> Held:
        """The first ones that wait to be let in, `most` at most. The index may lag behind: they are read themselves."""
        rows = next(self.table.pages(keys.held_queue(tenant, sequence), index=_QUEUE, limit=most), [])
        names = [(row["PK"], row["SK"]) for row in rows]
        found = self.table.get_many(names)
        there = [enrollment_of(found[name]) for name in names if name in found]
        return Held([entry for entry in there if entry.state is EnrollmentState.HELD], is_empty=not rows)


def _place(throttle: Throttle) -> dict[str, str | None]:
    if throttle.look_at is None:
        return {"qpk": None, "qsk": None}
    sort = keys.waking_throttle_sort(throttle.look_at, throttle.tenant, throttle.sequence)
    return {"qpk": keys.waking_throttles(), "qsk": sort}


def _throttle_of(item: dict[str, Any]) -> Throttle:
    return Throttle(
        tenant=item["tenant"],
        sequence=item["sequence"],
        revision=item["revision"],
        announced_at=item["announced_at"],
        **{name: item[name] for name in _KEPT if name in item} | {"look_at": item.get("look_at")},
    )
