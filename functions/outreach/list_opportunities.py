"""GET /api/v2/opportunities"""

from drumbeat import bootstrap, bootstrap_outreach
from drumbeat.application.links import with_live_links
from drumbeat.dialects.outreach.document import list_body
from drumbeat.dialects.outreach.errors import OUTREACH
from drumbeat.dialects.outreach.opportunities import OPPORTUNITIES
from drumbeat.entrypoints.http import Reply, Request, endpoint


@endpoint("GET", "/api/v2/opportunities", dialect=OUTREACH, scope="opportunities.read")
def handler(request: Request[None]) -> Reply:
    """The tenant's opportunities, as the query asks for them."""
    opportunities, links, tenant = bootstrap.opportunities(), bootstrap.links(), request.tenant
    body = list_body(
        OPPORTUNITIES,
        request,
        lambda conditions, after: with_live_links(links, tenant, opportunities.search(tenant, conditions, after=after)),
        bootstrap_outreach.sources(tenant),
    )
    return Reply(body)
