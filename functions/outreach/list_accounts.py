"""GET /api/v2/accounts"""

from drumbeat import bootstrap, bootstrap_outreach
from drumbeat.dialects.outreach.accounts import ACCOUNTS
from drumbeat.dialects.outreach.document import list_body
from drumbeat.dialects.outreach.errors import OUTREACH
from drumbeat.domain.company import LISTED
from drumbeat.entrypoints.http import Reply, Request, endpoint


@endpoint("GET", "/api/v2/accounts", dialect=OUTREACH, scope="accounts.read")
def handler(request: Request[None]) -> Reply:
    """The tenant's named accounts, as the query asks for them."""
    companies, tenant = bootstrap.companies(), request.tenant
    body = list_body(
        ACCOUNTS,
        request,
        lambda conditions, after: companies.search(tenant, [LISTED, *conditions], after=after),
        bootstrap_outreach.sources(tenant),
    )
    return Reply(body)
