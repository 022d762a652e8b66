"""GET /api/v2/opportunities/{id}"""

from drumbeat import bootstrap, bootstrap_outreach
from drumbeat.application.links import with_live_link
from drumbeat.application.records import get_record
from drumbeat.dialects.outreach.document import one_body
from drumbeat.dialects.outreach.errors import OUTREACH
from drumbeat.dialects.outreach.ids import number_in_path
from drumbeat.dialects.outreach.opportunities import OPPORTUNITIES
from drumbeat.entrypoints.http import Reply, Request, endpoint


@endpoint("GET", "/api/v2/opportunities/{id}", dialect=OUTREACH, scope="opportunities.read")
def handler(request: Request[None]) -> Reply:
    """One opportunity."""
    number, tenant = number_in_path("opportunity", request.path["id"]), request.tenant
    record = get_record(bootstrap.opportunities(), "opportunity", tenant=tenant, number=number)
    record = with_live_link(bootstrap.links(), tenant, record)
    return Reply(one_body(OPPORTUNITIES, request, record, bootstrap_outreach.sources(tenant)))
