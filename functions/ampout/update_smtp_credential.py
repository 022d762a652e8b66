"""PATCH /campaigns/{campaign_id}/smtp_credentials/{credential_id}"""

from drumbeat import bootstrap
from drumbeat.application.senders import update_sender
from drumbeat.dialects.ampout.errors import AMPOUT
from drumbeat.dialects.ampout.smtp_credential_bodies import UpdateSmtpCredentialRequest
from drumbeat.dialects.ampout.smtp_credentials import credential_body
from drumbeat.dialects.uuids import number_of
from drumbeat.entrypoints.http import Reply, Request, endpoint


@endpoint(
    "PATCH",
    "/campaigns/{campaign_id}/smtp_credentials/{credential_id}",
    dialect=AMPOUT,
    scope="campaigns:write",
    body=UpdateSmtpCredentialRequest,
)
def handler(request: Request[UpdateSmtpCredentialRequest]) -> Reply:
    """Changes a credential; a new password is sealed before it is kept."""
    sender = update_sender(
        bootstrap.sequences(),
        bootstrap.lanes(),
        tenant=request.tenant,
        sequence_number=number_of("sequence", request.tenant, request.path["campaign_id"]),
        number=number_of("sender", request.tenant, request.path["credential_id"]),
        change=request.body.change(bootstrap.vault()),
        now=request.now,
    )
    return Reply(credential_body(sender))
