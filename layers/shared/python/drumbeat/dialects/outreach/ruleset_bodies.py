"""What rulesets may be made of and changed to (contract 1.7)."""

from typing import Annotated, Literal

from pydantic import Field

from drumbeat.dialects.outreach.bodies import Forms, document_model
from drumbeat.dialects.outreach.rulesets import RULESETS
from drumbeat.dialects.text import Name, Whole
from drumbeat.domain.ruleset import Duplicates, Exclusivity

LONGEST_INTERVAL = 10 * 366 * 86_400
type Seconds = Annotated[Whole, Field(ge=0, le=LONGEST_INTERVAL)]
RULESET_FORMS: Forms = {
    "name": Name,
    "permitDuplicateProspects": Duplicates,
    "sequenceExclusivity": Exclusivity,
    "minimumProspectTouchedInterval": Seconds,
    "autoResumeOotoProspectsIn": Seconds,
    "autoResumeOotoProspectsExpiresIn": Seconds,
    # Every mail can be unsubscribed from: nobody is told that theirs could not.
    "includeUnsubscribeLinks": Literal[True],
}
CreateRuleset = document_model("CreateRuleset", RULESETS, RULESET_FORMS, required=("name",))
UpdateRuleset = document_model("UpdateRuleset", RULESETS, RULESET_FORMS)
