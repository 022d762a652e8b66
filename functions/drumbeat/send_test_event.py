"""POST /drumbeat/v1/webhooks/{webhook_id}/test"""

from drumbeat import bootstrap_webhooks
from drumbeat.application.replay_events import send_test
from drumbeat.dialects.ampout.events import test_envelope
from drumbeat.dialects.drumbeat.errors import DRUMBEAT
from drumbeat.dialects.uuids import number_of
from drumbeat.entrypoints.http import Reply, Request, endpoint


@endpoint("POST", "/drumbeat/v1/webhooks/{webhook_id}/test", dialect=DRUMBEAT, scope="webhooks:write")
def handler(request: Request[None]) -> Reply:
    """Posts an event that tells of nothing, whatever the webhook's filters; its deliveries show what came of it."""
    event_id = send_test(
        bootstrap_webhooks.replay_ports(),
        tenant=request.tenant,
        number=number_of("webhook", request.tenant, request.path["webhook_id"]),
        envelope=test_envelope,
        now=request.now,
    )
    return Reply({"eventId": event_id}, 202)
