"""GET /webhooks"""

from drumbeat import bootstrap_webhooks
from drumbeat.application.webhook_endpoints import list_endpoints
from drumbeat.dialects.ampout.errors import AMPOUT
from drumbeat.dialects.ampout.webhooks import webhook_body
from drumbeat.entrypoints.http import Reply, Request, endpoint


@endpoint("GET", "/webhooks", dialect=AMPOUT, scope="webhooks:read")
def handler(request: Request[None]) -> Reply:
    """The account's webhooks, without their secrets."""
    return Reply([webhook_body(shown) for shown in list_endpoints(bootstrap_webhooks.endpoints(), request.tenant)])
