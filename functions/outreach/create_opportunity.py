"""POST /api/v2/opportunities"""

from drumbeat import bootstrap
from drumbeat.application.records import create_linked
from drumbeat.dialects.outreach.bodies import Document, changes
from drumbeat.dialects.outreach.document import written_body
from drumbeat.dialects.outreach.errors import OUTREACH
from drumbeat.dialects.outreach.listing import read_written
from drumbeat.dialects.outreach.opportunities import OPPORTUNITIES
from drumbeat.dialects.outreach.opportunity_bodies import CreateOpportunity
from drumbeat.domain.ids import Kind
from drumbeat.domain.links import given
from drumbeat.domain.opportunity import Opportunity
from drumbeat.entrypoints.http import Reply, Request, endpoint


@endpoint("POST", "/api/v2/opportunities", dialect=OUTREACH, scope="opportunities.write", body=CreateOpportunity)
def handler(request: Request[Document]) -> Reply:
    """Makes an opportunity."""
    shown, values = read_written(request.query_values), changes(OPPORTUNITIES, request.body)
    tenant, now, records = request.tenant, request.now, bootstrap.opportunities()
    number = bootstrap.numbers().take(tenant, Kind.OPPORTUNITY)
    record = given(
        Opportunity(tenant=tenant, number=number, created_at=now, updated_at=now, name=values["name"]), values
    )
    kept = create_linked(records, bootstrap.links(), record, number, tenant=tenant, intent=request.intent, now=now)
    return Reply(written_body(OPPORTUNITIES, request, kept, shown), 201)
