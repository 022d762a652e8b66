"""What records are given: links to users, companies, opportunities and rulesets, and what is only shown back."""

import json
from collections.abc import Collection, Mapping
from dataclasses import fields, replace
from typing import Any, ClassVar, NamedTuple, Protocol

from drumbeat.domain.errors import ValidationFailed
from drumbeat.domain.ids import Kind

MOST_SHOWN_BACK = 100_000
"""Bytes of JSON that a record may hold of what is only shown back."""
_KINDS = {
    "owner": Kind.USER,
    "assigned": Kind.USER,
    "company_number": Kind.COMPANY,
    "opportunity": Kind.OPPORTUNITY,
    "ruleset": Kind.RULESET,
    "user": Kind.USER,
}


class Link(NamedTuple):
    """What a link leads to."""

    kind: Kind
    number: int


class Linked(Protocol):
    """A record: a dataclass, some of whose fields link to others."""

    __dataclass_fields__: ClassVar[dict[str, Any]]


class WithFields(Linked, Protocol):
    """A record that keeps more than it knows of."""

    @property
    def fields(self) -> Mapping[str, Any]: ...


def links_of(record: Linked) -> dict[Link, str]:
    """Where the record leads, each with the field that says so."""
    found: dict[Link, str] = {}
    for name, kind in _KINDS.items():
        held = getattr(record, name, None)
        numbers = held if isinstance(held, tuple) else () if held is None else (held,)
        found |= {Link(kind, number): name for number in numbers}
    return found


def without_links[R: Linked](record: R, gone: Collection[Link]) -> R:
    """The record without its single links to what is gone."""
    names = {name for link, name in links_of(record).items() if link in gone} - {"assigned"}
    dead: dict[str, Any] = dict.fromkeys(names)
    return replace(record, **dead) if dead else record


def given[R: WithFields](record: R, values: Mapping[str, Any]) -> R:
    """The record with these values: those it has a field for, and the rest to be shown back, where None clears.

    Raises ValidationFailed if that becomes more than `MOST_SHOWN_BACK`.
    """
    own = {field.name for field in fields(record)} - {"fields"}
    changed: dict[str, Any] = {name: value for name, value in values.items() if name in own}
    rest = {name: value for name, value in values.items() if name not in own}
    return replace(record, **changed, fields=shown_back(record.fields, rest))


def shown_back(kept: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """What is shown back of a record once it is given the values. Raises ValidationFailed if that becomes too much."""
    shown = {**kept, **values}
    shown = {name: list(value) if isinstance(value, tuple) else value for name, value in shown.items()}
    shown = {name: value for name, value in shown.items() if value is not None}
    if len(json.dumps(shown, ensure_ascii=False).encode(errors="surrogatepass")) > MOST_SHOWN_BACK:
        message = f"A record holds at most {MOST_SHOWN_BACK} bytes."
        raise ValidationFailed(message, errors=[{"field": "", "code": "too_long", "message": message}])
    return shown
