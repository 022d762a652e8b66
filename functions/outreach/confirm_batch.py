"""POST /api/v2/batches/{id}/actions/confirm"""

from drumbeat import bootstrap
from drumbeat.application.batches import confirm_batch
from drumbeat.dialects.outreach.action_params import read_confirmed_count
from drumbeat.dialects.outreach.batches import BATCHES
from drumbeat.dialects.outreach.document import written_body
from drumbeat.dialects.outreach.errors import OUTREACH
from drumbeat.dialects.outreach.ids import number_in_path
from drumbeat.entrypoints.http import Reply, Request, endpoint


@endpoint("POST", "/api/v2/batches/{id}/actions/confirm", dialect=OUTREACH, scope="batches.write")
def handler(request: Request[None]) -> Reply:
    """Lets a batch run that waits for confirmation."""
    number = number_in_path("batch", request.path["id"])
    count, shown = read_confirmed_count(request.query_values)
    batch = confirm_batch(bootstrap.batch_ports(), tenant=request.tenant, number=number, count=count, now=request.now)
    return Reply(written_body(BATCHES, request, batch, shown))
