"""Rulesets (contract 1.7): who may be added to a sequence. What decides nothing yet is kept and shown back."""

from typing import Annotated, Literal

from pydantic import Field

from drumbeat.dialects.outreach.bodies import document_model
from drumbeat.dialects.outreach.collection import Attribute, Collection, Shape
from drumbeat.dialects.text import Name, Whole
from drumbeat.domain.ruleset import Duplicates, Exclusivity, view_of_ruleset

LONGEST_INTERVAL = 10 * 366 * 86_400
type Seconds = Annotated[Whole, Field(ge=0, le=LONGEST_INTERVAL)]

RULESETS = Collection(
    type="ruleset",
    path="rulesets",
    view=view_of_ruleset,
    attributes=(
        Attribute("name", "name", Shape.TEXT, "FS", form=Name, nullable=False),
        Attribute("permitDuplicateProspects", "duplicates", form=Duplicates, nullable=False),
        Attribute("sequenceExclusivity", "exclusivity", form=Exclusivity, nullable=False),
        Attribute("minimumProspectTouchedInterval", "touched_interval", Shape.WHOLE, form=Seconds, nullable=False),
        Attribute("emailOptOutAction", "email_opt_out_action"),
        Attribute("callOptOutAction", "call_opt_out_action"),
        Attribute("smsOptOutAction", "sms_opt_out_action"),
        Attribute("autoResumeOotoProspects", "auto_resume_ooto", Shape.FLAG),
        Attribute("autoResumeOotoProspectsIn", "auto_resume_ooto_in", Shape.WHOLE, form=Seconds),
        Attribute("autoResumeOotoProspectsExpiresIn", "auto_resume_ooto_expires_in", Shape.WHOLE, form=Seconds),
        Attribute("meetingBookedAction", "meeting_booked_action"),
        # Every mail can be unsubscribed from: nobody is told that theirs could not.
        Attribute("includeUnsubscribeLinks", "unsubscribe_links", Shape.FLAG, form=Literal[True]),
        Attribute("stepOverridesEnabled", "step_overrides", Shape.FLAG),
        Attribute("createdAt", "created_at", Shape.INSTANT, "FSR"),
        Attribute("updatedAt", "updated_at", Shape.INSTANT, "FSR"),
    ),
)
CreateRuleset = document_model("CreateRuleset", RULESETS, required=("name",))
UpdateRuleset = document_model("UpdateRuleset", RULESETS)
