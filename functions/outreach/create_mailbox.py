"""POST /api/v2/mailboxes"""

from drumbeat import bootstrap
from drumbeat.application.links import check_links
from drumbeat.application.shared_senders import create_shared_sender
from drumbeat.dialects.outreach.bodies import Document, changes
from drumbeat.dialects.outreach.document import written_body
from drumbeat.dialects.outreach.errors import OUTREACH
from drumbeat.dialects.outreach.listing import read_written
from drumbeat.dialects.outreach.mailbox_bodies import CreateMailbox
from drumbeat.dialects.outreach.mailboxes import MAILBOXES, new_mailbox
from drumbeat.entrypoints.http import Reply, Request, endpoint


@endpoint("POST", "/api/v2/mailboxes", dialect=OUTREACH, scope="mailboxes.write", body=CreateMailbox)
def handler(request: Request[Document]) -> Reply:
    """Makes a mailbox that any sequence can send from; its password is sealed."""
    shown, wanted = read_written(request.query_values), new_mailbox(changes(MAILBOXES, request.body))
    check_links(bootstrap.links(), request.tenant, wanted)
    sender = create_shared_sender(
        bootstrap.sequences(),
        bootstrap.numbers(),
        bootstrap.vault(),
        tenant=request.tenant,
        wanted=wanted,
        intent=request.intent,
        now=request.now,
    )
    return Reply(written_body(MAILBOXES, request, sender, shown), 201)
