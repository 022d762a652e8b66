"""POST /v1/cadences/{cadence_id}/enrollments/bulk-relink"""

from drumbeat import bootstrap, bootstrap_cadences
from drumbeat.application.leads import place_leads
from drumbeat.application.relink import relink_enrollments
from drumbeat.dialects.myagentmail.errors import MYAGENTMAIL
from drumbeat.dialects.myagentmail.relinking import BulkRelinkRequest, bulk_body, changed_by_rows
from drumbeat.dialects.query import flag
from drumbeat.dialects.uuids import number_of
from drumbeat.entrypoints.http import Reply, Request, endpoint


@endpoint(
    "POST",
    "/v1/cadences/{cadence_id}/enrollments/bulk-relink",
    dialect=MYAGENTMAIL,
    scope="cadences:write",
    body=BulkRelinkRequest,
)
def handler(request: Request[BulkRelinkRequest]) -> Reply:
    """Changes up to 100 enrolments; every row is answered on its own, in the order of the call, and always with 200."""
    done = relink_enrollments(
        bootstrap.relink_ports(),
        tenant=request.tenant,
        sequence_number=number_of("sequence", request.tenant, request.path["cadence_id"]),
        rows=request.body.rows(request.tenant),
        retry_now=flag(request.query, "retryNow"),
        reach=request.key.reach,
        now=request.now,
    )
    changed = changed_by_rows(done.results)
    placed = place_leads(bootstrap_cadences.lead_ports(), done.sequence, changed, done.addresses)
    return Reply(bulk_body(request.body.updates, done.results, placed))
