"""What opportunities may be made of and changed to (contract 1.3)."""

from drumbeat.dialects.outreach.bodies import Forms, document_model
from drumbeat.dialects.outreach.opportunities import OPPORTUNITIES
from drumbeat.dialects.text import Name

OPPORTUNITY_FORMS: Forms = {
    "name": Name,
}
CreateOpportunity = document_model("CreateOpportunity", OPPORTUNITIES, OPPORTUNITY_FORMS, required=("name",))
UpdateOpportunity = document_model("UpdateOpportunity", OPPORTUNITIES, OPPORTUNITY_FORMS)
