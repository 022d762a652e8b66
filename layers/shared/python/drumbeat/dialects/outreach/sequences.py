"""Sequences (contract 1.7). What the engine does in one way only is refused when another way is asked for."""

from typing import Annotated, Literal

from pydantic import Field

from drumbeat.dialects.outreach.bodies import document_model
from drumbeat.dialects.outreach.collection import Attribute, Collection, Relation, Shape
from drumbeat.dialects.text import Line, Name, Whole
from drumbeat.domain.sequence_views import view_of_sequence

type Throttle = Annotated[Whole, Field(ge=1, le=1_000_000)]
type Tags = Annotated[list[Annotated[Line, Field(min_length=1, max_length=100)]], Field(max_length=100)]

SEQUENCES = Collection(
    type="sequence",
    path="sequences",
    view=view_of_sequence,
    attributes=(
        Attribute("name", "name", Shape.TEXT, "FS", form=Name, nullable=False),
        Attribute("description", "description"),
        Attribute("enabled", "active", Shape.FLAG, "R"),
        Attribute("enabledAt", "enabled_at", Shape.INSTANT, "FSR"),
        Attribute("sequenceType", "sequence_type", form=Literal["interval"]),
        Attribute("scheduleIntervalType", "interval_type", form=Literal["calendar"]),
        Attribute("shareType", "share_type", Shape.TEXT, "FS", form=Literal["private", "read_only", "shared"]),
        Attribute("primaryReplyAction", "first_reply_action", form=Literal["finish"]),
        Attribute("secondaryReplyAction", "second_reply_action", form=Literal["finish"]),
        Attribute("throttleCapacity", "max_active", Shape.WHOLE, "FS", form=Throttle),
        Attribute("throttleMaxAddsPerDay", "max_adds_per_day", Shape.WHOLE, "FS", form=Throttle),
        Attribute("throttlePaused", "throttle_paused", Shape.FLAG, nullable=False),
        # Nobody who has opted out is ever mailed.
        Attribute("transactional", "transactional", Shape.FLAG, form=Literal[False]),
        Attribute("tags", "tags", Shape.TEXTS, form=Tags, nullable=False),
        Attribute("createdAt", "created_at", Shape.INSTANT, "FSR"),
        Attribute("updatedAt", "updated_at", Shape.INSTANT, "FSR"),
    ),
    relations=(
        Relation("owner", "user", "owner"),
        Relation("ruleset", "ruleset", "ruleset"),
        Relation(
            "sequenceSteps",
            "sequenceStep",
            "steps",
            many=True,
            read_only=True,
            related="/sequenceSteps?filter[sequence][id]={number}",
        ),
        Relation("sequenceStates", "sequenceState", related="/sequenceStates?filter[sequence][id]={number}"),
    ),
)
CreateSequence = document_model("CreateSequence", SEQUENCES, required=("name",))
UpdateSequence = document_model("UpdateSequence", SEQUENCES)
