"""PATCH /api/v2/opportunities/{id}"""

from drumbeat import bootstrap
from drumbeat.application.links import with_live_link
from drumbeat.application.records import update_linked
from drumbeat.dialects.outreach.bodies import Document, changes, checked_id
from drumbeat.dialects.outreach.document import written_body
from drumbeat.dialects.outreach.errors import OUTREACH
from drumbeat.dialects.outreach.ids import number_in_path
from drumbeat.dialects.outreach.listing import read_written
from drumbeat.dialects.outreach.opportunities import OPPORTUNITIES
from drumbeat.dialects.outreach.opportunity_bodies import UpdateOpportunity
from drumbeat.domain.links import given
from drumbeat.entrypoints.http import Reply, Request, endpoint


@endpoint("PATCH", "/api/v2/opportunities/{id}", dialect=OUTREACH, scope="opportunities.write", body=UpdateOpportunity)
def handler(request: Request[Document]) -> Reply:
    """Changes what is given of an opportunity."""
    number, tenant, now = number_in_path("opportunity", request.path["id"]), request.tenant, request.now
    checked_id(request.body, number)
    shown, values = read_written(request.query_values), changes(OPPORTUNITIES, request.body)
    record = update_linked(
        bootstrap.opportunities(),
        bootstrap.links(),
        "opportunity",
        tenant=tenant,
        number=number,
        change=lambda record: given(record, values),
        now=now,
    )
    record = with_live_link(bootstrap.links(), tenant, record)
    return Reply(written_body(OPPORTUNITIES, request, record, shown))
