"""GET /drumbeat/v1/unknown_sends"""

from drumbeat import bootstrap
from drumbeat.application.unknown_sends import list_unknown_sends
from drumbeat.dialects.drumbeat.errors import DRUMBEAT
from drumbeat.dialects.drumbeat.unknown_sends import unknown_send_body
from drumbeat.dialects.query import page
from drumbeat.dialects.uuids import key_of_enrollment
from drumbeat.entrypoints.http import Reply, Request, endpoint


@endpoint("GET", "/drumbeat/v1/unknown_sends", dialect=DRUMBEAT, scope="enrollments:read")
def handler(request: Request[None]) -> Reply:
    """Mails that may or may not have left, longest parked first."""
    after = request.query.get("after")
    found = list_unknown_sends(
        bootstrap.parked(),
        bootstrap.enrollments(),
        tenant=request.tenant,
        after=None if after is None else key_of_enrollment(request.tenant, after),
    )
    return Reply([unknown_send_body(parked) for parked in page(found, request.query, default=100)])
