"""Users (contract 1.7: whom owners and assignments name)."""

from drumbeat.dialects.outreach.collection import Attribute, Collection, Shape
from drumbeat.domain.user import view_of_user

USERS = Collection(
    type="user",
    path="users",
    view=view_of_user,
    attributes=(
        Attribute("email", "email", Shape.TEXT, "FS", nullable=False),
        Attribute("firstName", "first_name", Shape.TEXT, "FS"),
        Attribute("lastName", "last_name", Shape.TEXT, "FS"),
        Attribute("username", "username", Shape.TEXT, "FS"),
        Attribute("title", "title", Shape.TEXT, "F"),
        Attribute("locked", "locked", Shape.FLAG, "F", nullable=False),
        Attribute("createdAt", "created_at", Shape.INSTANT, "FSR"),
        Attribute("updatedAt", "updated_at", Shape.INSTANT, "FSR"),
    ),
)
