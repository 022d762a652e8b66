"""People to be called, made as the scheduling of calls makes them: each in one transaction with its references."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from drumbeat import bootstrap
from drumbeat.adapters.dynamodb.enrollment_items import enrollment_item
from drumbeat.adapters.dynamodb.references import reference_writes
from drumbeat.domain.enrollment import Enrollment, new_enrollment
from drumbeat.domain.ids import EnrollmentKey

AGENT = 1


def row(tenant: int, contact: int, accepted_at: int, **changes: Any) -> Enrollment:
    """What a row becomes that was accepted at this instant."""
    key = EnrollmentKey(changes.pop("agent", AGENT), contact)
    made = new_enrollment(tenant, key, batch_number=1, batch_tag=f"b1.{contact}", now=accepted_at)
    return replace(made, has_callee=True, **changes)


def make(enrollment: Enrollment, variables: Mapping[str, str], accepted_at: int) -> Enrollment:
    """Makes what was accepted, and returns it."""
    writes = reference_writes(bootstrap.table(), enrollment.tenant, enrollment.key, variables, accepted_at)
    bootstrap.table().transact([bootstrap.table().put_write(enrollment_item(enrollment)), *writes])
    return enrollment


def make_many(tenant: int, count: int, variables: Mapping[str, str], accepted_at: int) -> None:
    """Makes so many rows with the same variables."""
    for contact in range(1, count + 1):
        make(row(tenant, contact, accepted_at), variables, accepted_at)
