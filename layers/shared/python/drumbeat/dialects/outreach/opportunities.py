"""Opportunities: what prospects are linked to (contract 1.3; more than name and id is [inferred])."""

from drumbeat.dialects.outreach.collection import Attribute, Collection, Relation, Shape
from drumbeat.domain.opportunity import view_of_opportunity

OPPORTUNITIES = Collection(
    type="opportunity",
    path="opportunities",
    view=view_of_opportunity,
    attributes=(
        Attribute("name", "name", Shape.TEXT, "FS", nullable=False),
        Attribute("amount", "amount", Shape.WHOLE, "FS"),
        Attribute("closeDate", "close_date", Shape.INSTANT, "FS"),
        Attribute("createdAt", "created_at", Shape.INSTANT, "FSR"),
        Attribute("updatedAt", "updated_at", Shape.INSTANT, "FSR"),
    ),
    relations=(
        Relation("owner", "user", "owner"),
        Relation("account", "account", "company_number"),
    ),
)
