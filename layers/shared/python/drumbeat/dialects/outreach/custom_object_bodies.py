"""What custom objects may hold: attributes of any name."""

from collections.abc import Mapping
from math import isfinite
from typing import Annotated, Any

from pydantic import Field

from drumbeat.dialects.outreach.bodies import Data, Document
from drumbeat.dialects.outreach.custom_objects import FITTING_NAME
from drumbeat.dialects.outreach.errors import refused
from drumbeat.domain.fit_text import is_text

MOST_ATTRIBUTES = 150
MOST_NUMBER = 1 << 53
LEAST_NUMBER = 1e-100
_OURS = {"id", "createdAt", "updatedAt", "number", "created_at", "updated_at"}


class CustomObjectData(Data):
    """A record: attributes of any name, texts, numbers or flags."""

    attributes: Annotated[dict[str, Any], Field(default_factory=dict, max_length=MOST_ATTRIBUTES)]
    relationships: Annotated[dict[str, Any], Field(default_factory=dict, max_length=0)]


class CustomObjectDocument(Document):
    """The body of a create or an update."""

    data: CustomObjectData


def values_of(document: CustomObjectDocument) -> Mapping[str, Any]:
    """The attributes that a body gives. Raises ValidationFailed."""
    for name, value in document.data.attributes.items():
        if not FITTING_NAME.fullmatch(name):
            raise refused("data.attributes", "A name has letters, digits and underscores, 64 at most.")
        if name in _OURS:
            raise refused(f"data.attributes.{name}", "This cannot be written.")
        if not _can_be_kept(value):
            raise refused(f"data.attributes.{name}", "Must be text, a number, true, false or null.")
    return document.data.attributes


def _can_be_kept(value: Any) -> bool:
    match value:
        case None | bool():
            return True
        case int():
            return abs(value) <= MOST_NUMBER
        case float():
            return isfinite(value) and (value == 0 or LEAST_NUMBER <= abs(value) <= MOST_NUMBER)
        case str():
            return is_text(value)
    return False
