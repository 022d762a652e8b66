"""POST /api/v1/sequences/cancel"""

from drumbeat import bootstrap_calls
from drumbeat.application.cancel_calls import cancel_calls
from drumbeat.dialects.julian.canceling import CancelSequencesRequest
from drumbeat.dialects.julian.errors import JULIAN
from drumbeat.entrypoints.http import Reply, Request, endpoint


@endpoint("POST", "/api/v1/sequences/cancel", dialect=JULIAN, scope="agents:write", body=CancelSequencesRequest)
def handler(request: Request[CancelSequencesRequest]) -> Reply:
    """Calls nobody any more who was accepted with this variable and value, by whichever agent."""
    cancel_calls(
        bootstrap_calls.cancel_ports(),
        tenant=request.tenant,
        name=request.body.reference_key,
        value=request.body.reference_value,
        reason=request.body.reason_kept(),
        out_of_time=request.out_of_time,
        now=request.now,
    )
    return Reply({"success": True})
