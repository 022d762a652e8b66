"""Credits as our own API says them."""

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from drumbeat.dialects.text import Whole
from drumbeat.domain.credits import CreditAccount, month_of

_MOST = 1_000_000_000


class SetCreditsRequest(BaseModel):
    """PUT /drumbeat/v1/credits"""

    model_config = ConfigDict(extra="forbid")

    allocated: Annotated[Whole, Field(ge=0, le=_MOST, alias="allocatedCredits")]


def credits_body(account: CreditAccount, now: int) -> dict[str, Any]:
    """What there is a month, and what has become of it in the one that is running."""
    return {
        "allocatedCredits": account.allocated,
        "spentCredits": account.spent_in(month_of(now)),
        "heldCredits": account.held,
        "availableCredits": account.available(now),
    }
