"""Suppressing addresses in bulk, each looked at by itself."""

from typing import Annotated, Any

from pydantic import BaseModel, Field

from drumbeat.domain.email import normalized


class SuppressRequest(BaseModel):
    """POST /drumbeat/v1/suppressions."""

    emails: Annotated[list[Any], Field(min_length=1, max_length=200)]

    def addresses(self) -> dict[int, str]:
        """The rows that are addresses, normalized."""
        found = {row: normalized(email) for row, email in enumerate(self.emails) if isinstance(email, str)}
        return {row: email for row, email in found.items() if email is not None}


def suppressed_body(request: SuppressRequest) -> dict[str, Any]:
    """How many addresses are suppressed, and the rows that were none."""
    good = request.addresses()
    message = "This is not an address that can be mailed."
    return {
        "suppressed": len(good),
        "rejected": [
            {"row": row, "code": "invalid_email", "field": "emails", "message": message}
            for row in range(len(request.emails))
            if row not in good
        ],
    }
