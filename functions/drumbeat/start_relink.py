"""POST /drumbeat/v1/sequences/{sequence_id}/relink"""

from drumbeat import bootstrap
from drumbeat.application.relink_in_batch import add_rows, relink_to_add_to
from drumbeat.dialects.drumbeat.batches import batch_body
from drumbeat.dialects.drumbeat.errors import DRUMBEAT
from drumbeat.dialects.myagentmail.bulk_relinking import BODY_LIMIT, StartRelinkRequest
from drumbeat.dialects.query import flag
from drumbeat.dialects.uuids import number_of
from drumbeat.entrypoints.http import Reply, Request, endpoint


@endpoint(
    "POST",
    "/drumbeat/v1/sequences/{sequence_id}/relink",
    dialect=DRUMBEAT,
    scope="enrollments:write",
    body=StartRelinkRequest,
    body_limit=BODY_LIMIT,
)
def handler(request: Request[StartRelinkRequest]) -> Reply:
    """A bulk-relink of any size: up to 5,000 rows a call; one with `more` to come takes further calls' rows first."""
    ports = bootstrap.batch_ports()
    batch = relink_to_add_to(
        ports,
        bootstrap.sequences(),
        tenant=request.tenant,
        sequence_number=number_of("sequence", request.tenant, request.path["sequence_id"]),
        batch_number=request.body.batch_number(request.tenant),
        retry_now=flag(request.query, "retryNow"),
        intent=request.intent,
        now=request.now,
    )
    rows, more = request.body.rows(request.tenant), request.body.more
    return Reply(batch_body(add_rows(ports, batch, rows, more=more, intent=request.intent, now=request.now)), 202)
