"""What actions are told in the query string: `actionParams[...]` (contract 1.3)."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from drumbeat.dialects.outreach.errors import refused_parameter
from drumbeat.dialects.outreach.filters import read_filters
from drumbeat.dialects.outreach.listing import Shown, flag, read_written, single, whole
from drumbeat.domain.errors import BadRequest
from drumbeat.domain.fit_text import is_line

if TYPE_CHECKING:
    from drumbeat.dialects.outreach.collection import Collection
    from drumbeat.domain.condition import Condition

_START = "actionParams["
_FILTER = "actionParams[filter]"
_SKIP = "actionParams[skipConfirmation]"
_OBJECT_NAME = "actionParams[objectName]"
_COUNT = "actionParams[confirmedCount]"
_LONGEST_NAME = 100
_MOST_COUNT = (1 << 53) - 1


@dataclass(frozen=True, slots=True)
class ActionParams:
    """What a bulk action is told: whom it is about, and whether it stops for confirmation."""

    filters: Mapping[str, tuple[str, ...]]
    skips_confirmation: bool
    object_name: str | None
    shown: Shown

    def conditions(self, collection: Collection[Any]) -> tuple[Condition, ...]:
        """The filter, always in the new syntax. Raises ValidationFailed naming the parameter."""
        return read_filters(collection, self.filters, start=_FILTER, new_syntax=True)

    def check_unnamed(self) -> None:
        """Raises BadRequest if objects are named to an action that takes no such name."""
        if self.object_name is not None:
            raise BadRequest(f"This action takes no {_OBJECT_NAME}.")


def read_action_params(values: Mapping[str, tuple[str, ...]]) -> ActionParams:
    """What a bulk action is told. Raises BadRequest for a param that none takes, ValidationFailed for a wrong one."""
    params, others = _split(values)
    filters = {name: texts for name, texts in params.items() if name.startswith(_FILTER)}
    _check_known(params.keys() - filters.keys(), {_SKIP, _OBJECT_NAME})
    object_name = single(params, _OBJECT_NAME)
    if object_name is not None and (not is_line(object_name) or len(object_name) > _LONGEST_NAME):
        raise refused_parameter(_OBJECT_NAME, "must be a short text.")
    return ActionParams(filters, flag(params, _SKIP), object_name, read_written(others))


def read_confirmed_count(values: Mapping[str, tuple[str, ...]]) -> tuple[int | None, Shown]:
    """The count that is confirmed, if one is said, and how the batch is shown. Raises as `read_action_params`."""
    params, others = _split(values)
    _check_known(params.keys(), {_COUNT})
    count = whole(params, _COUNT, default=-1, low=0, high=_MOST_COUNT)
    return None if count < 0 else count, read_written(others)


def read_no_params(values: Mapping[str, tuple[str, ...]]) -> Shown:
    """How the batch is shown, for an action that is told nothing. Raises as `read_action_params`."""
    params, others = _split(values)
    _check_known(params.keys(), set())
    return read_written(others)


def _split(
    values: Mapping[str, tuple[str, ...]],
) -> tuple[dict[str, tuple[str, ...]], dict[str, tuple[str, ...]]]:
    params = {name: texts for name, texts in values.items() if name.startswith(_START)}
    return params, {name: texts for name, texts in values.items() if name not in params}


def _check_known(names: AbstractSet[str], known: AbstractSet[str]) -> None:
    if names - known:
        raise BadRequest(f"The action takes no {min(names - known)}.")
