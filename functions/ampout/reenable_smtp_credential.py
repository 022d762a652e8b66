"""POST /campaigns/{campaign_id}/smtp_credentials/{credential_id}/reenable"""

from drumbeat import bootstrap
from drumbeat.application.senders import reenable_sender
from drumbeat.dialects.ampout.errors import AMPOUT
from drumbeat.dialects.ampout.smtp_credentials import reenabled_body
from drumbeat.dialects.uuids import number_of
from drumbeat.entrypoints.http import Reply, Request, endpoint


@endpoint(
    "POST",
    "/campaigns/{campaign_id}/smtp_credentials/{credential_id}/reenable",
    dialect=AMPOUT,
    scope="campaigns:write",
)
def handler(request: Request[None]) -> Reply:
    """Lets a credential that was disabled send again."""
    sender = reenable_sender(
        bootstrap.sequences(),
        bootstrap.lanes(),
        tenant=request.tenant,
        sequence_number=number_of("sequence", request.tenant, request.path["campaign_id"]),
        number=number_of("sender", request.tenant, request.path["credential_id"]),
        now=request.now,
    )
    return Reply(reenabled_body(sender))
