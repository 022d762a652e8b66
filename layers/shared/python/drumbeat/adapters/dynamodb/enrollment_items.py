"""An enrollment as an item of the table, in the indexes only while it waits or is parked.

It stays under one kilobyte unless the tenant's own words about the lead, a remark, or many marks add to it.
"""

from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any

from drumbeat.adapters.correlation import correlation
from drumbeat.adapters.dynamodb import keys
from drumbeat.domain.enrollment import Awaits, Enrollment, EnrollmentState, Lead
from drumbeat.domain.ids import EnrollmentKey

_SAME = (
    "tenant", "step", "due", "epoch", "batch_number", "batch_tag", "created_at", "sender", "attempts", "owner", "lease",
    "sent_at", "last_sent_at", "opened_at", "replied_at", "bounced_at", "bounce_reason", "unsubscribed_at",
    "parked_at", "parked_reason", "zone", "put_off_since", "thread", "held_at", "paused_at", "paused_reason",
    "finished_at", "relinked_to", "drafted", "accepted_at", "last_reply_at", "exit_reason", "remark", "channel_urn",
    "group", "hold", "succeeded_at", "last_call", "correlation_id",
)  # fmt: skip
_PLACES = ("qpk", "qsk", "spk", "ssk", "rpk", "rsk")
_LEAD = "lead_"
_MARK = "sig_"
_OF_LEAD = tuple(f"{_LEAD}{field.name}" for field in fields(Lead))


def enrollment_item(enrollment: Enrollment) -> dict[str, Any]:
    """The whole item, with its places in the indexes."""
    partition, sort = keys.enrollment(enrollment.tenant, enrollment.key)
    item: dict[str, Any] = {name: getattr(enrollment, name) for name in _SAME}
    return (
        item
        | queue_place(enrollment)
        | status_place(enrollment)
        | related_place(enrollment)
        | {
            "PK": partition,
            "SK": sort,
            "sequence": enrollment.key.sequence,
            "contact": enrollment.key.contact,
            "run": enrollment.key.run,
            "state": enrollment.state.value,
        }
        | _spelled(enrollment)
        | marks_of(enrollment.marks)
    )


def made_item(enrollment: Enrollment) -> dict[str, Any]:
    """The whole item of an enrollment that is made now, with the id of the request that makes it."""
    return enrollment_item(replace(enrollment, correlation_id=enrollment.correlation_id or correlation.id))


def _spelled(enrollment: Enrollment) -> dict[str, Any]:
    """What is not kept as the field holds it: a default is an absent attribute, and the lead's are attributes too."""
    return {
        "timed": enrollment.timed or None,
        "bound": enrollment.bound or None,
        "has_context": enrollment.has_context or None,
        "has_callee": enrollment.has_callee or None,
        "anytime": enrollment.anytime or None,
        "asked": enrollment.asked or None,
        "awaits": None if enrollment.awaits is None else enrollment.awaits.value,
    } | {name: getattr(enrollment.lead, name.removeprefix(_LEAD)) for name in _OF_LEAD}


def marks_of(marks: Mapping[str, int]) -> dict[str, int]:
    """The attributes that hold these marks: one each, so that each is written without looking at the others."""
    return {f"{_MARK}{mark}": at for mark, at in marks.items()}


def queue_place(enrollment: Enrollment) -> dict[str, str]:
    """The queue index's keys: first steps by batch and age, the timed ones and follow-ups by due time.

    Bound ones stand in queues of their own, and what waits to be let in in one that no lane reads. Nothing for what
    neither sends nor will by itself.
    """
    key = enrollment.key
    age = enrollment.batch_number, enrollment.created_at, key.contact, key.run
    if enrollment.state is EnrollmentState.HELD:
        return {"qpk": keys.held_queue(enrollment.tenant, key.sequence), "qsk": keys.new_queue_sort(*age)}
    if enrollment.state is not EnrollmentState.ACTIVE:
        return {}
    follow_up, deferred, new = _queues(enrollment)
    if enrollment.step > 0 and follow_up is not None:
        return {"qpk": follow_up, "qsk": keys.follow_up_sort(enrollment.due, key)}
    if enrollment.timed:
        return {"qpk": deferred, "qsk": keys.deferred_sort(enrollment.due, *age)}
    return {"qpk": new, "qsk": keys.new_queue_sort(*age)}


def _queues(enrollment: Enrollment) -> tuple[str | None, str, str]:
    """Where it waits as a follow-up, as a deferred first step, as a new one."""
    tenant, sequence, sender = enrollment.tenant, enrollment.key.sequence, enrollment.sender
    if enrollment.bound and sender is not None:
        return keys.bound_queues(tenant, sequence, sender)
    follow_ups = None if sender is None else keys.follow_up_queue(tenant, sender)
    return follow_ups, keys.deferred_queue(tenant, sequence), keys.new_queue(tenant, sequence)


def status_place(enrollment: Enrollment) -> dict[str, str]:
    """The status index's keys: parked enrollments by the instant of parking, replies by theirs, nothing for others."""
    key = enrollment.key
    if enrollment.state is EnrollmentState.REPLIED and enrollment.replied_at is not None:
        sort = keys.reply_sort(enrollment.replied_at, key.contact, key.run)
        return {"spk": keys.replies(enrollment.tenant, key.sequence), "ssk": sort}
    if enrollment.state is not EnrollmentState.PARKED or enrollment.parked_at is None:
        return {}
    sort = keys.parked_sort(enrollment.parked_at, enrollment.key)
    return {"spk": keys.parked(enrollment.tenant), "ssk": sort}


def related_place(enrollment: Enrollment) -> dict[str, str]:
    """The related index's keys: those that mail another contact than their own stand with that one."""
    if not enrollment.relinked_to:
        return {}
    key = enrollment.key
    return {
        "rpk": keys.relinked(enrollment.tenant, enrollment.relinked_to),
        "rsk": keys.relinked_sort(key),
    }


def keys_beside(enrollment: Enrollment) -> list[keys.Key]:
    """The items beside the enrollment that live as long as it is shown: what is told about a lead, whom it calls."""
    tenant, key = enrollment.tenant, enrollment.key
    context = [keys.lead_context(tenant, key)] if enrollment.has_context else []
    return [*context, keys.callee(tenant, key)] if enrollment.has_callee else context


def changes_to(enrollment: Enrollment, names: tuple[str, ...]) -> dict[str, Any]:
    """The values of these attributes as they shall be; None is for absence."""
    places = queue_place(enrollment) | status_place(enrollment) | related_place(enrollment)
    special = _spelled(enrollment) | {"state": enrollment.state.value} | {name: places.get(name) for name in _PLACES}
    return {name: special[name] if name in special else getattr(enrollment, name) for name in names}


def enrollment_of(item: dict[str, Any]) -> Enrollment:
    """The enrollment that `enrollment_item` wrote."""
    same = {name: item[name] for name in _SAME if name in item}
    return Enrollment(
        key=EnrollmentKey(item["sequence"], item["contact"], item["run"]),
        state=EnrollmentState(item["state"]),
        timed=item.get("timed", False),
        bound=item.get("bound", False),
        asked=item.get("asked", 0),
        has_context=item.get("has_context", False),
        has_callee=item.get("has_callee", False),
        anytime=item.get("anytime", False),
        awaits=Awaits(item["awaits"]) if "awaits" in item else None,
        lead=Lead(**{name.removeprefix(_LEAD): item[name] for name in _OF_LEAD if name in item}),
        marks={name.removeprefix(_MARK): at for name, at in item.items() if name.startswith(_MARK)},
        **same,
    )
