"""What bulk actions make of one record: each gives the same when it is done twice."""

from collections.abc import Iterable
from dataclasses import replace

from drumbeat.domain.company import Company
from drumbeat.domain.contact import Contact
from drumbeat.domain.errors import ValidationFailed

MOST_TAGS = 1_000
MOST_ASSIGNED = 1_000


def with_tags[R: (Contact, Company)](record: R, tags: Iterable[str]) -> R:
    """The record with these tags behind the ones it has. Raises ValidationFailed beyond MOST_TAGS."""
    return replace(record, tags=_joined("tags", record.tags, tags, MOST_TAGS))


def without_tags[R: (Contact, Company)](record: R, tags: Iterable[str]) -> R:
    """The record without these tags."""
    unwanted = set(tags)
    return replace(record, tags=tuple(tag for tag in record.tags if tag not in unwanted))


def with_assigned[R: (Contact, Company)](record: R, users: Iterable[int]) -> R:
    """The record assigned to these users too. Raises ValidationFailed beyond MOST_ASSIGNED."""
    return replace(record, assigned=_joined("assigned", record.assigned, users, MOST_ASSIGNED))


def without_assigned[R: (Contact, Company)](record: R, users: Iterable[int]) -> R:
    """The record assigned to none of these users."""
    unwanted = set(users)
    return replace(record, assigned=tuple(user for user in record.assigned if user not in unwanted))


def unassigned[R: (Contact, Company)](record: R) -> R:
    """The record assigned to nobody."""
    return replace(record, assigned=())


def _joined[T](name: str, held: tuple[T, ...], more: Iterable[T], most: int) -> tuple[T, ...]:
    joined = tuple(dict.fromkeys((*held, *more)))
    if len(joined) > most and len(joined) > len(held):
        message = f"A record holds at most {most} of them."
        raise ValidationFailed(message, errors=[{"field": name, "code": "too_many", "message": message}])
    return joined
