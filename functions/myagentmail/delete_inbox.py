"""DELETE /v1/inboxes/{inbox_id}"""

from drumbeat import bootstrap
from drumbeat.application.shared_senders import delete_sender
from drumbeat.dialects.myagentmail.errors import MYAGENTMAIL
from drumbeat.dialects.uuids import number_of
from drumbeat.entrypoints.http import Reply, Request, endpoint


@endpoint("DELETE", "/v1/inboxes/{inbox_id}", dialect=MYAGENTMAIL, scope="inboxes:write")
def handler(request: Request[None]) -> Reply:
    """Deletes an inbox that nothing waits to leave from."""
    request.key.reach.check_administers()
    delete_sender(
        bootstrap.sequences(),
        bootstrap.lanes(),
        tenant=request.tenant,
        number=number_of("sender", request.tenant, request.path["inbox_id"]),
        now=request.now,
        by=request.key.reach,
    )
    return Reply({"ok": True})
