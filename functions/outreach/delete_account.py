"""DELETE /api/v2/accounts/{id}"""

from drumbeat import bootstrap
from drumbeat.application.records import delete_record
from drumbeat.dialects.outreach.errors import OUTREACH
from drumbeat.dialects.outreach.ids import number_in_path
from drumbeat.entrypoints.http import Reply, Request, endpoint


@endpoint("DELETE", "/api/v2/accounts/{id}", dialect=OUTREACH, scope="accounts.delete")
def handler(request: Request[None]) -> Reply:
    """Removes an account; prospects that were linked to it are not any more."""
    number = number_in_path("company", request.path["id"])
    delete_record(bootstrap.companies(), "company", tenant=request.tenant, number=number)
    return Reply(None, 204)
