"""Custom objects: records of kinds that the tenant makes up. Their paths are [inferred]: the contract has none."""

import re
from collections.abc import Mapping
from math import isfinite
from typing import Annotated, Any

from pydantic import Field

from drumbeat.dialects.outreach.bodies import Data, Document
from drumbeat.dialects.outreach.collection import Attribute, Collection, Shape
from drumbeat.dialects.outreach.errors import refused
from drumbeat.domain.custom_object import CustomObject, view_of_custom_object
from drumbeat.domain.errors import NotFound
from drumbeat.domain.fit_text import is_text

MOST_ATTRIBUTES = 150
MOST_NUMBER = 1 << 53
LEAST_NUMBER = 1e-100
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,63}")
_OURS = {"id", "createdAt", "updatedAt", "number", "created_at", "updated_at"}


class CustomObjectData(Data):
    """A record: attributes of any name, texts, numbers or flags."""

    attributes: Annotated[dict[str, Any], Field(default_factory=dict, max_length=MOST_ATTRIBUTES)]
    relationships: Annotated[dict[str, Any], Field(default_factory=dict, max_length=0)]


class CustomObjectDocument(Document):
    """The body of a create or an update."""

    data: CustomObjectData


def _view(record: CustomObject) -> dict[str, Any]:
    return view_of_custom_object(record) | {"free": record.fields}


def custom_objects(object_name: str) -> Collection[CustomObject]:
    """The collection of one kind. Raises NotFound for what cannot be the name of one."""
    if not _NAME.fullmatch(object_name):
        raise NotFound("custom_object")
    return Collection(
        type="customObject",
        path=f"customObjects/{object_name}",
        scope="customObjects",
        view=_view,
        free="free",
        attributes=(
            Attribute("createdAt", "created_at", Shape.INSTANT, "FSR"),
            Attribute("updatedAt", "updated_at", Shape.INSTANT, "FSR"),
        ),
    )


def values_of(document: CustomObjectDocument) -> Mapping[str, Any]:
    """The attributes that a body gives. Raises ValidationFailed."""
    for name, value in document.data.attributes.items():
        if not _NAME.fullmatch(name):
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
