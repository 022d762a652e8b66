"""GET /drumbeat/v1/events/{event_id}"""

from drumbeat import bootstrap
from drumbeat.application.list_events import get_event
from drumbeat.dialects.drumbeat.errors import DRUMBEAT
from drumbeat.dialects.drumbeat.events import event_body
from drumbeat.entrypoints.http import Reply, Request, endpoint


@endpoint("GET", "/drumbeat/v1/events/{event_id}", dialect=DRUMBEAT, scope="enrollments:read")
def handler(request: Request[None]) -> Reply:
    """One event, for 90 days after it was noted."""
    log, addressees = bootstrap.event_log(), bootstrap.recipients()
    event = get_event(log, addressees, tenant=request.tenant, event_id=request.path["event_id"])
    return Reply(event_body(event))
