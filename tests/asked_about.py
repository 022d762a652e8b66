"""An enrollment that waits for somebody outside, the tenant's app or its dialler, and what is told about it."""

from dataclasses import dataclass, field, replace
from itertools import count
from typing import Any

from drumbeat import bootstrap
from drumbeat.adapters.dynamodb.enrollment_items import enrollment_item
from drumbeat.domain.enrollment import Enrollment
from drumbeat.domain.ids import EnrollmentKey
from drumbeat.domain.token import Asked, connector_token
from tests.stage import START
from tests.world import Answer, Caller

SEQUENCE = 1
KEY = EnrollmentKey(SEQUENCE, 1)
_TENANTS = count(1_000)


@dataclass
class Waiting:
    """One enrollment of a tenant of its own that somebody was asked about."""

    now: int = START
    tenant: int = field(default_factory=lambda: next(_TENANTS))

    def put(self, enrollment: Enrollment) -> None:
        bootstrap.table().put(enrollment_item(enrollment))

    def change(self, **fields: Any) -> None:
        """Changes the enrollment behind everybody's back."""
        self.put(replace(self.enrollment(), **fields))

    def enrollment(self) -> Enrollment:
        found = bootstrap.enrollments().get(self.tenant, KEY)
        assert found is not None
        return found

    def token(self, **other: Any) -> str:
        """The token of the request as it is open now."""
        found = self.enrollment()
        asked = Asked(self.tenant, KEY, found.step, found.epoch, found.asked)
        return connector_token(bootstrap.token_keys(), asked._replace(**other))

    def say(self, operation: str, body: Any = None, *, token: str | None = None, **options: Any) -> Answer:
        """What the answer is answered; its token is the open request's unless it says so."""
        token = self.token() if token is None else token
        return Caller()(operation, body, group="drumbeat", token=token, **options)
