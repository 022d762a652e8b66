"""What sequences may be made of and changed to (contract 1.7): ways that the engine does not have are refused."""

from typing import Annotated, Literal

from pydantic import Field

from drumbeat.dialects.outreach.bodies import Forms, document_model
from drumbeat.dialects.outreach.sequences import SEQUENCES
from drumbeat.dialects.text import Line, Name, Whole

type Throttle = Annotated[Whole, Field(ge=1, le=1_000_000)]
type Tags = Annotated[list[Annotated[Line, Field(min_length=1, max_length=100)]], Field(max_length=100)]
SEQUENCE_FORMS: Forms = {
    "name": Name,
    "sequenceType": Literal["interval"],
    "scheduleIntervalType": Literal["calendar"],
    "shareType": Literal["private", "read_only", "shared"],
    "primaryReplyAction": Literal["finish"],
    "secondaryReplyAction": Literal["finish"],
    "throttleCapacity": Throttle,
    "throttleMaxAddsPerDay": Throttle,
    # Nobody who has opted out is ever mailed.
    "transactional": Literal[False],
    "tags": Tags,
}
CreateSequence = document_model("CreateSequence", SEQUENCES, SEQUENCE_FORMS, required=("name",))
UpdateSequence = document_model("UpdateSequence", SEQUENCES, SEQUENCE_FORMS)
