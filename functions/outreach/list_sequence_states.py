"""GET /api/v2/sequenceStates"""

from drumbeat import bootstrap, bootstrap_outreach
from drumbeat.application.find_enrollments import search_enrollments
from drumbeat.dialects.outreach.document import list_body
from drumbeat.dialects.outreach.errors import OUTREACH
from drumbeat.dialects.outreach.sequence_states import SEQUENCE_STATES, view_of_state
from drumbeat.entrypoints.http import Reply, Request, endpoint


@endpoint("GET", "/api/v2/sequenceStates", dialect=OUTREACH, scope="sequenceStates.read")
def handler(request: Request[None]) -> Reply:
    """Who is, or was, in the tenant's sequences."""
    tenant = request.tenant
    body = list_body(
        SEQUENCE_STATES,
        request,
        lambda conditions, after: search_enrollments(
            bootstrap.find_ports(), tenant=tenant, conditions=conditions, view=view_of_state, after=after
        ),
        bootstrap_outreach.sources(tenant),
    )
    return Reply(body)
