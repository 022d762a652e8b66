"""GET /drumbeat/v1/hours"""

from drumbeat import bootstrap
from drumbeat.dialects.drumbeat.errors import DRUMBEAT
from drumbeat.dialects.drumbeat.hours import hours_body
from drumbeat.entrypoints.http import Reply, Request, endpoint


@endpoint("GET", "/drumbeat/v1/hours", dialect=DRUMBEAT, scope="campaigns:read")
def handler(request: Request[None]) -> Reply:
    """The hours that sequences have where they ask for none of their own."""
    return Reply(hours_body(bootstrap.tenants().hours(request.tenant)))
