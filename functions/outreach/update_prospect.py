"""PATCH /api/v2/prospects/{id}"""

from drumbeat import bootstrap
from drumbeat.application.links import with_live_link
from drumbeat.application.people import change_contact
from drumbeat.dialects.outreach.bodies import Document, changes, checked_id
from drumbeat.dialects.outreach.document import written_body
from drumbeat.dialects.outreach.errors import OUTREACH
from drumbeat.dialects.outreach.ids import number_in_path
from drumbeat.dialects.outreach.listing import read_written
from drumbeat.dialects.outreach.prospect_bodies import UpdateProspect
from drumbeat.dialects.outreach.prospects import PROSPECTS, prospect_change
from drumbeat.entrypoints.http import Reply, Request, endpoint


@endpoint("PATCH", "/api/v2/prospects/{id}", dialect=OUTREACH, scope="prospects.write", body=UpdateProspect)
def handler(request: Request[Document]) -> Reply:
    """Changes what is given of a prospect; opted out, it leaves its sequences at once."""
    number, tenant, now = number_in_path("contact", request.path["id"]), request.tenant, request.now
    checked_id(request.body, number)
    shown, change = read_written(request.query_values), prospect_change(changes(PROSPECTS, request.body), now)
    contact = change_contact(bootstrap.people_ports(), tenant=tenant, number=number, change=change, now=now)
    contact = with_live_link(bootstrap.links(), tenant, contact)
    return Reply(written_body(PROSPECTS, request, contact, shown))
