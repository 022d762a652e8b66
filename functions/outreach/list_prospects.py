"""GET /api/v2/prospects"""

from drumbeat import bootstrap, bootstrap_outreach
from drumbeat.application.links import with_live_links
from drumbeat.dialects.outreach.document import list_body
from drumbeat.dialects.outreach.errors import OUTREACH
from drumbeat.dialects.outreach.prospects import PROSPECTS
from drumbeat.entrypoints.http import Reply, Request, endpoint


@endpoint("GET", "/api/v2/prospects", dialect=OUTREACH, scope="prospects.read")
def handler(request: Request[None]) -> Reply:
    """The tenant's prospects, as the query asks for them: AmpOut's contacts among them."""
    contacts, links, tenant = bootstrap.contact_search(), bootstrap.links(), request.tenant
    body = list_body(
        PROSPECTS,
        request,
        lambda conditions, after: with_live_links(links, tenant, contacts.search(tenant, conditions, after=after)),
        bootstrap_outreach.sources(tenant),
    )
    return Reply(body)
