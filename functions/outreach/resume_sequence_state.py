"""POST /api/v2/sequenceStates/{id}/actions/resume"""

from drumbeat import bootstrap
from drumbeat.application.enrollment_actions import resume_enrollment
from drumbeat.application.find_enrollments import placed_one
from drumbeat.dialects.outreach.document import written_body
from drumbeat.dialects.outreach.errors import OUTREACH
from drumbeat.dialects.outreach.listing import read_written
from drumbeat.dialects.outreach.sequence_states import SEQUENCE_STATES, state_in_path
from drumbeat.entrypoints.http import Reply, Request, endpoint


@endpoint("POST", "/api/v2/sequenceStates/{id}/actions/resume", dialect=OUTREACH, scope="sequenceStates.write")
def handler(request: Request[None]) -> Reply:
    """Lets a paused sequence state go on."""
    key, shown = state_in_path(request.path["id"]), read_written(request.query_values)
    after = resume_enrollment(bootstrap.enrollment_action_ports(), tenant=request.tenant, key=key, now=request.now)
    return Reply(written_body(SEQUENCE_STATES, request, placed_one(bootstrap.find_ports(), after), shown))
