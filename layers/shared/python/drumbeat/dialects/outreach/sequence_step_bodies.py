"""What sequence steps may be made of and changed to (contract 1.7)."""

from typing import Annotated, Literal

from pydantic import Field

from drumbeat.dialects.outreach.bodies import Forms, document_model
from drumbeat.dialects.outreach.sequence_steps import SECONDS_A_MINUTE, SEQUENCE_STEPS
from drumbeat.dialects.text import MailBody, Subject, Whole
from drumbeat.domain.sequence import LONGEST_DELAY

SEQUENCE_STEP_FORMS: Forms = {
    "stepType": Literal["auto_email"],
    "interval": Annotated[Whole, Field(ge=0, le=LONGEST_DELAY * SECONDS_A_MINUTE)],
    "subject": Subject,
    "bodyHtml": MailBody,
}
_REQUIRED = ("sequence", "stepType", "subject", "bodyHtml")
CreateSequenceStep = document_model("CreateSequenceStep", SEQUENCE_STEPS, SEQUENCE_STEP_FORMS, required=_REQUIRED)
UpdateSequenceStep = document_model("UpdateSequenceStep", SEQUENCE_STEPS, SEQUENCE_STEP_FORMS)
