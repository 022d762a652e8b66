"""POST /webhooks"""

from drumbeat import bootstrap_webhooks
from drumbeat.application.webhook_endpoints import create_endpoint
from drumbeat.dialects.ampout.errors import AMPOUT
from drumbeat.dialects.ampout.webhook_bodies import CreateWebhookRequest
from drumbeat.dialects.ampout.webhooks import secret_of, webhook_body
from drumbeat.entrypoints import clock
from drumbeat.entrypoints.http import Reply, Request, endpoint


@endpoint("POST", "/webhooks", dialect=AMPOUT, scope="webhooks:write", body=CreateWebhookRequest)
def handler(request: Request[CreateWebhookRequest]) -> Reply:
    """Has events posted to a URL; the secret that proves them is in this answer and nowhere else."""
    plain_allowed = bootstrap_webhooks.plain_urls_allowed()
    made = create_endpoint(
        bootstrap_webhooks.endpoint_ports(),
        tenant=request.tenant,
        wanted=request.body.wanted(clock.webhook_secret(), plain_allowed=plain_allowed),
        intent=request.intent,
        now=request.now,
    )
    return Reply(webhook_body(made), 201, once=secret_of(made))
