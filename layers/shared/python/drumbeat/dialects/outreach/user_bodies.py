"""What users may be made of and changed to (contract 1.7)."""

from drumbeat.dialects.outreach.bodies import Forms, document_model
from drumbeat.dialects.outreach.users import USERS
from drumbeat.dialects.text import Email, Name

USER_FORMS: Forms = {
    "email": Email,
    "username": Name,
}
CreateUser = document_model("CreateUser", USERS, USER_FORMS, required=("email",))
UpdateUser = document_model("UpdateUser", USERS, USER_FORMS)
