"""POST /drumbeat/v1/webhooks/{webhook_id}/replay"""

from drumbeat import bootstrap_webhooks
from drumbeat.application.replay_events import replay_event, replay_span
from drumbeat.dialects.drumbeat.errors import DRUMBEAT
from drumbeat.dialects.drumbeat.webhook_bodies import ReplayRequest
from drumbeat.dialects.drumbeat.webhooks import replayed_body
from drumbeat.dialects.news import FOR_ENDPOINTS
from drumbeat.dialects.uuids import number_of
from drumbeat.entrypoints.http import Reply, Request, endpoint


@endpoint(
    "POST",
    "/drumbeat/v1/webhooks/{webhook_id}/replay",
    dialect=DRUMBEAT,
    scope="webhooks:write",
    body=ReplayRequest,
)
def handler(request: Request[ReplayRequest]) -> Reply:
    """Posts events once more, under the ids that they have: one, or those of a span, 500 a call."""
    number = number_of("webhook", request.tenant, request.path["webhook_id"])
    about = {"tenant": request.tenant, "number": number, "now": request.now}
    ports, body = bootstrap_webhooks.replay_ports(), request.body
    if body.event_id is not None:
        return Reply(replayed_body(replay_event(ports, FOR_ENDPOINTS, event_id=body.event_id, **about)), 202)
    return Reply(replayed_body(replay_span(ports, FOR_ENDPOINTS, span=body.span(), **about)), 202)
