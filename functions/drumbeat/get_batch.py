"""GET /drumbeat/v1/batches/{batch_id}"""

from drumbeat import bootstrap
from drumbeat.application.batches import get_batch
from drumbeat.dialects.drumbeat.batches import batch_body, batch_number
from drumbeat.dialects.drumbeat.errors import DRUMBEAT
from drumbeat.entrypoints.http import Reply, Request, endpoint


@endpoint("GET", "/drumbeat/v1/batches/{batch_id}", dialect=DRUMBEAT, scope="enrollments:read")
def handler(request: Request[None]) -> Reply:
    """How far a batch is that was handed to the queue."""
    number = batch_number(request.tenant, request.path["batch_id"])
    return Reply(batch_body(get_batch(bootstrap.batches(), tenant=request.tenant, number=number)))
