"""PATCH /webhooks/{webhook_id}"""

from drumbeat import bootstrap_webhooks
from drumbeat.application.webhook_endpoints import update_endpoint
from drumbeat.dialects.ampout.errors import AMPOUT
from drumbeat.dialects.ampout.webhook_bodies import UpdateWebhookRequest
from drumbeat.dialects.ampout.webhooks import webhook_body
from drumbeat.dialects.uuids import number_of
from drumbeat.entrypoints.http import Reply, Request, endpoint


@endpoint("PATCH", "/webhooks/{webhook_id}", dialect=AMPOUT, scope="webhooks:write", body=UpdateWebhookRequest)
def handler(request: Request[UpdateWebhookRequest]) -> Reply:
    """Changes a webhook; one that is enabled again gets what was parked for it. Its secret stays."""
    plain_allowed = bootstrap_webhooks.plain_urls_allowed()
    shown = update_endpoint(
        bootstrap_webhooks.endpoints(),
        tenant=request.tenant,
        number=number_of("webhook", request.tenant, request.path["webhook_id"]),
        change=lambda seen: request.body.changed(seen, plain_allowed=plain_allowed),
        now=request.now,
    )
    return Reply(webhook_body(shown))
