"""DELETE /webhooks/{webhook_id}"""

from drumbeat import bootstrap_webhooks
from drumbeat.application.webhook_endpoints import delete_endpoint
from drumbeat.dialects.ampout.errors import AMPOUT
from drumbeat.dialects.uuids import number_of
from drumbeat.entrypoints.http import Reply, Request, endpoint


@endpoint("DELETE", "/webhooks/{webhook_id}", dialect=AMPOUT, scope="webhooks:write")
def handler(request: Request[None]) -> Reply:
    """Removes a webhook at once, and its deliveries within minutes."""
    number = number_of("webhook", request.tenant, request.path["webhook_id"])
    delete_endpoint(bootstrap_webhooks.endpoints(), tenant=request.tenant, number=number, now=request.now)
    return Reply(status=204)
