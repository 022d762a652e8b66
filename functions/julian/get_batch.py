"""GET /api/v1/batches/{batch_id}"""

from drumbeat import bootstrap
from drumbeat.application.call_progress import get_progress
from drumbeat.dialects.julian.errors import JULIAN
from drumbeat.dialects.julian.scheduled import batch_number, progress_body
from drumbeat.entrypoints.http import Reply, Request, endpoint


@endpoint("GET", "/api/v1/batches/{batch_id}", dialect=JULIAN, scope="enrollments:read")
def handler(request: Request[None]) -> Reply:
    """How far the scheduling of a batch is, and what became of every contact."""
    number = batch_number(request.tenant, request.path["batch_id"])
    progress = get_progress(bootstrap.batches(), bootstrap.enrollments(), tenant=request.tenant, number=number)
    return Reply(progress_body(progress))
