"""Sequences (contract 1.7). What the engine does in one way only is refused when another way is asked for."""

from drumbeat.dialects.outreach.collection import Attribute, Collection, Relation, Shape
from drumbeat.domain.sequence_views import view_of_sequence

SEQUENCES = Collection(
    type="sequence",
    path="sequences",
    view=view_of_sequence,
    attributes=(
        Attribute("name", "name", Shape.TEXT, "FS", nullable=False),
        Attribute("description", "description"),
        Attribute("enabled", "active", Shape.FLAG, "R"),
        Attribute("enabledAt", "enabled_at", Shape.INSTANT, "FSR"),
        Attribute("sequenceType", "sequence_type"),
        Attribute("scheduleIntervalType", "interval_type"),
        Attribute("shareType", "share_type", Shape.TEXT, "FS"),
        Attribute("primaryReplyAction", "first_reply_action"),
        Attribute("secondaryReplyAction", "second_reply_action"),
        Attribute("throttleCapacity", "max_active", Shape.WHOLE, "FS"),
        Attribute("throttleMaxAddsPerDay", "max_adds_per_day", Shape.WHOLE, "FS"),
        Attribute("throttlePaused", "throttle_paused", Shape.FLAG, nullable=False),
        Attribute("transactional", "transactional", Shape.FLAG),
        Attribute("tags", "tags", Shape.TEXTS, nullable=False),
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
