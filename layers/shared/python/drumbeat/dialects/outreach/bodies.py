"""Bodies of creates and updates as models, made of what the collection says (contract 1.1 and 1.7)."""

from collections.abc import Collection as Names
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StrictBool, create_model

from drumbeat.dialects.instants import Instant, milliseconds
from drumbeat.dialects.outreach.collection import Attribute, Collection, Relation, Shape
from drumbeat.dialects.outreach.errors import refused
from drumbeat.dialects.text import Line, Whole

_STRICT = ConfigDict(extra="forbid")
_MOST_NUMBER = (1 << 53) - 1


def _number(value: Any) -> Any:
    """A number or its decimal digits."""
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise ValueError("must be a number")
    if isinstance(value, str) and not (value.isascii() and value.isdigit() and len(value) < 17):
        raise ValueError("must be a number")
    return int(value)


type Number = Annotated[int, BeforeValidator(_number), Field(ge=0, le=_MOST_NUMBER)]
type Amount = Annotated[Whole, Field(ge=-_MOST_NUMBER, le=_MOST_NUMBER)]
type Texts = Annotated[list[Line], Field(max_length=1_000)]
_OF_SHAPES = {Shape.TEXT: Line, Shape.TEXTS: Texts, Shape.WHOLE: Amount, Shape.FLAG: StrictBool, Shape.INSTANT: Instant}

type Forms = Mapping[str, Any]
"""By the names of attributes the types that their values must have in a body, where the shape alone says too little."""


class Identifier(BaseModel):
    """Names a resource; the type is taken for granted, as Outreach's own samples say anything there."""

    model_config = _STRICT

    type: Line | None = None
    id: Number


class ToOne(BaseModel):
    """A relation to one other, or to none."""

    model_config = ConfigDict(extra="ignore")

    data: Identifier | None


class ToSomebody(ToOne):
    """A relation to one other that must be there."""

    data: Identifier


class ToMany(BaseModel):
    """A relation to any others."""

    model_config = ConfigDict(extra="ignore")

    data: Annotated[list[Identifier], Field(max_length=1_000)]


class Data(BaseModel):
    """A resource as it is to be."""

    model_config = ConfigDict(extra="ignore")

    type: Line | None = None
    id: Number | None = None


class Document(BaseModel):
    """The body of a create or an update."""

    model_config = ConfigDict(extra="ignore")

    data: Data


def document_model(
    name: str, collection: Collection[Any], forms: Forms, *, required: Names[str] = ()
) -> type[Document]:
    """The model of a body: the attributes and relations that can be written, `required` ones given and not null.

    What cannot be written, or is not known, is refused, so that nobody believes it was kept.
    """
    attributes: dict[str, Any] = {
        attribute.name: _field(attribute, forms, required)
        for attribute in collection.attributes
        if "R" not in attribute.flags
    }
    relations: dict[str, Any] = {
        relation.name: _relation_field(relation, required)
        for relation in collection.relations
        if relation.field and not relation.read_only
    }
    parts: dict[str, Any] = {}
    for part, fields in (("attributes", attributes), ("relationships", relations)):
        model = create_model(f"{name}{part.capitalize()}", __config__=_STRICT, **fields)
        must = bool(set(required) & fields.keys())
        parts[part] = (model, ...) if must else (model, Field(default_factory=model))
    data = create_model(f"{name}Data", __base__=Data, **parts)
    return create_model(name, __base__=Document, __doc__=f"{name}: a {collection.type}.", data=(data, ...))


def changes(collection: Collection[Any], document: Document) -> dict[str, Any]:
    """What a body gives, as engine fields: instants in milliseconds, lists as tuples, relations as numbers."""
    data: Any = document.data
    given: dict[str, Any] = {}
    for name in data.attributes.model_fields_set:
        attribute = collection.by_name[name]
        given[attribute.field] = engine_value(getattr(data.attributes, name))
    for name in data.relationships.model_fields_set:
        given[collection.relations_by_name[name].field] = _linked(getattr(data.relationships, name))
    return given


def checked_id(document: Document, number: int) -> None:
    """Raises ValidationFailed when an update's body names another resource than its path."""
    if document.data.id not in (None, number):
        raise refused("data.id", "The body names another resource than the path.")


def form_of(attribute: Attribute, forms: Forms) -> Any:
    """The type that a value of the attribute has in a body."""
    form = _form(attribute, forms)
    return form | None if attribute.nullable else form


def engine_value(value: Any) -> Any:
    """A value out of a body as the engine holds it."""
    if isinstance(value, datetime):
        return milliseconds(value)
    return tuple(value) if isinstance(value, list) else value


def _form(attribute: Attribute, forms: Forms) -> Any:
    return forms.get(attribute.name) or _OF_SHAPES.get(attribute.shape, Any)


def _field(attribute: Attribute, forms: Forms, required: Names[str]) -> tuple[Any, Any]:
    if attribute.name in required:
        return _form(attribute, forms), ...
    return form_of(attribute, forms), None  # left out is not null: `model_fields_set` tells which was given


def _relation_field(relation: Relation, required: Names[str]) -> tuple[Any, Any]:
    if relation.name in required:
        return (ToMany if relation.many else ToSomebody), ...
    return (ToMany if relation.many else ToOne), None


def _linked(relation: ToOne | ToMany) -> Any:
    if isinstance(relation, ToMany):
        return tuple(dict.fromkeys(other.id for other in relation.data))
    return None if relation.data is None else relation.data.id
