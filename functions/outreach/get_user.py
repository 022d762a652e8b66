"""GET /api/v2/users/{id}"""

from drumbeat import bootstrap, bootstrap_outreach
from drumbeat.application.records import get_record
from drumbeat.dialects.outreach.document import one_body
from drumbeat.dialects.outreach.errors import OUTREACH
from drumbeat.dialects.outreach.ids import number_in_path
from drumbeat.dialects.outreach.users import USERS
from drumbeat.entrypoints.http import Reply, Request, endpoint


@endpoint("GET", "/api/v2/users/{id}", dialect=OUTREACH, scope="users.read")
def handler(request: Request[None]) -> Reply:
    """One user."""
    number = number_in_path("user", request.path["id"])
    user = get_record(bootstrap.users(), "user", tenant=request.tenant, number=number)
    return Reply(one_body(USERS, request, user, bootstrap_outreach.sources(request.tenant)))
