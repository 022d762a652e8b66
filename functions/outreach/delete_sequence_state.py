"""DELETE /api/v2/sequenceStates/{id}"""

from drumbeat import bootstrap
from drumbeat.application.enrollment_actions import remove_enrollment
from drumbeat.dialects.outreach.errors import OUTREACH
from drumbeat.dialects.outreach.sequence_states import state_in_path
from drumbeat.entrypoints.http import Reply, Request, endpoint


@endpoint("DELETE", "/api/v2/sequenceStates/{id}", dialect=OUTREACH, scope="sequenceStates.delete")
def handler(request: Request[None]) -> Reply:
    """Takes a prospect out of a sequence as if it had not been in it."""
    key = state_in_path(request.path["id"])
    remove_enrollment(bootstrap.enrollment_action_ports(), tenant=request.tenant, key=key)
    return Reply(status=204)
