"""What cadences may be made of and changed to (contract 3.2, 3.3)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field, StrictBool

from drumbeat.application.connected_sequences import SequenceChange
from drumbeat.application.connectors import App
from drumbeat.dialects.apps import app_url, spelled_secret
from drumbeat.dialects.myagentmail.cadence_step_bodies import Steps, steps_of
from drumbeat.dialects.myagentmail.fields import Fields
from drumbeat.dialects.text import Name, Prose, Url, Whole
from drumbeat.domain.links import shown_back
from drumbeat.domain.opening_hours import Schedule

if TYPE_CHECKING:
    from drumbeat.domain.sequence import Sequence

SHORTEST_WAIT, LONGEST_WAIT = 20, 60
"""Seconds between two mails of an inbox that has no pace of its own."""
USUAL_CAP = 50
_PLAIN = {"name", "exit_on_reply", "exit_on_unsubscribe", "track_clicks"}
"""What a cadence and our sequence call by the same name."""

type Cap = Annotated[Whole, Field(ge=1, le=1_000_000)]


class CreateCadenceRequest(Fields):
    """POST /v1/cadences; `enabled` is ours there, and true, and so is `trackClicks`, false."""

    name: Name
    description: Prose | None = None
    enabled: StrictBool = True
    business_hours_only: StrictBool = True
    exit_on_reply: StrictBool = True
    exit_on_unsubscribe: StrictBool = True
    track_clicks: StrictBool = False
    daily_send_cap: Cap | None = USUAL_CAP
    webhook_url: Url | None = None
    steps: Steps | None = None

    def settings(self, bare: Sequence) -> Sequence:
        """The sequence as it is asked for."""
        return replace(
            bare,
            min_wait_seconds=SHORTEST_WAIT,
            max_wait_seconds=LONGEST_WAIT,
            exit_on_reply=self.exit_on_reply,
            exit_on_unsubscribe=self.exit_on_unsubscribe,
            track_clicks=self.track_clicks,
            daily_cap=self.daily_send_cap,
            schedule=Schedule(business_hours_only=self.business_hours_only),
            steps=steps_of(self.steps or []),
            fields=_described(bare.fields, self.description),
        )

    def app(self, secret: bytes, *, plain_allowed: bool) -> App:
        """Where its app listens. Raises ValidationFailed for a URL that is none."""
        return App(app_url(self.webhook_url, "webhookUrl", plain_allowed=plain_allowed), spelled_secret(secret))


class UpdateCadenceRequest(Fields):
    """PATCH /v1/cadences/{cadence_id}: what is there changes, null clears."""

    name: Name = ""
    description: Prose | None = None
    enabled: StrictBool = True
    business_hours_only: StrictBool = True
    exit_on_reply: StrictBool = True
    exit_on_unsubscribe: StrictBool = True
    track_clicks: StrictBool = False
    daily_send_cap: Cap | None = None
    webhook_url: Url | None = None

    def wanted(self, *, plain_allowed: bool) -> SequenceChange:
        """The change that is asked for. Raises ValidationFailed for a URL that is none."""
        asked = self.model_fields_set
        timed = asked & {"business_hours_only", "daily_send_cap"}
        return SequenceChange(
            settings=self._settings,
            schedule=self._schedule if timed else None,
            on=self.enabled if "enabled" in asked else None,
            url=app_url(self.webhook_url, "webhookUrl", plain_allowed=plain_allowed) if "webhook_url" in asked else ...,
        )

    def _settings(self, seen: Sequence) -> Sequence:
        asked = self.model_fields_set
        plain = {name: getattr(self, name) for name in _PLAIN & asked}
        described = "description" in asked
        return replace(seen, **plain, fields=_described(seen.fields, self.description) if described else seen.fields)

    def _schedule(self, seen: Sequence) -> tuple[Schedule, int | None]:
        asked, schedule = self.model_fields_set, seen.schedule or Schedule()
        if "business_hours_only" in asked:
            schedule = replace(schedule, business_hours_only=self.business_hours_only)
        return schedule, self.daily_send_cap if "daily_send_cap" in asked else seen.daily_cap


def _described(fields: Mapping[str, Any], description: str | None) -> dict[str, Any]:
    return shown_back(fields, {"description": description})
