"""GET /api/v2/sequenceStates/{id}"""

from drumbeat import bootstrap, bootstrap_outreach
from drumbeat.application.find_enrollments import get_placed
from drumbeat.dialects.outreach.document import one_body
from drumbeat.dialects.outreach.errors import OUTREACH
from drumbeat.dialects.outreach.ids import number_in_path
from drumbeat.dialects.outreach.sequence_states import SEQUENCE_STATES
from drumbeat.entrypoints.http import Reply, Request, endpoint


@endpoint("GET", "/api/v2/sequenceStates/{id}", dialect=OUTREACH, scope="sequenceStates.read")
def handler(request: Request[None]) -> Reply:
    """One sequence state."""
    number = number_in_path("enrollment", request.path["id"])
    found = get_placed(bootstrap.find_ports(), tenant=request.tenant, number=number)
    return Reply(one_body(SEQUENCE_STATES, request, found, bootstrap_outreach.sources(request.tenant)))
