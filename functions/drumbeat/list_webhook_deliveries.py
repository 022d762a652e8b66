"""GET /drumbeat/v1/webhooks/{webhook_id}/deliveries"""

from drumbeat import bootstrap_webhooks
from drumbeat.application.webhook_endpoints import deliveries_of
from drumbeat.dialects.drumbeat.errors import DRUMBEAT
from drumbeat.dialects.drumbeat.webhooks import delivery_body, last_seen
from drumbeat.dialects.query import page
from drumbeat.dialects.uuids import number_of
from drumbeat.entrypoints.http import Reply, Request, endpoint


@endpoint("GET", "/drumbeat/v1/webhooks/{webhook_id}/deliveries", dialect=DRUMBEAT, scope="webhooks:read")
def handler(request: Request[None]) -> Reply:
    """Each event with all attempts to post it, and when the next one is due; the latest first, behind event `after`."""
    found = deliveries_of(
        bootstrap_webhooks.endpoints(),
        bootstrap_webhooks.deliveries(),
        tenant=request.tenant,
        number=number_of("webhook", request.tenant, request.path["webhook_id"]),
        before=last_seen(request.query),
    )
    return Reply([delivery_body(delivery) for delivery in page(found, request.query, default=100)])
