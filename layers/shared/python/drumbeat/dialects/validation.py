"""Documents against models, and what is wrong with one as our own error."""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ValidationError

from drumbeat.domain.errors import BadRequest, ValidationFailed

_SHOWN = 5


def validated[B: BaseModel](model: type[B], document: Any, *, under: str = "") -> B:
    """The document as the model.

    Raises BadRequest if it is no object at all, and ValidationFailed with the fields at fault, spelled with dots, which
    lie below `under`.
    """
    if not isinstance(document, dict):
        raise BadRequest("The body must be a JSON object.")
    try:
        return model.model_validate(document)
    except ValidationError as refusal:
        errors = [
            {"field": _spelled(under, error["loc"]), "code": error["type"], "message": error["msg"]}
            for error in refusal.errors(include_url=False, include_context=False, include_input=False)
        ]
        raise ValidationFailed("; ".join(map(_told, errors[:_SHOWN])), errors=errors) from None


def _told(error: Mapping[str, str]) -> str:
    """What is wrong with a field, or with the document as a whole."""
    return f"{error['field']}: {error['message']}" if error["field"] else error["message"]


def _spelled(under: str, place: tuple[int | str, ...]) -> str:
    return ".".join(str(part) for part in ((under,) if under else ()) + place)
