"""Side-loading: what `include` names, each resource once, read together (contract 1.1)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from drumbeat.dialects.outreach.errors import refused_parameter
from drumbeat.dialects.outreach.resource import Asked, numbers_of, resource

if TYPE_CHECKING:
    from drumbeat.dialects.outreach.collection import Collection, Relation
    from drumbeat.dialects.outreach.listing import Shown

MOST_PATHS = 10
LONGEST_PATH = 3

type View = Mapping[str, Any]
type Paths = Iterable[tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Source[R]:
    """Where resources of a type are read from, many at once; what is not there is left out."""

    collection: Collection[R]
    get_many: Callable[[Sequence[int]], Iterable[R]]


type Sources = Mapping[str, Callable[[], Source[Any]]]


def included(
    collection: Collection[Any], views: Sequence[View], asked: Asked, shown: Shown, sources: Sources
) -> list[dict[str, Any]]:
    """The resources that `shown.include` names beside those seen in `views`. Raises ValidationFailed."""
    if len(shown.include) > MOST_PATHS or any(len(path) > LONGEST_PATH for path in shown.include):
        raise refused_parameter("include", f"At most {MOST_PATHS} paths of {LONGEST_PATH} relations can be included.")
    found: dict[tuple[str, int], tuple[Collection[Any], View]] = {}
    _follow(collection, views, shown.include, sources, found)
    for view in views:
        found.pop((collection.type, view["number"]), None)
    return [resource(kind, view, asked, shown) for kind, view in found.values()]


def _follow(
    collection: Collection[Any],
    views: Sequence[View],
    paths: Paths,
    sources: Sources,
    found: dict[tuple[str, int], tuple[Collection[Any], View]],
) -> None:
    for name in dict.fromkeys(path[0] for path in paths):
        relation = _relation(collection, name, sources)
        source = sources[relation.type]()
        wanted = dict.fromkeys(number for view in views for number in numbers_of(relation, view))
        others = [source.collection.view(other) for other in source.get_many(list(wanted))] if wanted else []
        found.update({(relation.type, other["number"]): (source.collection, other) for other in others})
        _follow(source.collection, others, [path[1:] for path in paths if path[0] == name and path[1:]], sources, found)


def _relation(collection: Collection[Any], name: str, sources: Sources) -> Relation:
    relation = collection.relations_by_name.get(name)
    if relation is None or not relation.field or relation.type not in sources:
        raise refused_parameter("include", f"'{name}' of {collection.type} cannot be included.")
    return relation
