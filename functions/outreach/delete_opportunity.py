"""DELETE /api/v2/opportunities/{id}"""

from drumbeat import bootstrap
from drumbeat.application.records import delete_record
from drumbeat.dialects.outreach.errors import OUTREACH
from drumbeat.dialects.outreach.ids import number_in_path
from drumbeat.entrypoints.http import Reply, Request, endpoint


@endpoint("DELETE", "/api/v2/opportunities/{id}", dialect=OUTREACH, scope="opportunities.delete")
def handler(request: Request[None]) -> Reply:
    """Removes an opportunity; prospects that were linked to it are not any more."""
    number = number_in_path("opportunity", request.path["id"])
    delete_record(bootstrap.opportunities(), "opportunity", tenant=request.tenant, number=number)
    return Reply(None, 204)
