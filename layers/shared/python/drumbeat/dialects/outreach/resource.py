"""One resource as JSON:API shows it: attributes, relationships, links, and what the caller may do with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from drumbeat.dialects.outreach.collection import Attribute, Collection, Relation, Shape
from drumbeat.domain.times import iso

if TYPE_CHECKING:
    from drumbeat.application.ports import OutOfTime
    from drumbeat.dialects.outreach.listing import Shown
    from drumbeat.domain.tenant import ApiKey

ROOT = "/api/v2"


class Asked(Protocol):
    """What is looked at of a request: who asks, with which query, under which URL."""

    @property
    def key(self) -> ApiKey: ...
    @property
    def query_values(self) -> Mapping[str, tuple[str, ...]]: ...
    @property
    def root(self) -> str: ...
    @property
    def out_of_time(self) -> OutOfTime: ...


def resource(collection: Collection[Any], view: Mapping[str, Any], asked: Asked, shown: Shown) -> dict[str, Any]:
    """The resource that is seen like this, with the fields that are wanted of its type."""
    wanted = shown.fields.get(collection.type)
    attributes = {
        attribute.name: _shown(attribute, view.get(attribute.field))
        for attribute in collection.attributes
        if "W" not in attribute.flags and (wanted is None or attribute.name in wanted)
    }
    free = view[collection.free] if collection.free else {}
    attributes |= {name: value for name, value in free.items() if wanted is None or name in wanted}
    relationships = {
        relation.name: _linkage(relation, view, asked)
        for relation in collection.relations
        if wanted is None or relation.name in wanted
    }
    number = view["number"]
    body = {
        "type": collection.type,
        "id": number,
        "attributes": attributes,
        "relationships": relationships,
        "links": {"self": f"{asked.root}{ROOT}/{collection.path}/{number}"},
    }
    return body | ({"meta": _rights(collection, asked.key)} if shown.authorization else {})


def numbers_of(relation: Relation, view: Mapping[str, Any]) -> Sequence[int]:
    """The numbers of the others in a relation."""
    held = view.get(relation.field)
    if held is None:
        return ()
    return held if isinstance(held, tuple) else (held,)


def _shown(attribute: Attribute, value: Any) -> Any:
    if attribute.shape is Shape.TEXTS:
        return list(value or ())
    if attribute.shape is Shape.INSTANT and value is not None:
        return iso(value)
    return value


def _linkage(relation: Relation, view: Mapping[str, Any], asked: Asked) -> dict[str, Any] | list[dict[str, Any]]:
    body: dict[str, Any] = {}
    if relation.field:
        others = [{"type": relation.type, "id": number} for number in numbers_of(relation, view)]
        body["data"] = others if relation.many else next(iter(others), None)
    if relation.related:
        body["links"] = {"related": f"{asked.root}{ROOT}{relation.related.format(number=view['number'])}"}
    return [body] if relation.wrapped else body


def _rights(collection: Collection[Any], key: ApiKey) -> dict[str, bool]:
    scope = collection.scope or collection.path
    return {"canWrite": key.reaches(f"{scope}.write"), "canDelete": key.reaches(f"{scope}.delete")}
