"""GET /webhooks/{webhook_id}/deliveries"""

from drumbeat import bootstrap_webhooks
from drumbeat.application.webhook_endpoints import deliveries_of
from drumbeat.dialects.ampout.errors import AMPOUT
from drumbeat.dialects.ampout.webhooks import attempt_bodies
from drumbeat.dialects.query import page
from drumbeat.dialects.uuids import number_of
from drumbeat.entrypoints.http import Reply, Request, endpoint


@endpoint("GET", "/webhooks/{webhook_id}/deliveries", dialect=AMPOUT, scope="webhooks:read")
def handler(request: Request[None]) -> Reply:
    """What was posted to a webhook, attempt by attempt, the latest event first."""
    found = deliveries_of(
        bootstrap_webhooks.endpoints(),
        bootstrap_webhooks.deliveries(),
        tenant=request.tenant,
        number=number_of("webhook", request.tenant, request.path["webhook_id"]),
    )
    return Reply(list(page(attempt_bodies(found), request.query, default=100)))
