"""POST /api/v2/prospects"""

from drumbeat import bootstrap
from drumbeat.application.people import create_contact
from drumbeat.dialects.outreach.bodies import Document, changes
from drumbeat.dialects.outreach.document import written_body
from drumbeat.dialects.outreach.errors import OUTREACH
from drumbeat.dialects.outreach.listing import read_written
from drumbeat.dialects.outreach.prospect_bodies import CreateProspect
from drumbeat.dialects.outreach.prospects import PROSPECTS, prospect_change
from drumbeat.entrypoints.http import Reply, Request, endpoint


@endpoint("POST", "/api/v2/prospects", dialect=OUTREACH, scope="prospects.write", body=CreateProspect)
def handler(request: Request[Document]) -> Reply:
    """Makes a prospect; without an address it cannot be mailed."""
    shown, now = read_written(request.query_values), request.now
    fill = prospect_change(changes(PROSPECTS, request.body), now)
    ports, tenant = bootstrap.people_ports(), request.tenant
    contact = create_contact(ports, tenant=tenant, fill=fill, intent=request.intent, now=now)
    return Reply(written_body(PROSPECTS, request, contact, shown), 201)
