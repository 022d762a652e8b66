"""New values that a bulk action gives to many records, checked before it begins (contract 1.3)."""

from collections.abc import Mapping
from typing import Any

from pydantic import TypeAdapter, ValidationError

from drumbeat.dialects.outreach.bodies import Forms, engine_value, form_of
from drumbeat.dialects.outreach.collection import Attribute, Collection, Shape
from drumbeat.dialects.outreach.custom_object_bodies import CustomObjectDocument, values_of
from drumbeat.dialects.outreach.errors import refused
from drumbeat.dialects.validation import validated

UNSHARED = {"emails", "number"}
"""What belongs to one record alone."""


def read_values(collection: Collection[Any], forms: Forms, pairs: Mapping[str, Any], *, under: str) -> dict[str, Any]:
    """The values by engine fields, as JSON. Raises ValidationFailed with a pointer `under` this."""
    if not pairs:
        raise refused(under, "Say which attribute becomes what.")
    if collection.free:
        return dict(values_of(validated(CustomObjectDocument, {"data": {"attributes": pairs}})))
    attributes = {name: _attribute(collection, name, under) for name in pairs}
    return {attribute.field: _value(attribute, forms, pairs[name], under) for name, attribute in attributes.items()}


def _attribute(collection: Collection[Any], name: str, under: str) -> Attribute:
    attribute = collection.by_name.get(name)
    if attribute is None or {"R", "W"} & set(attribute.flags) or attribute.field in UNSHARED:
        raise refused(f"{under}.{name}", "This cannot be set on many records.")
    return attribute


def _value(attribute: Attribute, forms: Forms, value: Any, under: str) -> Any:
    try:
        checked = TypeAdapter(form_of(attribute, forms)).validate_python(_unspelled(attribute, value))
    except ValidationError as refusal:
        message = refusal.errors(include_url=False, include_context=False, include_input=False)[0]["msg"]
        raise refused(f"{under}.{attribute.name}", message) from None
    converted = engine_value(checked)
    if attribute.shape is Shape.TEXTS:
        return list(converted or ())
    return converted


def _unspelled(attribute: Attribute, value: Any) -> Any:
    """Pairs hold texts only."""
    if attribute.shape is Shape.FLAG and value in ("true", "false"):
        return value == "true"
    if (
        attribute.shape is Shape.WHOLE
        and isinstance(value, str)
        and value.isascii()
        and value.isdigit()
        and len(value) < 19
    ):
        return int(value)
    return value
