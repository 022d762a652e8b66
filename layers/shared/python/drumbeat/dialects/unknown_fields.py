"""What a body holds and its model does not know: taken all the same, and named in a header (contract §3.3)."""

import re
from collections.abc import Iterator
from types import UnionType
from typing import Annotated, Any, TypeAliasType, Union, get_args, get_origin

from pydantic import BaseModel

HEADER = "X-Unknown-Fields"
MOST_NAMED = 20
_LONGEST = 100
_UNFIT = re.compile(r"[^A-Za-z0-9_.-]")


def unknown_fields_header(model: type[BaseModel], document: Any) -> dict[str, str]:
    """Names the unknown fields, whether the rest is good or not; no header where there are none.

    Fields of the rows of a list are named once, without the row. What a header cannot hold is a question mark.
    """
    found = dict.fromkeys(_unknown(model, document, ""))
    named = [_UNFIT.sub("?", name[:_LONGEST]) for name in list(found)[:MOST_NAMED]]
    return {HEADER: ", ".join(named)} if named else {}


def _unknown(form: Any, value: Any, place: str) -> Iterator[str]:
    form = _bare(form)
    if isinstance(value, list) and get_origin(form) is list:
        for row in value:
            yield from _unknown(get_args(form)[0], row, place)
    elif isinstance(value, dict) and isinstance(form, type) and issubclass(form, BaseModel):
        known = {field.alias or name: field.annotation for name, field in form.model_fields.items()}
        for name, member in value.items():
            if name in known:
                yield from _unknown(known[name], member, f"{place}{name}.")
            else:
                yield place + name


def _bare(form: Any) -> Any:
    """The type behind aliases, annotations, and the choice to say null."""
    while True:
        if isinstance(form, TypeAliasType):
            form = form.__value__
        elif get_origin(form) is Annotated:
            form = get_args(form)[0]
        elif get_origin(form) in (Union, UnionType) and len(arms := _arms(form)) == 1:
            form = arms[0]
        else:
            return form


def _arms(form: Any) -> list[Any]:
    return [arm for arm in get_args(form) if arm is not type(None)]
