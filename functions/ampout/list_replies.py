"""GET /campaigns/{campaign_id}/replies"""

from drumbeat import bootstrap, bootstrap_signals
from drumbeat.application.replies import list_replies
from drumbeat.dialects.ampout.enrollments import reply_body
from drumbeat.dialects.ampout.errors import AMPOUT
from drumbeat.dialects.query import page
from drumbeat.dialects.uuids import number_of
from drumbeat.entrypoints.http import Reply, Request, endpoint


@endpoint("GET", "/campaigns/{campaign_id}/replies", dialect=AMPOUT, scope="enrollments:read")
def handler(request: Request[None]) -> Reply:
    """A campaign's enrollments that were replied to, the latest reply first."""
    found = list_replies(
        bootstrap.sequences(),
        bootstrap_signals.replies(),
        tenant=request.tenant,
        sequence_number=number_of("sequence", request.tenant, request.path["campaign_id"]),
    )
    return Reply([reply_body(placed) for placed in page(found, request.query, default=100)])
