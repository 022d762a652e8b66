"""GET /drumbeat/v1/sequences/{sequence_id}/senders/{sender_id}"""

from drumbeat import bootstrap, bootstrap_signals
from drumbeat.application.senders import get_sender
from drumbeat.dialects.drumbeat.errors import DRUMBEAT
from drumbeat.dialects.drumbeat.schedules import sequence_number
from drumbeat.dialects.drumbeat.senders import hooks_body, sender_body, sender_number
from drumbeat.domain.inbox import InboxName
from drumbeat.domain.token import hook_token
from drumbeat.entrypoints.http import Reply, Request, endpoint


@endpoint("GET", "/drumbeat/v1/sequences/{sequence_id}/senders/{sender_id}", dialect=DRUMBEAT, scope="campaigns:read")
def handler(request: Request[None]) -> Reply:
    """A sender: whether it sends, what is in its way, and where a provider may report about its mails."""
    sender = get_sender(
        bootstrap.sequences(),
        tenant=request.tenant,
        sequence_number=sequence_number(request.tenant, request.path["sequence_id"]),
        number=sender_number(request.tenant, request.path["sender_id"]),
    )
    inbox = bootstrap_signals.inboxes().get(InboxName(sender.tenant, sender.number))
    token = hook_token(bootstrap.token_keys(), sender.tenant, sender.number)
    return Reply(sender_body(sender, inbox) | hooks_body(request.root, token))
