"""Lanes as items: what they count, what is reserved on them, and where they stand in the queue index."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from drumbeat.adapters.dynamodb import keys
from drumbeat.domain.hint import Counts
from drumbeat.domain.ids import EnrollmentKey
from drumbeat.domain.lane import Lane, Reservation

if TYPE_CHECKING:
    from drumbeat.application.send_ports import LaneChange

_WAKE = (
    "SET qpk = :lanes, qsk = :sort, wake_at = :now, woken_at = :now, tenant = :tenant, sender = :sender,"
    " revision = if_not_exists(revision, :zero) + :one"
)
_STORE = (
    "SET revision = :next, next_free = :free, utc_day = :day, day_used = :used, day_sent = :sent, day_steps = :steps,"
    " last_served = :served, reserved = :reserved"
)
_SERVES = "serves_"


def wake_expression(serves: int | None) -> str:
    """Wakes a lane, and notes a sequence that has enrollments bound to it."""
    return _WAKE if serves is None else f"{_WAKE}, {_SERVES}{serves} = :now"


def wake_values(tenant: int, sender: int, now: int) -> dict[str, Any]:
    """The values of `wake_expression`."""
    return {
        ":lanes": keys.waking_lanes(),
        ":sort": keys.waking_lane_sort(now, tenant, sender),
        ":now": now,
        ":tenant": tenant,
        ":sender": sender,
        ":zero": 0,
        ":one": 1,
    }


def replacement(change: LaneChange) -> tuple[keys.Key, str, dict[str, Any]]:
    """Key, expression and values of the update that makes a lane what was planned."""
    seen, planned = change
    values: dict[str, Any] = {
        ":seen": seen.revision,
        ":next": seen.revision + 1,
        ":free": planned.next_free,
        ":day": planned.day,
        ":used": planned.day_used,
        ":sent": planned.day_sent,
        ":steps": [list(counted) for counted in planned.day_steps.items()],
        ":served": planned.last_served,
        ":reserved": [_reserved(entry) for entry in planned.reserved],
    }
    gone = [f"{_SERVES}{number}" for number in seen.serves if number not in planned.serves]
    place = ""
    if planned.wake_at is None:
        gone += ["qpk", "qsk", "wake_at"]
    else:
        place = ", qpk = :lanes, qsk = :sort, wake_at = :wake"
        values[":lanes"] = keys.waking_lanes()
        values[":sort"] = keys.waking_lane_sort(planned.wake_at, planned.tenant, planned.sender)
        values[":wake"] = planned.wake_at
    removal = f" REMOVE {', '.join(gone)}" if gone else ""
    return keys.lane(planned.tenant, planned.sender), _STORE + place + removal, values


def _reserved(entry: Reservation) -> list[int]:
    """Most count as mails: that need not be said."""
    key = entry.enrollment
    counts = [] if entry.counts is Counts.MAIL else [entry.counts]
    return [key.sequence, key.contact, key.run, entry.step, entry.epoch, entry.at, entry.until, *counts]


def _reservation(sequence: int, contact: int, run: int, *rest: int) -> Reservation:
    step, epoch, at, until, *counts = rest
    return Reservation(EnrollmentKey(sequence, contact, run), step, epoch, at, until, Counts(*counts or [Counts.MAIL]))


def lane_of(item: dict[str, Any]) -> Lane:
    """The lane as `DynamoLanes` keeps it."""
    return Lane(
        tenant=item["tenant"],
        sender=item["sender"],
        revision=item["revision"],
        wake_at=item.get("wake_at"),
        woken_at=item["woken_at"],
        next_free=item.get("next_free", 0),
        day=item.get("utc_day", 0),
        day_used=item.get("day_used", 0),
        day_sent=item.get("day_sent", 0),
        day_steps=dict(item.get("day_steps", [])),
        last_served=item.get("last_served", 0),
        reserved=tuple(_reservation(*entry) for entry in item.get("reserved", [])),
        serves=tuple(sorted(int(name.removeprefix(_SERVES)) for name in item if name.startswith(_SERVES))),
    )
