"""POST /v1/inboxes"""

from drumbeat import bootstrap
from drumbeat.application.shared_senders import create_shared_sender
from drumbeat.application.workspaces import workspace_for
from drumbeat.dialects.myagentmail.accounts import number_or_none
from drumbeat.dialects.myagentmail.errors import MYAGENTMAIL
from drumbeat.dialects.myagentmail.inbox_bodies import CreateInboxRequest
from drumbeat.dialects.myagentmail.inboxes import inbox_body
from drumbeat.entrypoints.http import Reply, Request, endpoint


@endpoint("POST", "/v1/inboxes", dialect=MYAGENTMAIL, scope="inboxes:write", body=CreateInboxRequest)
def handler(request: Request[CreateInboxRequest]) -> Reply:
    """Makes an inbox that any cadence of its workspace can send from; its passwords are sealed."""
    request.key.reach.check_administers()
    tenant = request.tenant
    asked = number_or_none("workspace", tenant, request.body.workspace_id)
    workspace = workspace_for(bootstrap.workspaces(), tenant=tenant, wanted=asked, by=request.key.reach)
    sender = create_shared_sender(
        bootstrap.sequences(),
        bootstrap.numbers(),
        bootstrap.vault(),
        tenant=tenant,
        wanted=request.body.wanted(workspace),
        intent=request.intent,
        now=request.now,
    )
    return Reply({"inbox": inbox_body(sender)}, 201)
