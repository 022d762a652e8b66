"""GET /api/v2/batches/{id}"""

from drumbeat import bootstrap, bootstrap_outreach
from drumbeat.application.batches import get_batch
from drumbeat.dialects.outreach.batches import BATCHES
from drumbeat.dialects.outreach.document import one_body
from drumbeat.dialects.outreach.errors import OUTREACH
from drumbeat.dialects.outreach.ids import number_in_path
from drumbeat.entrypoints.http import Reply, Request, endpoint


@endpoint("GET", "/api/v2/batches/{id}", dialect=OUTREACH, scope="batches.read")
def handler(request: Request[None]) -> Reply:
    """One batch: how far it is, and what failed."""
    number = number_in_path("batch", request.path["id"])
    batch = get_batch(bootstrap.batches(), tenant=request.tenant, number=number)
    return Reply(one_body(BATCHES, request, batch, bootstrap_outreach.sources(request.tenant)))
