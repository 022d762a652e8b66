"""POST /drumbeat/v1/sequences/{sequence_id}/senders"""

from drumbeat import bootstrap
from drumbeat.application.senders import add_sender
from drumbeat.dialects.drumbeat.errors import DRUMBEAT
from drumbeat.dialects.drumbeat.schedules import sequence_number
from drumbeat.dialects.drumbeat.sender_bodies import CreateSenderRequest
from drumbeat.dialects.drumbeat.senders import sender_body
from drumbeat.entrypoints.http import Reply, Request, endpoint


@endpoint(
    "POST",
    "/drumbeat/v1/sequences/{sequence_id}/senders",
    dialect=DRUMBEAT,
    scope="campaigns:write",
    body=CreateSenderRequest,
)
def handler(request: Request[CreateSenderRequest]) -> Reply:
    """Puts another sender into a sequence's rotation: one that logs in at a server, or one of the account's SES."""
    sender = add_sender(
        bootstrap.sequences(),
        bootstrap.numbers(),
        bootstrap.vault(),
        bootstrap.lanes(),
        tenant=request.tenant,
        sequence_number=sequence_number(request.tenant, request.path["sequence_id"]),
        wanted=request.body.wanted(),
        intent=request.intent,
        now=request.now,
    )
    return Reply(sender_body(sender), 201)
