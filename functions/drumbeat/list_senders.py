"""GET /drumbeat/v1/sequences/{sequence_id}/senders"""

from drumbeat import bootstrap, bootstrap_signals
from drumbeat.application.senders import list_senders
from drumbeat.dialects.drumbeat.errors import DRUMBEAT
from drumbeat.dialects.drumbeat.schedules import sequence_number
from drumbeat.dialects.drumbeat.senders import sender_body
from drumbeat.entrypoints.http import Reply, Request, endpoint


@endpoint("GET", "/drumbeat/v1/sequences/{sequence_id}/senders", dialect=DRUMBEAT, scope="campaigns:read")
def handler(request: Request[None]) -> Reply:
    """A sequence's senders in their rotation, with the state each is in."""
    number = sequence_number(request.tenant, request.path["sequence_id"])
    senders = list_senders(bootstrap.sequences(), tenant=request.tenant, sequence_number=number)
    inboxes = bootstrap_signals.inboxes().all(request.tenant) if any(sender.imap for sender in senders) else {}
    return Reply([sender_body(sender, inboxes.get(sender.number)) for sender in senders])
