"""GET /api/v2/sequenceSteps/{id}"""

from drumbeat import bootstrap, bootstrap_outreach
from drumbeat.application.steps import get_step
from drumbeat.dialects.outreach.document import one_body
from drumbeat.dialects.outreach.errors import OUTREACH
from drumbeat.dialects.outreach.ids import number_in_path
from drumbeat.dialects.outreach.sequence_steps import SEQUENCE_STEPS
from drumbeat.entrypoints.http import Reply, Request, endpoint


@endpoint("GET", "/api/v2/sequenceSteps/{id}", dialect=OUTREACH, scope="sequenceSteps.read")
def handler(request: Request[None]) -> Reply:
    """One step."""
    number = number_in_path("step", request.path["id"])
    found = get_step(bootstrap.sequence_records(), tenant=request.tenant, number=number)
    return Reply(one_body(SEQUENCE_STEPS, request, found, bootstrap_outreach.sources(request.tenant)))
