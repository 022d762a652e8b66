"""GET /drumbeat/v1/events"""

from drumbeat import bootstrap
from drumbeat.application.list_events import list_events
from drumbeat.dialects.drumbeat.errors import DRUMBEAT
from drumbeat.dialects.drumbeat.event_search import page_body, search_of
from drumbeat.entrypoints.http import Reply, Request, endpoint


@endpoint("GET", "/drumbeat/v1/events", dialect=DRUMBEAT, scope="enrollments:read")
def handler(request: Request[None]) -> Reply:
    """What happened, oldest first; the newest of a page is its last."""
    search = search_of(request.tenant, request.query, request.now)
    found = list_events(bootstrap.event_log(), bootstrap.recipients(), search)
    return Reply(page_body(request.tenant, found))
