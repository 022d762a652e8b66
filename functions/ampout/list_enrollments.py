"""GET /campaigns/{campaign_id}/enrollments"""

from drumbeat import bootstrap
from drumbeat.application.enrollments import list_enrollments
from drumbeat.dialects.ampout.enrollments import BATCH_NUMBERS, STATUSES, enrollment_body, enrollment_of_id
from drumbeat.dialects.ampout.errors import AMPOUT
from drumbeat.dialects.query import choice, page, whole
from drumbeat.dialects.uuids import number_of
from drumbeat.entrypoints.http import Reply, Request, endpoint


@endpoint("GET", "/campaigns/{campaign_id}/enrollments", dialect=AMPOUT, scope="enrollments:read")
def handler(request: Request[None]) -> Reply:
    """A campaign's enrollments, by contact."""
    after = request.query.get("after")
    found = list_enrollments(
        bootstrap.sequences(),
        bootstrap.enrollments(),
        tenant=request.tenant,
        sequence_number=number_of("sequence", request.tenant, request.path["campaign_id"]),
        status=choice(request.query, "status", STATUSES),
        batch_number=whole(request.query, "batch_number", default=None, low=0, high=BATCH_NUMBERS),
        after=None if after is None else enrollment_of_id(request.tenant, after),
    )
    return Reply([enrollment_body(placed) for placed in page(found, request.query)])
