"""What prospects may be made of and changed to (contract 1.7)."""

from typing import Annotated, Literal

from pydantic import Field

from drumbeat.dialects.outreach.bodies import Forms, document_model
from drumbeat.dialects.outreach.custom_forms import CUSTOM_FORMS
from drumbeat.dialects.outreach.prospects import PROSPECTS
from drumbeat.dialects.text import Email, Line, Zone, text_of_at_most

MOST_EMAILS = 20

type Emails = Annotated[list[Email], Field(max_length=MOST_EMAILS)]
type Phones = Annotated[list[Line], Field(max_length=20)]
type OptStatus = Literal["opted_in", "opted_out", "null"]
PROSPECT_FORMS: Forms = {
    "emails": Emails,
    **{attribute.name: Phones for attribute in PROSPECTS.attributes if attribute.field.endswith("_phones")},
    "timeZone": Zone,
    "emailsOptStatus": OptStatus,
    "callsOptStatus": OptStatus,
    "linkedInUrl": text_of_at_most(1_000),
    **CUSTOM_FORMS,
}
CreateProspect = document_model("CreateProspect", PROSPECTS, PROSPECT_FORMS)
UpdateProspect = document_model("UpdateProspect", PROSPECTS, PROSPECT_FORMS)
