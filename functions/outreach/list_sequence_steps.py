"""GET /api/v2/sequenceSteps"""

from drumbeat import bootstrap, bootstrap_outreach
from drumbeat.application.steps import search_steps
from drumbeat.dialects.outreach.document import list_body
from drumbeat.dialects.outreach.errors import OUTREACH
from drumbeat.dialects.outreach.sequence_steps import SEQUENCE_STEPS
from drumbeat.entrypoints.http import Reply, Request, endpoint


@endpoint("GET", "/api/v2/sequenceSteps", dialect=OUTREACH, scope="sequenceSteps.read")
def handler(request: Request[None]) -> Reply:
    """The steps of the tenant's sequences."""
    tenant = request.tenant
    body = list_body(
        SEQUENCE_STEPS,
        request,
        lambda conditions, after: search_steps(
            bootstrap.sequence_records(), tenant=tenant, conditions=conditions, after=after
        ),
        bootstrap_outreach.sources(tenant),
    )
    return Reply(body)
