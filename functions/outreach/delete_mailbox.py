"""DELETE /api/v2/mailboxes/{id}"""

from drumbeat import bootstrap
from drumbeat.application.shared_senders import delete_sender
from drumbeat.dialects.outreach.errors import OUTREACH
from drumbeat.dialects.outreach.ids import number_in_path
from drumbeat.entrypoints.http import Reply, Request, endpoint


@endpoint("DELETE", "/api/v2/mailboxes/{id}", dialect=OUTREACH, scope="mailboxes.delete")
def handler(request: Request[None]) -> Reply:
    """Deletes a mailbox that nothing waits to leave from."""
    number = number_in_path("sender", request.path["id"])
    delete_sender(bootstrap.sequences(), bootstrap.lanes(), tenant=request.tenant, number=number, now=request.now)
    return Reply(status=204)
