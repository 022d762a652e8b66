"""People to be called, made as the scheduling of calls makes them: each in one transaction with its references."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from drumbeat import bootstrap
from drumbeat.adapters.dynamodb.enrollment_items import enrollment_item
from drumbeat.adapters.dynamodb.references import reference_writes, watermark_checks
from drumbeat.adapters.dynamodb.table import ABSENT
from drumbeat.domain.cancellation import canceled
from drumbeat.domain.enrollment import Enrollment, new_enrollment
from drumbeat.domain.ids import EnrollmentKey

AGENT = 1


def row(tenant: int, contact: int, accepted_at: int, **changes: Any) -> Enrollment:
    """What a row becomes that was accepted at this instant."""
    key = EnrollmentKey(changes.pop("agent", AGENT), contact)
    made = new_enrollment(tenant, key, batch_number=1, batch_tag=f"b1.{contact}", now=accepted_at)
    return replace(made, has_callee=True, **changes)


def make(enrollment: Enrollment, variables: Mapping[str, str], accepted_at: int) -> Enrollment:
    """Makes what was accepted; as canceled, if that has been canceled since. Returns what is there then."""
    table, tenant = bootstrap.table(), enrollment.tenant
    references = reference_writes(table, tenant, enrollment.key, variables, accepted_at)
    checks = watermark_checks(table, tenant, [variables], accepted_at)
    if table.commits([table.put_write(enrollment_item(enrollment), condition=ABSENT), *references, *checks]):
        return enrollment
    (cancellation,) = bootstrap.references().canceled_since(tenant, [variables], accepted_at)
    if cancellation is not None:
        over = canceled(enrollment, cancellation, cancellation.at)
        table.commits([table.put_write(enrollment_item(over), condition=ABSENT), *references])
    found = bootstrap.enrollments().get(tenant, enrollment.key)
    assert found is not None
    return found


def make_many(tenant: int, count: int, variables: Mapping[str, str], accepted_at: int, **changes: Any) -> None:
    """Makes so many rows with the same variables, faster than one by one."""
    table = bootstrap.table()
    for contact in range(1, count + 1):
        made = row(tenant, contact, accepted_at, **changes)
        writes = reference_writes(table, tenant, made.key, variables, accepted_at)
        table.transact([table.put_write(enrollment_item(made)), *writes])
