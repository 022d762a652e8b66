"""POST /api/v2/batches/{id}/actions/cancel"""

from drumbeat import bootstrap
from drumbeat.application.batches import cancel_batch
from drumbeat.dialects.outreach.action_params import read_no_params
from drumbeat.dialects.outreach.batches import BATCHES
from drumbeat.dialects.outreach.document import written_body
from drumbeat.dialects.outreach.errors import OUTREACH
from drumbeat.dialects.outreach.ids import number_in_path
from drumbeat.entrypoints.http import Reply, Request, endpoint


@endpoint("POST", "/api/v2/batches/{id}/actions/cancel", dialect=OUTREACH, scope="batches.write")
def handler(request: Request[None]) -> Reply:
    """Ends a batch: what is done stays done, what has not begun is not done any more."""
    number = number_in_path("batch", request.path["id"])
    shown = read_no_params(request.query_values)
    batch = cancel_batch(bootstrap.batch_ports(), tenant=request.tenant, number=number, now=request.now)
    return Reply(written_body(BATCHES, request, batch, shown))
