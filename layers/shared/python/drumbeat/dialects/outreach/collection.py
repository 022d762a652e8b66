"""What a collection consists of, said once: parsing, sorting, serialising and side-loading all go by it.

Records are seen through their `view`, a mapping of engine fields: numbers, texts, flags, instants in milliseconds,
tuples where there are many. `number` is always among them.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any

from drumbeat.dialects.outreach.errors import refused_parameter


class Shape(StrEnum):
    """What an attribute's value is."""

    TEXT = "text"
    TEXTS = "texts"
    WHOLE = "whole"
    FLAG = "flag"
    INSTANT = "instant"
    ANY = "any"


@dataclass(frozen=True, slots=True)
class Attribute:
    """An attribute of a resource.

    `name` is Outreach's, `field` the engine's. `flags` are the contract's letters: F filterable, S sortable, R
    read-only. `nullable` is false for what must not be cleared.
    """

    name: str
    field: str
    shape: Shape = Shape.TEXT
    flags: str = ""
    nullable: bool = True


@dataclass(frozen=True, slots=True)
class Relation:
    """A relation to other resources.

    `field` is the engine field with the number or numbers of the others; without one the relation is a link only, to
    what `related` spells from the number ("/sequenceStates?filter[prospect][id]={number}"). `filters` are attributes of
    the others that a filter may name beside `id`, as engine fields of this resource. One that is `wrapped` is answered
    as a list with one member, because the source document prints it so.
    """

    name: str
    type: str
    field: str = ""
    many: bool = False
    read_only: bool = False
    related: str = ""
    wrapped: bool = False
    filters: tuple[Attribute, ...] = ()


ID = Attribute("id", "number", Shape.WHOLE, "FSR")


@dataclass(frozen=True)
class Collection[R]:
    """A type of resource: its name, its path below /api/v2, and what it consists of."""

    type: str
    path: str
    view: Callable[[R], Mapping[str, Any]]
    attributes: tuple[Attribute, ...]
    relations: tuple[Relation, ...] = ()
    searchable: bool = False
    """Whether `filter[q]` searches the view's `texts` by prefix."""
    free: str = ""
    """The engine field with attributes that nobody knows beforehand: they are shown as they are."""
    scope: str = ""
    """What its scopes begin with, if not with its path."""
    natural: str = "number"
    """The engine field in whose order its search finds records, each with a number of its own there."""

    @cached_property
    def by_name(self) -> Mapping[str, Attribute]:
        """The attributes by Outreach's names, `id` among them."""
        return {attribute.name: attribute for attribute in (ID, *self.attributes)}

    @cached_property
    def relations_by_name(self) -> Mapping[str, Relation]:
        """The relations by Outreach's names."""
        return {relation.name: relation for relation in self.relations}

    def sortable(self, name: str) -> Attribute:
        """The attribute that a sort names. Raises ValidationFailed."""
        found = self.by_name.get(name)
        if found is None or "S" not in found.flags:
            raise refused_parameter("sort", f"'{name}' cannot be sorted by.")
        return found

    def filterable(self, parameter: str, name: str, inner: str | None) -> Attribute:
        """The attribute that a filter names, `inner` being one of a relation's. Raises ValidationFailed."""
        found = self.by_name.get(name) if inner is None else self._related(name, inner)
        if found is None or "F" not in found.flags:
            raise refused_parameter(parameter, f"{self.type} cannot be filtered by it.")
        return found

    def _related(self, name: str, inner: str) -> Attribute | None:
        relation = self.relations_by_name.get(name)
        if relation is None:
            return None
        if inner == "id" and relation.field:
            return Attribute("id", relation.field, Shape.WHOLE, "F")
        return next((attribute for attribute in relation.filters if attribute.name == inner), None)
