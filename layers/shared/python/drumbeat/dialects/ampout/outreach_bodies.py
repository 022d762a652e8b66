"""What AmpOut's outreaches may be made of and changed to (contract 2.2, A5)."""

from __future__ import annotations

from pydantic import BaseModel

from drumbeat.dialects.text import Name


class NewOutreach(BaseModel):
    """A new outreach."""

    name: Name
    unique_contacts: bool = False


class CreateOutreachRequest(BaseModel):
    """POST /outreaches."""

    outreach: NewOutreach


class OutreachChanges(BaseModel):
    """What an outreach may change; null and absence keep."""

    name: Name | None = None
    unique_contacts: bool | None = None


class UpdateOutreachRequest(BaseModel):
    """PATCH /outreaches/{outreach_id}."""

    outreach: OutreachChanges
