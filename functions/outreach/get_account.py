"""GET /api/v2/accounts/{id}"""

from drumbeat import bootstrap, bootstrap_outreach
from drumbeat.application.records import get_record
from drumbeat.dialects.outreach.accounts import ACCOUNTS
from drumbeat.dialects.outreach.document import one_body
from drumbeat.dialects.outreach.errors import OUTREACH
from drumbeat.dialects.outreach.ids import number_in_path
from drumbeat.entrypoints.http import Reply, Request, endpoint


@endpoint("GET", "/api/v2/accounts/{id}", dialect=OUTREACH, scope="accounts.read")
def handler(request: Request[None]) -> Reply:
    """One account."""
    number, tenant = number_in_path("company", request.path["id"]), request.tenant
    record = get_record(bootstrap.companies(), "company", tenant=tenant, number=number)
    return Reply(one_body(ACCOUNTS, request, record, bootstrap_outreach.sources(tenant)))
