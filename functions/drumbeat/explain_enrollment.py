"""GET /drumbeat/v1/enrollments/{enrollment_id}/explain"""

from drumbeat import bootstrap
from drumbeat.application.explain_enrollment import explain_enrollment
from drumbeat.dialects.drumbeat.errors import DRUMBEAT
from drumbeat.dialects.drumbeat.explanations import explanation_body
from drumbeat.dialects.uuids import key_of_enrollment
from drumbeat.entrypoints.http import Reply, Request, endpoint


@endpoint("GET", "/drumbeat/v1/enrollments/{enrollment_id}/explain", dialect=DRUMBEAT, scope="enrollments:read")
def handler(request: Request[None]) -> Reply:
    """Why the next mail has not left yet, and when it can."""
    key = key_of_enrollment(request.tenant, request.path["enrollment_id"])
    explanation = explain_enrollment(
        bootstrap.enrollments(), bootstrap.circumstances(), tenant=request.tenant, key=key, now=request.now
    )
    return Reply(explanation_body(explanation))
