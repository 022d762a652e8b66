"""Prospects (contract 1.7): what contacts are called here. All mail is e-mail, so every e-mail opt-out is the one."""

from collections.abc import Callable, Mapping
from typing import Any

from drumbeat.application.people import with_values
from drumbeat.dialects.outreach.collection import Attribute, Collection, Relation, Shape
from drumbeat.dialects.outreach.customs import CUSTOMS
from drumbeat.dialects.outreach.errors import refused
from drumbeat.domain.contact import Contact, view_of_contact

_PHONES = ("home_phones", "mobile_phones", "work_phones", "other_phones", "voip_phones")


def view_of_prospect(contact: Contact) -> dict[str, Any]:
    """The contact as a prospect shows it: addresses as they are spelled, and all that its one opt-out comes to."""
    out = contact.unsubscribed_at is not None
    status = "opted_out" if out else contact.fields.get("emails_opt_status")
    return view_of_contact(contact) | {
        "emails": contact.addresses,
        "email_opted_out": out,
        "emails_opt_status": status,
        "call_opted_out": contact.fields.get("call_opted_out", False),
    }


def _camel(field: str) -> str:
    first, *rest = field.split("_")
    return first + "".join(word.capitalize() for word in rest)


PROSPECTS = Collection(
    type="prospect",
    path="prospects",
    view=view_of_prospect,
    searchable=True,
    attributes=(
        Attribute("firstName", "first_name", Shape.TEXT, "FS"),
        Attribute("lastName", "last_name", Shape.TEXT, "FS"),
        Attribute("name", "name", Shape.TEXT, "R"),
        Attribute("title", "title", Shape.TEXT, "FS"),
        Attribute("company", "company"),
        Attribute("occupation", "occupation"),
        Attribute("emails", "emails", Shape.TEXTS, "F"),
        *(Attribute(_camel(field), field, Shape.TEXTS) for field in _PHONES),
        Attribute("tags", "tags", Shape.TEXTS),
        Attribute("timeZone", "zone", Shape.TEXT, "F"),
        Attribute("optedOut", "opted_out", Shape.FLAG, nullable=False),
        Attribute("optedOutAt", "unsubscribed_at", Shape.INSTANT, "R"),
        Attribute("emailOptedOut", "email_opted_out", Shape.FLAG, nullable=False),
        Attribute("callOptedOut", "call_opted_out", Shape.FLAG, nullable=False),
        Attribute("emailsOptStatus", "emails_opt_status"),
        Attribute("callsOptStatus", "calls_opt_status"),
        Attribute("externalId", "external_id"),
        Attribute("externalSource", "external_source", Shape.TEXT, "FS"),
        Attribute("source", "source"),
        Attribute("score", "score", Shape.WHOLE),
        Attribute("engagedAt", "engaged_at", Shape.INSTANT, "FSR"),
        Attribute("engagedScore", "engaged_score", Shape.WHOLE, "FSR"),
        Attribute("openCount", "open_count", Shape.WHOLE, "R"),
        Attribute("clickCount", "click_count", Shape.WHOLE, "R"),
        Attribute("replyCount", "reply_count", Shape.WHOLE, "R"),
        Attribute("touchedAt", "touched_at", Shape.INSTANT, "FSR"),
        Attribute("availableAt", "available_at", Shape.INSTANT),
        Attribute("linkedInUrl", "linked_in_url"),
        *CUSTOMS,
        Attribute("trashedAt", "trashed_at", Shape.INSTANT, "R"),
        Attribute("createdAt", "created_at", Shape.INSTANT, "FSR"),
        Attribute("updatedAt", "updated_at", Shape.INSTANT, "FSR"),
    ),
    relations=(
        Relation(
            "account",
            "account",
            "company_number",
            filters=(
                Attribute("customId", "company.custom_id", Shape.TEXT, "F"),
                Attribute("name", "company.name", Shape.TEXT, "F"),
                Attribute("named", "company.named", Shape.FLAG, "F"),
                Attribute("updatedAt", "company.updated_at", Shape.INSTANT, "F"),
            ),
        ),
        Relation("owner", "user", "owner"),
        Relation("assignedUsers", "user", "assigned", many=True),
        Relation("opportunities", "opportunity", "opportunity", many=True),
        Relation("sequenceStates", "sequenceState", many=True, related="/sequenceStates?filter[prospect][id]={number}"),
    ),
)


def prospect_change(values: Mapping[str, Any], now: int) -> Callable[[Contact], Contact]:
    """What a body's values make of a contact. Raises ValidationFailed, and so does what is returned."""
    opportunities = values.get("opportunity", ())
    if len(opportunities) > 1:
        raise refused("data.relationships.opportunities", "A prospect is linked to one opportunity at most.")
    one = {"opportunity": next(iter(opportunities), None)} if "opportunity" in values else {}
    return lambda contact: with_values(contact, {**values, **one}, now)
