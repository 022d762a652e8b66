"""GET /api/v2/batches"""

from drumbeat import bootstrap, bootstrap_outreach
from drumbeat.dialects.outreach.batches import BATCHES, search_batches
from drumbeat.dialects.outreach.document import list_body
from drumbeat.dialects.outreach.errors import OUTREACH
from drumbeat.entrypoints.http import Reply, Request, endpoint


@endpoint("GET", "/api/v2/batches", dialect=OUTREACH, scope="batches.read")
def handler(request: Request[None]) -> Reply:
    """The tenant's batches, as the query asks for them."""
    batches, tenant = bootstrap.batches(), request.tenant
    body = list_body(
        BATCHES,
        request,
        lambda conditions, after: search_batches(batches, tenant, conditions, after),
        bootstrap_outreach.sources(tenant),
    )
    return Reply(body)
