"""What accounts may be made of and changed to (contract 1.7)."""

from drumbeat.dialects.outreach.accounts import ACCOUNTS
from drumbeat.dialects.outreach.bodies import Forms, document_model
from drumbeat.dialects.outreach.custom_forms import CUSTOM_FORMS
from drumbeat.dialects.text import Name, text_of_at_most

ACCOUNT_FORMS: Forms = {
    "name": Name,
    "websiteUrl": text_of_at_most(1_000),
    **CUSTOM_FORMS,
}
CreateAccount = document_model("CreateAccount", ACCOUNTS, ACCOUNT_FORMS, required=("name",))
UpdateAccount = document_model("UpdateAccount", ACCOUNTS, ACCOUNT_FORMS)
