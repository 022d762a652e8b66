"""POST /webhooks/{webhook_id}/rotate_secret"""

from drumbeat import bootstrap_webhooks
from drumbeat.application.webhook_endpoints import rotate_secret
from drumbeat.dialects.ampout.errors import AMPOUT
from drumbeat.dialects.uuids import number_of
from drumbeat.domain.webhook_endpoint import spelled_secret
from drumbeat.entrypoints import clock
from drumbeat.entrypoints.http import Reply, Request, endpoint


@endpoint("POST", "/webhooks/{webhook_id}/rotate_secret", dialect=AMPOUT, scope="webhooks:write")
def handler(request: Request[None]) -> Reply:
    """A new secret, in this answer and nowhere else; for a day the old one signs as well (docs/adr/0042)."""
    secret = spelled_secret(clock.webhook_secret())
    rotate_secret(
        bootstrap_webhooks.endpoint_ports(),
        tenant=request.tenant,
        number=number_of("webhook", request.tenant, request.path["webhook_id"]),
        secret=secret,
        now=request.now,
    )
    return Reply({"id": request.path["webhook_id"]}, once={"secret": secret})
