"""GET /drumbeat/v1/batches/{batch_id}/results"""

from drumbeat import bootstrap
from drumbeat.application.batches import batch_items, get_batch
from drumbeat.dialects.drumbeat.batches import batch_number, result_lines
from drumbeat.dialects.drumbeat.errors import DRUMBEAT
from drumbeat.dialects.query import page, whole
from drumbeat.domain.batch import MOST_ITEMS
from drumbeat.entrypoints.http import Reply, Request, Text, endpoint


@endpoint("GET", "/drumbeat/v1/batches/{batch_id}/results", dialect=DRUMBEAT, scope="enrollments:read")
def handler(request: Request[None]) -> Reply:
    """What became of each item, a line of JSON each, in the order of the call, behind index `after`."""
    number = batch_number(request.tenant, request.path["batch_id"])
    after = whole(request.query, "after", default=-1, low=0, high=MOST_ITEMS)
    batches = bootstrap.batches()
    batch = get_batch(batches, tenant=request.tenant, number=number)
    items = batch_items(batches, batch, first=-1 if after is None else after + 1)
    lines = result_lines(request.tenant, page(items, request.query))
    return Reply(Text(lines), headers={"Content-Type": "application/x-ndjson"})
