"""DELETE /campaigns/{campaign_id}/smtp_credentials/{credential_id}"""

from drumbeat import bootstrap
from drumbeat.application.senders import remove_sender
from drumbeat.dialects.ampout.errors import AMPOUT
from drumbeat.dialects.uuids import number_of
from drumbeat.entrypoints.http import Reply, Request, endpoint


@endpoint(
    "DELETE", "/campaigns/{campaign_id}/smtp_credentials/{credential_id}", dialect=AMPOUT, scope="campaigns:write"
)
def handler(request: Request[None]) -> Reply:
    """Removes a credential; the campaign's others take its follow-ups over."""
    remove_sender(
        bootstrap.sequences(),
        bootstrap.lanes(),
        tenant=request.tenant,
        sequence_number=number_of("sequence", request.tenant, request.path["campaign_id"]),
        number=number_of("sender", request.tenant, request.path["credential_id"]),
        now=request.now,
    )
    return Reply(status=204)
