"""GET /api/v2/rulesets"""

from drumbeat import bootstrap, bootstrap_outreach
from drumbeat.dialects.outreach.document import list_body
from drumbeat.dialects.outreach.errors import OUTREACH
from drumbeat.dialects.outreach.rulesets import RULESETS
from drumbeat.entrypoints.http import Reply, Request, endpoint


@endpoint("GET", "/api/v2/rulesets", dialect=OUTREACH, scope="rulesets.read")
def handler(request: Request[None]) -> Reply:
    """The tenant's rulesets, as the query asks for them."""
    tenant = request.tenant
    body = list_body(
        RULESETS,
        request,
        lambda conditions, after: bootstrap.rulesets().search(tenant, conditions, after=after),
        bootstrap_outreach.sources(tenant),
    )
    return Reply(body)
