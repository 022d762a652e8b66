"""GET /api/v2/prospects/{id}"""

from drumbeat import bootstrap, bootstrap_outreach
from drumbeat.application.contacts import get_contact
from drumbeat.application.links import with_live_link
from drumbeat.dialects.outreach.document import one_body
from drumbeat.dialects.outreach.errors import OUTREACH
from drumbeat.dialects.outreach.ids import number_in_path
from drumbeat.dialects.outreach.prospects import PROSPECTS
from drumbeat.entrypoints.http import Reply, Request, endpoint


@endpoint("GET", "/api/v2/prospects/{id}", dialect=OUTREACH, scope="prospects.read")
def handler(request: Request[None]) -> Reply:
    """One prospect."""
    number, tenant = number_in_path("contact", request.path["id"]), request.tenant
    contact = get_contact(bootstrap.contacts(), tenant=tenant, number=number)
    contact = with_live_link(bootstrap.links(), tenant, contact)
    return Reply(one_body(PROSPECTS, request, contact, bootstrap_outreach.sources(tenant)))
