"""GET /billing/usage"""

from drumbeat import bootstrap
from drumbeat.application.subscriptions import get_usage
from drumbeat.dialects.ampout.billing import usage_body
from drumbeat.dialects.ampout.errors import AMPOUT
from drumbeat.entrypoints.http import Reply, Request, endpoint


@endpoint("GET", "/billing/usage", dialect=AMPOUT, scope="billing:read")
def handler(request: Request[None]) -> Reply:
    """What was sent in this month and in the twelve before it."""
    return Reply(usage_body(get_usage(bootstrap.subscriptions(), tenant=request.tenant, now=request.now)))
