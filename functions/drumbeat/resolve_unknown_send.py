"""POST /drumbeat/v1/unknown_sends/{enrollment_id}/resolve"""

from drumbeat import bootstrap
from drumbeat.application.unknown_sends import resolve_unknown_send
from drumbeat.dialects.drumbeat.errors import DRUMBEAT
from drumbeat.dialects.drumbeat.unknown_send_bodies import ResolveRequest
from drumbeat.dialects.drumbeat.unknown_sends import resolved_body
from drumbeat.dialects.uuids import key_of_enrollment
from drumbeat.entrypoints.http import Reply, Request, endpoint


@endpoint(
    "POST",
    "/drumbeat/v1/unknown_sends/{enrollment_id}/resolve",
    dialect=DRUMBEAT,
    scope="enrollments:write",
    body=ResolveRequest,
)
def handler(request: Request[ResolveRequest]) -> Reply:
    """Decides on a mail that may or may not have left; whoever decides first has decided."""
    enrollment = resolve_unknown_send(
        bootstrap.parked(),
        bootstrap.enrollments(),
        bootstrap.sequences(),
        bootstrap.lanes(),
        tenant=request.tenant,
        key=key_of_enrollment(request.tenant, request.path["enrollment_id"]),
        decision=request.body.verdict,
        now=request.now,
    )
    return Reply(resolved_body(enrollment))
