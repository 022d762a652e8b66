"""POST /api/v1/agents/{agent_id}/schedule/sequence"""

from drumbeat import bootstrap_calls
from drumbeat.application.schedule_call import schedule_call
from drumbeat.dialects.julian.errors import JULIAN
from drumbeat.dialects.julian.ids import agent_number
from drumbeat.dialects.julian.scheduled import sequence_body
from drumbeat.dialects.julian.scheduling import ScheduleSequenceRequest
from drumbeat.entrypoints import clock
from drumbeat.entrypoints.http import Reply, Request, endpoint


@endpoint(
    "POST",
    "/api/v1/agents/{agent_id}/schedule/sequence",
    dialect=JULIAN,
    scope="enrollments:write",
    body=ScheduleSequenceRequest,
    once_per=("agent_id",),
)
def handler(request: Request[ScheduleSequenceRequest]) -> Reply:
    """Schedules the call of one contact."""
    scheduled = schedule_call(
        bootstrap_calls.take_ports(),
        tenant=request.tenant,
        agent_number=agent_number(request.tenant, request.path["agent_id"]),
        rows=request.body.rows(),
        rules=request.body.rules,
        intent=request.intent,
        owner=clock.new_owner(),
        now=request.now,
    )
    return Reply(sequence_body(scheduled))
