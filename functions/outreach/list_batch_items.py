"""GET /api/v2/batchItems"""

from drumbeat import bootstrap, bootstrap_outreach
from drumbeat.dialects.outreach.batches import BATCH_ITEMS, search_items
from drumbeat.dialects.outreach.document import list_body
from drumbeat.dialects.outreach.errors import OUTREACH
from drumbeat.entrypoints.http import Reply, Request, endpoint


@endpoint("GET", "/api/v2/batchItems", dialect=OUTREACH, scope="batches.read")
def handler(request: Request[None]) -> Reply:
    """What became of each item of the tenant's batches, as the query asks for them."""
    batches, tenant = bootstrap.batches(), request.tenant
    body = list_body(
        BATCH_ITEMS,
        request,
        lambda conditions, after: search_items(batches, tenant, conditions, after),
        bootstrap_outreach.sources(tenant),
    )
    return Reply(body)
