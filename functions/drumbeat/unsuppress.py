"""POST /drumbeat/v1/suppressions/remove"""

from drumbeat import bootstrap
from drumbeat.application.suppression_list import take_off
from drumbeat.dialects.drumbeat.errors import DRUMBEAT
from drumbeat.dialects.drumbeat.suppression_bodies import UnsuppressRequest, unsuppressed_body
from drumbeat.entrypoints.http import Reply, Request, endpoint


@endpoint("POST", "/drumbeat/v1/suppressions/remove", dialect=DRUMBEAT, scope="contacts:write", body=UnsuppressRequest)
def handler(request: Request[UnsuppressRequest]) -> Reply:
    """Addresses that may be mailed again. What the recipients wanted stays, unless they asked for this too."""
    became = take_off(
        bootstrap.suppressions(),
        tenant=request.tenant,
        emails=request.body.addresses(),
        recipient_asked=request.body.recipient_asked,
        now=request.now,
    )
    return Reply(unsuppressed_body(request.body, became))
