"""GET /api/v2/mailboxes"""

from drumbeat import bootstrap, bootstrap_outreach
from drumbeat.dialects.outreach.document import list_body
from drumbeat.dialects.outreach.errors import OUTREACH
from drumbeat.dialects.outreach.mailboxes import MAILBOXES
from drumbeat.entrypoints.http import Reply, Request, endpoint


@endpoint("GET", "/api/v2/mailboxes", dialect=OUTREACH, scope="mailboxes.read")
def handler(request: Request[None]) -> Reply:
    """The tenant's senders, those in the rotation of a sequence too."""
    tenant = request.tenant
    body = list_body(
        MAILBOXES,
        request,
        lambda conditions, after: bootstrap.sender_records().search(tenant, conditions, after=after),
        bootstrap_outreach.sources(tenant),
    )
    return Reply(body)
