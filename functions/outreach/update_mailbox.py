"""PATCH /api/v2/mailboxes/{id}"""

from drumbeat import bootstrap
from drumbeat.application.links import checked
from drumbeat.application.shared_senders import change_sender
from drumbeat.dialects.outreach.bodies import Document, changes, checked_id
from drumbeat.dialects.outreach.document import written_body
from drumbeat.dialects.outreach.errors import OUTREACH
from drumbeat.dialects.outreach.ids import number_in_path
from drumbeat.dialects.outreach.listing import read_written
from drumbeat.dialects.outreach.mailbox_bodies import UpdateMailbox
from drumbeat.dialects.outreach.mailboxes import MAILBOXES, changed_mailbox
from drumbeat.entrypoints.http import Reply, Request, endpoint


@endpoint("PATCH", "/api/v2/mailboxes/{id}", dialect=OUTREACH, scope="mailboxes.write", body=UpdateMailbox)
def handler(request: Request[Document]) -> Reply:
    """Changes what is given of a mailbox, which may let it send what it could not before."""
    number = number_in_path("sender", request.path["id"])
    checked_id(request.body, number)
    shown, asked = read_written(request.query_values), changes(MAILBOXES, request.body)
    vault, now = bootstrap.vault(), request.now
    change = checked(bootstrap.links(), request.tenant, lambda sender: changed_mailbox(sender, asked, vault, now))
    sender = change_sender(
        bootstrap.sequences(), bootstrap.lanes(), tenant=request.tenant, number=number, change=change, now=now
    )
    return Reply(written_body(MAILBOXES, request, sender, shown))
