"""GET /api/v2/batchItems/{id}"""

from drumbeat import bootstrap, bootstrap_outreach
from drumbeat.application.batches import get_batch_item
from drumbeat.dialects.outreach.batches import BATCH_ITEMS
from drumbeat.dialects.outreach.document import one_body
from drumbeat.dialects.outreach.errors import OUTREACH
from drumbeat.dialects.outreach.ids import number_in_path
from drumbeat.entrypoints.http import Reply, Request, endpoint


@endpoint("GET", "/api/v2/batchItems/{id}", dialect=OUTREACH, scope="batches.read")
def handler(request: Request[None]) -> Reply:
    """One item of a batch."""
    number = number_in_path("batch_item", request.path["id"])
    item = get_batch_item(bootstrap.batches(), tenant=request.tenant, number=number)
    return Reply(one_body(BATCH_ITEMS, request, item, bootstrap_outreach.sources(request.tenant)))
