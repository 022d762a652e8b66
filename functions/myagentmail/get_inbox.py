"""GET /v1/inboxes/{inbox_id}"""

from drumbeat import bootstrap
from drumbeat.application.shared_senders import find_sender
from drumbeat.dialects.myagentmail.errors import MYAGENTMAIL
from drumbeat.dialects.myagentmail.inboxes import inbox_body
from drumbeat.dialects.uuids import number_of
from drumbeat.entrypoints.http import Reply, Request, endpoint


@endpoint("GET", "/v1/inboxes/{inbox_id}", dialect=MYAGENTMAIL, scope="inboxes:read")
def handler(request: Request[None]) -> Reply:
    """One inbox, without what it logs in with."""
    number = number_of("sender", request.tenant, request.path["inbox_id"])
    found = find_sender(bootstrap.sequences(), tenant=request.tenant, number=number, by=request.key.reach)
    return Reply({"inbox": inbox_body(found)})
