"""Keys of the indexes `queue` and `status`; everybody finds them in `keys`."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from drumbeat.domain.ids import EnrollmentKey


def open_batches() -> str:
    """Queue index: the batches that have work left, by the instant somebody should see whether they move."""
    return "T#0#BATCHES"


def open_batch_sort(look_at: int, tenant_number: int, number: int) -> str:
    return f"{look_at:015d}#{tenant_number}#{number}"


def waking_lanes() -> str:
    """Queue index: the lanes that have something to send, by the instant they want to be looked at."""
    return "T#0#LANES"


def waking_lane_sort(wake_at: int, tenant_number: int, sender_number: int) -> str:
    return f"{wake_at:015d}#{tenant_number}#{sender_number}"


def wakes_until(instant: int) -> str:
    """The upper end of the lanes that wake, or the batches to be looked at, up to and at `instant`."""
    return f"{instant:015d}#~"


def waking_throttles() -> str:
    """Queue index: the sequences with enrollments that wait to be let in, by the instant to look at them."""
    return "T#0#THROTTLES"


def waking_throttle_sort(look_at: int, tenant_number: int, sequence_number: int) -> str:
    return f"{look_at:015d}#{tenant_number}#{sequence_number}"


def waking_groups() -> str:
    """Queue index: the call groups with members that wait, by the instant to look whether somebody still calls."""
    return "T#0#GROUPS"


def waking_group_sort(look_at: int, tenant_number: int, sequence_number: int, digest: str) -> str:
    return f"{look_at:015d}#{tenant_number}#{sequence_number}#{digest}"


def waking_deliveries() -> str:
    """Queue index: what is to be posted again, and receivers to be looked after, by the instant to send a hint."""
    return "T#0#DELIVERIES"


def waking_delivery_sort(wake_at: int, tenant_number: int, number: int, kind: str, revision: int, event: str) -> str:
    """Whatever a hint says: nobody reads more. A receiver is looked after without an event."""
    return f"{wake_at:015d}#{tenant_number}#{number}#{kind}#{revision}#{event}"


def parked_deliveries(tenant_number: int, number: int) -> str:
    """Queue index: what waits until its receiver is posted to again, in the order in which it happened."""
    return f"T#{tenant_number}#UNPOSTED#{number}"


def new_queue(tenant_number: int, sequence_number: int) -> str:
    """Queue index: a sequence's enrollments that wait for their first step."""
    return f"T#{tenant_number}#N#{sequence_number}"


def new_queue_sort(batch_number: int, created_at: int, contact_number: int, run: int) -> str:
    """Batch first, then age; a priority enrollment is as old as can be (contract 2.6)."""
    return f"{batch_number:010d}#{created_at:015d}#{contact_number:016d}#{run:04d}"


def deferred_queue(tenant_number: int, sequence_number: int) -> str:
    """Queue index: a sequence's enrollments whose first step waits for an instant of its own."""
    return f"T#{tenant_number}#D#{sequence_number}"


def deferred_sort(due: int, batch_number: int, created_at: int, contact_number: int, run: int) -> str:
    """Due first; what is due at one instant, as the opening of a window, goes like new enrollments."""
    return f"{due:015d}#{new_queue_sort(batch_number, created_at, contact_number, run)}"


def held_queue(tenant_number: int, sequence_number: int) -> str:
    """Queue index: a sequence's enrollments that wait to be let in; no lane reads it."""
    return f"T#{tenant_number}#H#{sequence_number}"


def follow_up_queue(tenant_number: int, sender_number: int) -> str:
    """Queue index: the follow-ups bound to a sender."""
    return f"T#{tenant_number}#F#{sender_number}"


def follow_up_sort(due: int, key: EnrollmentKey) -> str:
    return f"{due:015d}#{key.sequence:016d}#{key.contact:016d}#{key.run:04d}"


def bound_new_queue(tenant_number: int, sequence_number: int, sender_number: int) -> str:
    """Queue index: a sequence's enrollments that wait for their first step and are bound to one sender."""
    return f"T#{tenant_number}#BN#{sequence_number}#{sender_number}"


def bound_deferred_queue(tenant_number: int, sequence_number: int, sender_number: int) -> str:
    """Queue index: those of them whose first step waits for an instant of its own."""
    return f"T#{tenant_number}#BD#{sequence_number}#{sender_number}"


def bound_follow_up_queue(tenant_number: int, sequence_number: int, sender_number: int) -> str:
    """Queue index: the follow-ups of a sequence's enrollments that were bound to a sender from the start."""
    return f"T#{tenant_number}#BF#{sequence_number}#{sender_number}"


def bound_queues(tenant_number: int, sequence_number: int, sender_number: int) -> tuple[str, str, str]:
    """What a sequence has bound to a sender: follow-ups, deferred first steps, new ones."""
    place = tenant_number, sequence_number, sender_number
    return bound_follow_up_queue(*place), bound_deferred_queue(*place), bound_new_queue(*place)


def parked(tenant_number: int) -> str:
    """Status index: a tenant's enrollments whose mail may or may not have left."""
    return f"T#{tenant_number}#PARKED"


def parked_sort(parked_at: int, key: EnrollmentKey) -> str:
    return f"{parked_at:015d}#{key.sequence:016d}#{key.contact:016d}#{key.run:04d}"


def suppressed(tenant_number: int) -> str:
    """Related index: a tenant's suppressions."""
    return f"T#{tenant_number}#SUPPRESSED"


def suppressed_sort(since: int, digest: str) -> str:
    """Oldest first: what is suppressed while a list is read comes at its end."""
    return f"{since:015d}#{digest}"


def relinked(tenant_number: int, contact_number: int) -> str:
    """Related index: the enrollments of others that mail a contact."""
    return f"T#{tenant_number}#RL#{contact_number}"


def relinked_sort(key: EnrollmentKey) -> str:
    return f"{key.sequence:016d}#{key.contact:016d}#{key.run:04d}"
