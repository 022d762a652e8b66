"""AmpOut's test mails (contract 2.1, 2.2); `position` and `contact_id` are ours."""

from collections.abc import Mapping
from typing import Annotated, Any, Self

from pydantic import BaseModel, Field, model_validator

from drumbeat.application.send_tests import Became, Tested, TestWish
from drumbeat.dialects.text import Whole
from drumbeat.dialects.uuids import number_of
from drumbeat.domain.email import normalized
from drumbeat.domain.errors import NoEmailsProvided

MOST_TESTS = 10


class TestSendRequest(BaseModel):
    """POST /campaigns/{campaign_id}/test_send."""

    emails: Annotated[list[Any], Field(max_length=MOST_TESTS)] | None = None
    position: Annotated[Whole, Field(ge=1, le=1_000)] | None = None
    contact_id: Annotated[str, Field(max_length=64)] | None = None

    @model_validator(mode="after")
    def _has_emails(self) -> Self:
        """Raises NoEmailsProvided: the contract has a code of its own for this one fault."""
        if not self.emails:
            raise NoEmailsProvided("Say in emails where the test is to go.")
        return self

    def wish(self, tenant: int, campaign_id: str) -> TestWish:
        """Which mail is wanted. Raises NotFound for ids that are none."""
        sequence = number_of("sequence", tenant, campaign_id)
        contact = None if self.contact_id is None else number_of("contact", tenant, self.contact_id)
        return TestWish(sequence, self.position, contact)

    def addresses(self) -> dict[int, str]:
        """The rows that are addresses, normalized."""
        found = {row: normalized(email) for row, email in enumerate(self.emails or []) if isinstance(email, str)}
        return {row: email for row, email in found.items() if email is not None}


def tested_body(request: TestSendRequest, told: Mapping[str, Tested]) -> dict[str, Any]:
    """What became of each address, in the order they were named [inferred shape]."""
    good = request.addresses()
    results = [
        _result(told[good[row]]) | {"email": good[row]} if row in good else {"status": "invalid_email", "email": email}
        for row, email in enumerate(request.emails or [])
    ]
    return {"sent": sum(tested.became is Became.SENT for tested in told.values()), "results": results}


def _result(tested: Tested) -> dict[str, Any]:
    return {"status": tested.became.value, "message": tested.message}
