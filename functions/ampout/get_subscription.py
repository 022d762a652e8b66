"""GET /billing/subscription"""

from drumbeat import bootstrap
from drumbeat.application.subscriptions import get_usage
from drumbeat.dialects.ampout.billing import subscription_body
from drumbeat.dialects.ampout.errors import AMPOUT
from drumbeat.entrypoints.http import Reply, Request, endpoint


@endpoint("GET", "/billing/subscription", dialect=AMPOUT, scope="billing:read")
def handler(request: Request[None]) -> Reply:
    """The plan, and what was sent in the month that is running."""
    return Reply(subscription_body(get_usage(bootstrap.subscriptions(), tenant=request.tenant, now=request.now)))
