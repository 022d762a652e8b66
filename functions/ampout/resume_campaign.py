"""POST /campaigns/{campaign_id}/resume"""

from drumbeat import bootstrap
from drumbeat.application.sequences import resume_sequence
from drumbeat.application.subscriptions import check_sends_left
from drumbeat.dialects.ampout.campaigns import status_body
from drumbeat.dialects.ampout.errors import AMPOUT
from drumbeat.dialects.uuids import number_of
from drumbeat.entrypoints.http import Reply, Request, endpoint


@endpoint("POST", "/campaigns/{campaign_id}/resume", dialect=AMPOUT, scope="campaigns:write")
def handler(request: Request[None]) -> Reply:
    """Lets a paused campaign send again."""
    number = number_of("sequence", request.tenant, request.path["campaign_id"])
    check_sends_left(bootstrap.subscriptions(), tenant=request.tenant, now=request.now)
    resume_sequence(bootstrap.sequences(), bootstrap.lanes(), tenant=request.tenant, number=number, now=request.now)
    return Reply(status_body(request.tenant, number, "active"))
