"""The decision about a mail that may or may not have left, as our own API takes it."""

from pydantic import BaseModel

from drumbeat.domain.resolution import Decision


class ResolveRequest(BaseModel):
    """POST /drumbeat/v1/unknown_sends/{enrollment_id}/resolve."""

    verdict: Decision
