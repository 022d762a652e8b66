"""GET /api/v2/users"""

from drumbeat import bootstrap, bootstrap_outreach
from drumbeat.dialects.outreach.document import list_body
from drumbeat.dialects.outreach.errors import OUTREACH
from drumbeat.dialects.outreach.users import USERS
from drumbeat.entrypoints.http import Reply, Request, endpoint


@endpoint("GET", "/api/v2/users", dialect=OUTREACH, scope="users.read")
def handler(request: Request[None]) -> Reply:
    """The tenant's users, as the query asks for them."""
    users, tenant = bootstrap.users(), request.tenant
    body = list_body(
        USERS,
        request,
        lambda conditions, after: users.search(tenant, conditions, after=after),
        bootstrap_outreach.sources(tenant),
    )
    return Reply(body)
