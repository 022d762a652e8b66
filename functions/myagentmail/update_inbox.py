"""PATCH /v1/inboxes/{inbox_id}"""

from drumbeat import bootstrap
from drumbeat.application.shared_senders import change_sender
from drumbeat.dialects.myagentmail.errors import MYAGENTMAIL
from drumbeat.dialects.myagentmail.inbox_bodies import UpdateInboxRequest
from drumbeat.dialects.myagentmail.inboxes import inbox_body
from drumbeat.dialects.uuids import number_of
from drumbeat.entrypoints.http import Reply, Request, endpoint


@endpoint("PATCH", "/v1/inboxes/{inbox_id}", dialect=MYAGENTMAIL, scope="inboxes:write", body=UpdateInboxRequest)
def handler(request: Request[UpdateInboxRequest]) -> Reply:
    """Changes what is given of an inbox, which may let it send what it could not before."""
    request.key.reach.check_administers()
    sender = change_sender(
        bootstrap.sequences(),
        bootstrap.lanes(),
        tenant=request.tenant,
        number=number_of("sender", request.tenant, request.path["inbox_id"]),
        change=request.body.change(bootstrap.vault(), request.now),
        now=request.now,
        by=request.key.reach,
    )
    return Reply({"inbox": inbox_body(sender)})
