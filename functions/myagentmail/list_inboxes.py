"""GET /v1/inboxes"""

from drumbeat import bootstrap
from drumbeat.application.shared_senders import list_mailboxes
from drumbeat.dialects.myagentmail.errors import MYAGENTMAIL
from drumbeat.dialects.myagentmail.inboxes import inbox_body, inbox_id
from drumbeat.dialects.myagentmail.listing import behind, listed
from drumbeat.domain.ids import Kind
from drumbeat.entrypoints.http import Reply, Request, endpoint


@endpoint("GET", "/v1/inboxes", dialect=MYAGENTMAIL, scope="inboxes:read")
def handler(request: Request[None]) -> Reply:
    """The inboxes that the key sees, oldest first: those that other APIs made too."""
    after = behind(Kind.SENDER, request.tenant, request.query)
    found = list_mailboxes(bootstrap.sequences(), tenant=request.tenant, by=request.key.reach, after=after)
    return Reply(listed(found, request.query, show=inbox_body, cursor_of=inbox_id))
