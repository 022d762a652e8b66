"""GET /api/v1/credits/usage"""

from drumbeat import bootstrap_calls
from drumbeat.application.credits import credit_usage
from drumbeat.dialects.julian.credits import period_asked_for, usage_body
from drumbeat.dialects.julian.errors import JULIAN
from drumbeat.entrypoints.http import Reply, Request, endpoint


@endpoint("GET", "/api/v1/credits/usage", dialect=JULIAN, scope="agents:read")
def handler(request: Request[None]) -> Reply:
    """What the organization and its agents have spent in a month, or between two days."""
    period = period_asked_for(request.query, request.now)
    usage = credit_usage(bootstrap_calls.usage_ports(), tenant=request.tenant, period=period)
    return Reply(usage_body(request.tenant, usage, request.now))
