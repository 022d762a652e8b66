"""An enrollment as an item of the table: under one kilobyte, and in the queue index only while it waits."""

from typing import Any

from drumbeat.adapters.dynamodb import keys
from drumbeat.domain.enrollment import Enrollment, EnrollmentState
from drumbeat.domain.ids import EnrollmentKey

_SAME = (
    "tenant", "step", "due", "epoch", "batch_number", "batch_tag", "created_at", "sender", "attempts", "owner", "lease",
    "sent_at", "last_sent_at", "opened_at", "replied_at", "bounced_at", "bounce_reason", "unsubscribed_at",
)  # fmt: skip


def enrollment_item(enrollment: Enrollment) -> dict[str, Any]:
    """The whole item, with its place in the queue if it waits in one."""
    partition, sort = keys.enrollment(enrollment.tenant, enrollment.key)
    item: dict[str, Any] = {name: getattr(enrollment, name) for name in _SAME}
    return (
        item
        | queue_place(enrollment)
        | {
            "PK": partition,
            "SK": sort,
            "sequence": enrollment.key.sequence,
            "contact": enrollment.key.contact,
            "run": enrollment.key.run,
            "state": enrollment.state.value,
        }
    )


def queue_place(enrollment: Enrollment) -> dict[str, str]:
    """The queue index's keys: first steps by batch and age, follow-ups by due time, nothing when not active."""
    key = enrollment.key
    if enrollment.state is not EnrollmentState.ACTIVE:
        return {}
    if enrollment.step == 0 or enrollment.sender is None:
        sort = keys.new_queue_sort(enrollment.batch_number, enrollment.created_at, key.contact, key.run)
        return {"qpk": keys.new_queue(enrollment.tenant, key.sequence), "qsk": sort}
    queue = keys.follow_up_queue(enrollment.tenant, enrollment.sender)
    return {"qpk": queue, "qsk": keys.follow_up_sort(enrollment.due, key)}


def enrollment_of(item: dict[str, Any]) -> Enrollment:
    """The enrollment that `enrollment_item` wrote."""
    fields = {name: item[name] for name in _SAME if name in item}
    return Enrollment(
        key=EnrollmentKey(item["sequence"], item["contact"], item["run"]),
        state=EnrollmentState(item["state"]),
        **fields,
    )
