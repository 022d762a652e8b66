"""What every request to a tenant's app has, whatever it asks for: a name, raw bytes, and URLs for the answers."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from drumbeat.domain.ids import enrollment_uuid

if TYPE_CHECKING:
    from drumbeat.domain.enrollment import Enrollment


def request_id(enrollment: Enrollment) -> str:
    """What a request is called: the same however often it has to be posted, another one for each that is made anew."""
    spelled = enrollment_uuid(enrollment.tenant, enrollment.key)
    return f"{spelled}.{enrollment.epoch}.{enrollment.step}.{enrollment.asked}"


def raw(document: Mapping[str, Any]) -> bytes:
    """The body as it is posted and signed."""
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


def callbacks(answers: Iterable[str], answer_url: str) -> dict[str, str]:
    """The URL of each answer; `answer_url` is what they begin with."""
    return {answer: f"{answer_url}/{answer}" for answer in answers}
