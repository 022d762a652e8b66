"""Accounts (contract 1.7): what companies are called here."""

from drumbeat.dialects.outreach.collection import Attribute, Collection, Relation, Shape
from drumbeat.dialects.outreach.customs import CUSTOMS
from drumbeat.domain.company import view_of_company

ACCOUNTS = Collection(
    type="account",
    path="accounts",
    view=view_of_company,
    searchable=True,
    attributes=(
        Attribute("name", "name", Shape.TEXT, "FS", nullable=False),
        Attribute("domain", "domain", Shape.TEXT, "FS"),
        Attribute("customId", "custom_id", Shape.TEXT, "FS"),
        Attribute("named", "named", Shape.FLAG, "FS", nullable=False),
        Attribute("buyerIntentScore", "buyer_intent_score", Shape.WHOLE, "FS"),
        Attribute("industry", "industry"),
        Attribute("numberOfEmployees", "number_of_employees", Shape.WHOLE),
        Attribute("websiteUrl", "website_url"),
        Attribute("tags", "tags", Shape.TEXTS, nullable=False),
        Attribute("touchedAt", "touched_at", Shape.INSTANT, "FSR"),
        *CUSTOMS,
        Attribute("createdAt", "created_at", Shape.INSTANT, "FSR"),
        Attribute("updatedAt", "updated_at", Shape.INSTANT, "FSR"),
    ),
    relations=(
        Relation("owner", "user", "owner"),
        Relation("assignedUsers", "user", "assigned", many=True),
        Relation("prospects", "prospect", many=True, related="/prospects?filter[account][id]={number}"),
    ),
)
