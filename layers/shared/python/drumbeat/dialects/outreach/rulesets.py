"""Rulesets (contract 1.7): who may be added to a sequence. What decides nothing yet is kept and shown back."""

from drumbeat.dialects.outreach.collection import Attribute, Collection, Shape
from drumbeat.domain.ruleset import view_of_ruleset

RULESETS = Collection(
    type="ruleset",
    path="rulesets",
    view=view_of_ruleset,
    attributes=(
        Attribute("name", "name", Shape.TEXT, "FS", nullable=False),
        Attribute("permitDuplicateProspects", "duplicates", nullable=False),
        Attribute("sequenceExclusivity", "exclusivity", nullable=False),
        Attribute("minimumProspectTouchedInterval", "touched_interval", Shape.WHOLE, nullable=False),
        Attribute("emailOptOutAction", "email_opt_out_action"),
        Attribute("callOptOutAction", "call_opt_out_action"),
        Attribute("smsOptOutAction", "sms_opt_out_action"),
        Attribute("autoResumeOotoProspects", "auto_resume_ooto", Shape.FLAG),
        Attribute("autoResumeOotoProspectsIn", "auto_resume_ooto_in", Shape.WHOLE),
        Attribute("autoResumeOotoProspectsExpiresIn", "auto_resume_ooto_expires_in", Shape.WHOLE),
        Attribute("meetingBookedAction", "meeting_booked_action"),
        Attribute("includeUnsubscribeLinks", "unsubscribe_links", Shape.FLAG),
        Attribute("stepOverridesEnabled", "step_overrides", Shape.FLAG),
        Attribute("createdAt", "created_at", Shape.INSTANT, "FSR"),
        Attribute("updatedAt", "updated_at", Shape.INSTANT, "FSR"),
    ),
)
