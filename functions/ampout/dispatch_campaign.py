"""POST /campaigns/{campaign_id}/dispatch"""

from drumbeat import bootstrap
from drumbeat.application.sequences import start_sequence
from drumbeat.application.subscriptions import check_sends_left
from drumbeat.dialects.ampout.campaigns import status_body
from drumbeat.dialects.ampout.errors import AMPOUT
from drumbeat.dialects.uuids import number_of
from drumbeat.entrypoints.http import Reply, Request, endpoint


@endpoint("POST", "/campaigns/{campaign_id}/dispatch", dialect=AMPOUT, scope="campaigns:write")
def handler(request: Request[None]) -> Reply:
    """Starts sending what is pending; a paused campaign stays paused."""
    number = number_of("sequence", request.tenant, request.path["campaign_id"])
    check_sends_left(bootstrap.subscriptions(), tenant=request.tenant, now=request.now)
    status = start_sequence(
        bootstrap.sequences(),
        bootstrap.enrollments(),
        bootstrap.lanes(),
        tenant=request.tenant,
        number=number,
        now=request.now,
    )
    return Reply(status_body(request.tenant, number, status.value))
