"""A call of a bulk action as the engine's order (contract 1.3)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StrictBool

from drumbeat.application.batches import Order
from drumbeat.dialects.outreach.account_bodies import ACCOUNT_FORMS
from drumbeat.dialects.outreach.bulk_actions import ATTRIBUTE_NAMES, BULK_ACTIONS, BulkAction
from drumbeat.dialects.outreach.bulk_forms import WithValues, form_of_action
from drumbeat.dialects.outreach.bulk_values import read_values
from drumbeat.dialects.outreach.errors import refused, refused_parameter
from drumbeat.dialects.outreach.prospect_bodies import PROSPECT_FORMS
from drumbeat.dialects.outreach.targets import collection_of, plural_of
from drumbeat.dialects.text import Line
from drumbeat.dialects.validation import validated
from drumbeat.domain.batch import TargetKind
from drumbeat.domain.errors import NotFound, ScopeMissing, ValidationFailed

if TYPE_CHECKING:
    from drumbeat.dialects.outreach.action_params import ActionParams
    from drumbeat.dialects.outreach.bodies import Forms
    from drumbeat.domain.tenant import ApiKey

ATTRIBUTES = "data.attributes"
PAYLOAD = "data.attributes.payload"
_FORMS: Mapping[TargetKind, Forms] = {TargetKind.COMPANIES: ACCOUNT_FORMS, TargetKind.CONTACTS: PROSPECT_FORMS}


class BulkData(BaseModel):
    """The attributes are looked at when the action is known."""

    model_config = ConfigDict(extra="ignore")

    attributes: dict[str, Any] = {}


class BulkRequest(BaseModel):
    """POST /batches/actions/{action}: `type` may stand anywhere and say anything, or be missing."""

    model_config = ConfigDict(extra="ignore")

    data: BulkData = BulkData()


class NewBatchAttributes(BaseModel):
    """What of a batch its maker says; what it is told about batches that are, is passed over."""

    model_config = ConfigDict(extra="ignore")

    action: Line
    payload: dict[str, Any] = {}
    count_required: Annotated[StrictBool, Field(alias="confirmedCountRequired")] = False
    external_start_payload: Annotated[
        Annotated[str, Field(max_length=100_000)] | None, Field(alias="externalStartPayload")
    ] = None


class NewBatchData(BaseModel):
    """The batch to be made."""

    model_config = ConfigDict(extra="ignore")

    attributes: NewBatchAttributes


class NewBatchRequest(BaseModel):
    """POST /batches: an action and its attributes as `payload`."""

    model_config = ConfigDict(extra="ignore")

    data: NewBatchData


def bulk_order(name: str, request: BulkRequest, key: ApiKey, query: ActionParams) -> Order:
    """What a call of the action of this name asks for.

    Raises NotFound for an action that there is not, ScopeMissing, ValidationFailed with a pointer or a parameter, and
    BadRequest for a parameter that the action does not take.
    """
    if name not in BULK_ACTIONS:
        raise NotFound("action", name)
    return _order(BULK_ACTIONS[name], request.data.attributes, key, query, ATTRIBUTES)


def new_batch_order(request: NewBatchRequest, key: ApiKey, query: ActionParams) -> Order:
    """What a batch is to be made of. Raises as `bulk_order`, with a pointer for an action that there is not."""
    asked = request.data.attributes
    if asked.action not in BULK_ACTIONS:
        raise refused("data.attributes.action", f"There is no action '{asked.action}'.")
    order = _order(BULK_ACTIONS[asked.action], asked.payload, key, query, PAYLOAD)
    return replace(order, count_required=asked.count_required, external_start_payload=asked.external_start_payload)


def refuse_problems(problems: Mapping[str, str], *, under: str = ATTRIBUTES) -> None:
    """Raises ValidationFailed with a pointer to each attribute whose param has a problem."""
    if problems:
        errors = [
            {"field": f"{under}.{ATTRIBUTE_NAMES[param]}", "code": "invalid", "message": text}
            for param, text in problems.items()
        ]
        raise ValidationFailed("; ".join(problems.values()), errors=errors)


def _order(action: BulkAction, attributes: Mapping[str, Any], key: ApiKey, query: ActionParams, under: str) -> Order:
    scope = f"{plural_of(action.kind)}.write"
    if not key.reaches(scope):
        raise ScopeMissing(f"The key lacks the scope {scope}.", scope=scope)
    form = validated(form_of_action(action), dict(attributes), under=under)
    object_name = _object_name(action, query)
    collection = collection_of(action.kind, object_name)
    values = {}
    if isinstance(form, WithValues):
        values["values"] = read_values(collection, _FORMS.get(action.kind, {}), form.pairs(), under=under)
    return Order(
        action=action.engine,
        kind=action.kind,
        params=form.params() | values,
        ids=form.listed(),
        conditions=query.conditions(collection),
        object_name=object_name,
        skip_confirmation=query.skips_confirmation,
    )


def _object_name(action: BulkAction, query: ActionParams) -> str | None:
    if action.kind is not TargetKind.CUSTOM_OBJECTS:
        query.check_unnamed()
        return None
    if not query.object_name:
        raise refused_parameter("actionParams[objectName]", "Say which objects these are.")
    return query.object_name
