"""POST /v1/cadences/{cadence_id}/run-now"""

from drumbeat import bootstrap
from drumbeat.application.connected_sequences import run_now
from drumbeat.dialects.myagentmail.errors import MYAGENTMAIL
from drumbeat.dialects.uuids import number_of
from drumbeat.entrypoints.http import Reply, Request, endpoint


@endpoint("POST", "/v1/cadences/{cadence_id}/run-now", dialect=MYAGENTMAIL, scope="cadences:write")
def handler(request: Request[None]) -> Reply:
    """Lets what is due leave at the next tick, and nothing that is not."""
    number = number_of("sequence", request.tenant, request.path["cadence_id"])
    stores = bootstrap.sequences(), bootstrap.lanes()
    run_now(*stores, request.key.reach, tenant=request.tenant, number=number, now=request.now)
    return Reply({"ok": True})
