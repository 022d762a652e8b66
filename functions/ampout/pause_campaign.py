"""POST /campaigns/{campaign_id}/pause"""

from drumbeat import bootstrap
from drumbeat.application.sequences import pause_sequence
from drumbeat.dialects.ampout.campaigns import status_body
from drumbeat.dialects.ampout.errors import AMPOUT
from drumbeat.dialects.uuids import number_of
from drumbeat.entrypoints.http import Reply, Request, endpoint


@endpoint("POST", "/campaigns/{campaign_id}/pause", dialect=AMPOUT, scope="campaigns:write")
def handler(request: Request[None]) -> Reply:
    """Stops sending; what is being said to a mail server this moment is finished."""
    number = number_of("sequence", request.tenant, request.path["campaign_id"])
    pause_sequence(bootstrap.sequences(), tenant=request.tenant, number=number, now=request.now)
    return Reply(status_body(request.tenant, number, "paused"))
