"""Two sequences that mail contact 1, as reports about its mails find them."""

from dataclasses import replace
from typing import Any

from drumbeat import bootstrap
from drumbeat.adapters.dynamodb import keys
from drumbeat.adapters.dynamodb.contact_items import address_digest
from drumbeat.adapters.dynamodb.enrollment_items import enrollment_item
from drumbeat.domain.enrollment import Enrollment, new_enrollment
from drumbeat.domain.ids import EnrollmentKey, Kind
from drumbeat.domain.times import HOUR
from drumbeat.domain.token import feedback_token
from tests.stage import SEQUENCE, START, TENANT, Stage

KEY = EnrollmentKey(SEQUENCE, 1)
ELSEWHERE = EnrollmentKey(2, 1)
ADDRESS = "p1@corp.example"


def sent(stage: Stage, server: Any) -> Stage:
    """Contact 1's first mail has left a sequence; another one is about to mail it."""
    stage.open([server], contacts=2)
    bootstrap.numbers().take(TENANT, Kind.SEQUENCE)
    bootstrap.table().put(
        enrollment_item(new_enrollment(TENANT, ELSEWHERE, batch_number=1, batch_tag="t", now=START + HOUR))
    )
    mailed = replace(stage.enrollment(), step=1, sender=1, sent_at=START, last_sent_at=START, due=START + HOUR)
    bootstrap.table().put(enrollment_item(mailed))
    return stage


def token(*, step: int = 0, tenant: int = TENANT, key: EnrollmentKey = KEY) -> str:
    """What a provider hands back about a mail that sender 1 sent."""
    return feedback_token(bootstrap.token_keys(), tenant, key, step, 0, key.contact, 1)


def elsewhere() -> Enrollment:
    """Contact 1's enrollment in the other sequence."""
    found = bootstrap.enrollments().get(TENANT, ELSEWHERE)
    assert found is not None
    return found


def suppression(email: str = ADDRESS) -> dict[str, Any] | None:
    """That an address must not be mailed."""
    return bootstrap.table().get(keys.suppression(TENANT, address_digest(email)))
