"""Custom objects: records of kinds that the tenant makes up. Their paths are [inferred]: the contract has none."""

import re
from typing import Any

from drumbeat.dialects.outreach.collection import Attribute, Collection, Shape
from drumbeat.domain.custom_object import CustomObject, view_of_custom_object
from drumbeat.domain.errors import NotFound

FITTING_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,63}")


def _view(record: CustomObject) -> dict[str, Any]:
    return view_of_custom_object(record) | {"free": record.fields}


def custom_objects(object_name: str) -> Collection[CustomObject]:
    """The collection of one kind. Raises NotFound for what cannot be the name of one."""
    if not FITTING_NAME.fullmatch(object_name):
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
