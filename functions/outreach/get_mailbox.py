"""GET /api/v2/mailboxes/{id}"""

from drumbeat import bootstrap, bootstrap_outreach
from drumbeat.application.records import get_record
from drumbeat.dialects.outreach.document import one_body
from drumbeat.dialects.outreach.errors import OUTREACH
from drumbeat.dialects.outreach.ids import number_in_path
from drumbeat.dialects.outreach.mailboxes import MAILBOXES
from drumbeat.entrypoints.http import Reply, Request, endpoint


@endpoint("GET", "/api/v2/mailboxes/{id}", dialect=OUTREACH, scope="mailboxes.read")
def handler(request: Request[None]) -> Reply:
    """One mailbox, without what it logs in with."""
    number = number_in_path("sender", request.path["id"])
    found = get_record(bootstrap.sender_records(), "sender", tenant=request.tenant, number=number)
    return Reply(one_body(MAILBOXES, request, found, bootstrap_outreach.sources(request.tenant)))
