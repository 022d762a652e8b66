"""What mailboxes may be made of and changed to (contract 1.7)."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from drumbeat.dialects.outreach.bodies import Forms, document_model
from drumbeat.dialects.outreach.mailboxes import DAYS_A_WEEK, MAILBOXES
from drumbeat.dialects.text import Email, Host, Line, Port, Secret, Whole

_MOST = 1_000_000
MAILBOX_FORMS: Forms = {
    "email": Email,
    "fromName": Annotated[Line, Field(max_length=100)],
    "sendMethod": Literal["smtp"],
    "smtpHost": Host,
    "smtpPort": Port,
    "smtpUsername": Line,
    "smtpPassword": Secret,
    "maxMailingsPerDay": Annotated[Whole, Field(ge=1, le=_MOST)],
    # Fewer than one a day could never leave.
    "maxMailingsPerWeek": Annotated[Whole, Field(ge=DAYS_A_WEEK, le=_MOST)],
    "sendPeriod": Annotated[Whole, Field(ge=1, le=86_400)],
    "sendThreshold": Annotated[Whole, Field(ge=1, le=_MOST)],
}
_REQUIRED = ("email", "smtpHost", "smtpPort", "smtpUsername", "smtpPassword")
CreateMailbox = document_model("CreateMailbox", MAILBOXES, MAILBOX_FORMS, required=_REQUIRED)
UpdateMailbox = document_model("UpdateMailbox", MAILBOXES, MAILBOX_FORMS)
