"""GET /usage"""

from drumbeat import bootstrap
from drumbeat.application.traffic import get_traffic
from drumbeat.dialects.ampout.billing import traffic_body
from drumbeat.dialects.ampout.errors import AMPOUT
from drumbeat.entrypoints.http import Reply, Request, endpoint


@endpoint("GET", "/usage", dialect=AMPOUT, scope="billing:read")
def handler(request: Request[None]) -> Reply:
    """How many calls this account's keys have made this month, by kind of client."""
    tenants, limit = bootstrap.tenants(), AMPOUT.call_limit
    return Reply(
        traffic_body(get_traffic(tenants, tenant=request.tenant, api=AMPOUT.name, limit=limit, now=request.now))
    )
