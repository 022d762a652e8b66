"""POST /campaigns/{campaign_id}/smtp_credentials"""

from drumbeat import bootstrap
from drumbeat.application.senders import add_sender
from drumbeat.dialects.ampout.errors import AMPOUT
from drumbeat.dialects.ampout.smtp_credential_bodies import CreateSmtpCredentialRequest
from drumbeat.dialects.ampout.smtp_credentials import credential_body
from drumbeat.dialects.uuids import number_of
from drumbeat.entrypoints.http import Reply, Request, endpoint


@endpoint(
    "POST",
    "/campaigns/{campaign_id}/smtp_credentials",
    dialect=AMPOUT,
    scope="campaigns:write",
    body=CreateSmtpCredentialRequest,
)
def handler(request: Request[CreateSmtpCredentialRequest]) -> Reply:
    """Puts another credential into the campaign's rotation."""
    sender = add_sender(
        bootstrap.sequences(),
        bootstrap.numbers(),
        bootstrap.vault(),
        bootstrap.lanes(),
        tenant=request.tenant,
        sequence_number=number_of("sequence", request.tenant, request.path["campaign_id"]),
        wanted=request.body.smtp_credential.wanted(),
        intent=request.intent,
        now=request.now,
    )
    return Reply(credential_body(sender), 201)
