"""POST /api/v2/accounts"""

from drumbeat import bootstrap
from drumbeat.application.records import create_linked
from drumbeat.dialects.outreach.account_bodies import CreateAccount
from drumbeat.dialects.outreach.accounts import ACCOUNTS
from drumbeat.dialects.outreach.bodies import Document, changes
from drumbeat.dialects.outreach.document import written_body
from drumbeat.dialects.outreach.errors import OUTREACH
from drumbeat.dialects.outreach.listing import read_written
from drumbeat.domain.company import Company
from drumbeat.domain.ids import Kind
from drumbeat.domain.links import given
from drumbeat.entrypoints.http import Reply, Request, endpoint


@endpoint("POST", "/api/v2/accounts", dialect=OUTREACH, scope="accounts.write", body=CreateAccount)
def handler(request: Request[Document]) -> Reply:
    """Makes an account, a named one if nothing else is said."""
    shown, values = read_written(request.query_values), changes(ACCOUNTS, request.body)
    tenant, now, records = request.tenant, request.now, bootstrap.companies()
    number = bootstrap.numbers().take(tenant, Kind.COMPANY)
    record = given(Company(tenant, number, now, now), values)
    kept = create_linked(records, bootstrap.links(), record, number, tenant=tenant, intent=request.intent, now=now)
    return Reply(written_body(ACCOUNTS, request, kept, shown), 201)
